"""Statistics as NumPy and SciPy compute them, and where these have no function, as their definition reads.

`FUNCTIONS` takes the names and arguments that tests/real/stats_figures.cpp prints; `figures(device, reference,
subject)` gives the statistics of pairs. Nothing here shares a line with standards/stats.
"""

import itertools
import math
import warnings

import numpy as np
from scipy import integrate, optimize, special, stats

Z = special.ndtri(0.975)
# QUADPACK warns that no more digits are to be had; whether they suffice the comparison shows.
warnings.simplefilter("ignore", integrate.IntegrationWarning)


def noncentral_t_cdf(t, dof, ncp):
    """P(T <= t) by the integral over the chi variable, to all digits (no series)."""
    mode = math.sqrt(max(dof - 1, 0.25))
    constant = special.xlogy(dof - 1, mode) - mode * mode / 2

    def weight(u):
        return np.exp(special.xlogy(dof - 1, u) - u * u / 2 - constant)

    def integral(f):
        ends = [max(0, mode - 9), max(0, mode - 2), mode, mode + 2, mode + 9]
        return sum(integrate.quad(f, low, high, epsabs=0, epsrel=1e-11, limit=200)[0]
                   for low, high in zip(ends, ends[1:]) if high > low)

    return integral(lambda u: weight(u) * special.ndtr(t * u / math.sqrt(dof) - ncp)) / integral(weight)


def noncentral_t_quantile(p, dof, ncp):
    middle = ncp + special.ndtri(p) * math.sqrt(1 + ncp * ncp / 2 / dof)
    spread = math.sqrt(1 + ncp * ncp / dof)
    return optimize.brentq(lambda t: noncentral_t_cdf(t, dof, ncp) - p, middle - 3 * spread,
                           middle + (3 + 40 / dof) * spread, xtol=1e-14, rtol=1e-14)


def carkeet(n, p):
    return noncentral_t_quantile(p, n - 1, Z * math.sqrt(n)) / math.sqrt(n)


def tolerance_two_sided(n):
    """The integral of the header, by adaptive quadrature."""
    def half_width(x):
        return optimize.brentq(lambda r: special.ndtr(x + r) - special.ndtr(x - r) - 0.95, 0, x + 10, xtol=1e-15)

    def holds(k):
        def integrand(z):
            r = half_width(z / math.sqrt(n))
            return special.chdtrc(n - 1, (n - 1) * (r / k)**2) * math.exp(-z * z / 2)
        whole = integrate.quad(integrand, 0, 9, epsabs=0, epsrel=1e-11, limit=200)[0]
        return 2 / math.sqrt(2 * math.pi) * whole

    return optimize.brentq(lambda k: holds(k) - 0.95, 1.9, 9, xtol=1e-12, rtol=1e-12)


def sample_for_lower_bound(p, failures):
    return next(n for n in itertools.count(int(failures) + 1)
                if stats.binom.cdf(failures, n, 1 - p) <= 0.05)


def wilson(x, n, sign):
    p = x / n
    middle, half = p + Z**2 / 2 / n, Z * math.sqrt(p * (1 - p) / n + Z**2 / 4 / n**2)
    return min(1, max(0, (middle + sign * half) / (1 + Z**2 / n)))


def t_quantile(p, dof):
    """By the beta distribution, right to 3e-12; stats.t.ppf is off by more than 1e-9 at 84 degrees of freedom."""
    tail = 2 * min(p, 1 - p)
    x, y = special.betaincinv(dof / 2, 0.5, tail), special.betaincinv(0.5, dof / 2, 1 - tail)
    return math.copysign(math.sqrt(dof * ((1 - x) / x if x < y else y / (1 - y))), p - 0.5)


FUNCTIONS = {
    "normal_cdf": special.ndtr,
    "normal_quantile": special.ndtri,
    "t_cdf": lambda x, dof: stats.t.cdf(x, dof),
    "t_quantile": t_quantile,
    "chi_squared_cdf": lambda x, dof: special.gammainc(dof / 2, x / 2),
    "chi_squared_quantile": lambda p, dof: 2 * special.gammaincinv(dof / 2, p),
    "f_cdf": lambda x, a, b: stats.f.cdf(x, a, b),
    "f_quantile": lambda p, a, b: stats.f.ppf(p, a, b),
    "beta_cdf": lambda x, a, b: stats.beta.cdf(x, a, b),
    "beta_quantile": lambda p, a, b: stats.beta.ppf(p, a, b),
    "binomial_cdf": lambda x, n, p: stats.binom.cdf(x, n, p),
    "binomial_quantile": lambda q, n, p: stats.binom.ppf(q, n, p),
    "poisson_cdf": lambda k, mean: stats.poisson.cdf(k, mean),
    "poisson_quantile": lambda q, mean: stats.poisson.ppf(q, mean),
    "noncentral_t_cdf": noncentral_t_cdf,
    "clopper_pearson.low": lambda x, n: 0 if x == 0 else stats.beta.ppf(0.025, x, n - x + 1),
    "clopper_pearson.high": lambda x, n: 1 if x == n else stats.beta.ppf(0.975, x + 1, n - x),
    "wilson.low": lambda x, n: 0 if x == 0 else wilson(x, n, -1),
    "wilson.high": lambda x, n: 1 if x == n else wilson(x, n, 1),
    "poisson_rate.low": lambda k, t: 0 if k == 0 else special.gammaincinv(k, 0.025) / t,
    "poisson_rate.high": lambda k, t: special.gammaincinv(k + 1, 0.975) / t,
    "carkeet": carkeet,
    "carkeet_large": carkeet,
    "tolerance_one_sided":
        lambda n: noncentral_t_quantile(0.95, n - 1, special.ndtri(0.95) * math.sqrt(n)) / math.sqrt(n),
    "tolerance_two_sided": tolerance_two_sided,
    "tolerance_howe":
        lambda n: Z * math.sqrt((n - 1) * (1 + 1 / n) / (2 * special.gammaincinv((n - 1) / 2, 0.05))),
    "rms_upper_factor": lambda n: math.sqrt(n / (2 * special.gammaincinv(n / 2, 0.05))),
    "order_ranks.low": lambda n, p: stats.binom.ppf(0.025, n, p),
    "order_ranks.high": lambda n, p: stats.binom.ppf(0.975, n, p) + 1,
    "order_ranks.coverage": lambda n, p: (stats.binom.cdf(stats.binom.ppf(0.975, n, p), n, p) -
                                          stats.binom.cdf(stats.binom.ppf(0.025, n, p) - 1, n, p)),
    "sample_for_lower_bound": sample_for_lower_bound,
}


class SplitMix64:
    """Steele, Lea, Flood 2014; drawing below n by Lemire 2019."""

    def __init__(self, seed):
        self.state = seed

    def next(self):
        mask = 2**64 - 1
        self.state = (self.state + 0x9e3779b97f4a7c15) & mask
        z = self.state
        z = ((z ^ (z >> 30)) * 0xbf58476d1ce4e5b9) & mask
        z = ((z ^ (z >> 27)) * 0x94d049bb133111eb) & mask
        return z ^ (z >> 31)

    def below(self, n):
        while True:
            product = (self.next() >> 32) * n
            if product % 2**32 >= 2**32 % n:
                return product >> 32


def nearest_rank(values, p):
    return np.sort(values)[math.ceil(p * len(values) - 1e-9) - 1]


def bootstrap(errors, percent, subject, seed, replicates):
    random, m = SplitMix64(seed), subject.max() + 1
    members = [np.flatnonzero(subject == s) for s in range(m)]
    found = {"bias": [], "sd": [], "rms": [], "mape": [], "loa_high": []}
    for _ in range(replicates):
        drawn = np.concatenate([members[random.below(m)] for _ in range(m)])
        e = errors[drawn]
        found["bias"].append(e.mean())
        found["sd"].append(e.std(ddof=1))
        found["rms"].append(np.sqrt((e**2).mean()))
        found["mape"].append(percent[drawn].mean())
        found["loa_high"].append(e.mean() + Z * e.std(ddof=1))
    return {f"bootstrap.{name}.{end}": nearest_rank(values, p) for name, values in found.items()
            for end, p in (("low", 0.025), ("high", 0.975))}


def fisher(value, variance):
    half = Z * math.sqrt(variance)
    return math.tanh(math.atanh(value) - half), math.tanh(math.atanh(value) + half)


def concordance(x, y, ddof):
    n, r = len(x), np.corrcoef(x, y)[0, 1]
    sx, sy, off = x.std(ddof=ddof), y.std(ddof=ddof), x.mean() - y.mean()
    c, u = 2 * r * sx * sy / (sx**2 + sy**2 + off**2), off / math.sqrt(sx * sy)
    variance = ((1 - r**2) * c**2 / ((1 - c**2) * r**2) + 2 * c**3 * (1 - c) * u**2 / (r * (1 - c**2)**2) -
                c**4 * u**4 / (2 * r**2 * (1 - c**2)**2)) / (n - 2)
    return (c, *fisher(c, variance))


def deming(x, y, lam):
    def line(x, y):
        (sxx, sxy), (_, syy) = np.cov(x, y)
        off = lam * syy - sxx
        slope = (off + math.sqrt(off**2 + 4 * lam * sxy**2)) / (2 * lam * sxy)
        return np.array([slope, y.mean() - slope * x.mean()])
    n, whole = len(x), line(x, y)
    pseudo = np.array([n * whole - (n - 1) * line(np.delete(x, i), np.delete(y, i)) for i in range(n)])
    half = t_quantile(0.975, n - 2) * pseudo.std(axis=0, ddof=1) / math.sqrt(n)
    return [(whole[k], whole[k] - half[k], whole[k] + half[k]) for k in (0, 1)]


def passing_bablok(x, y):
    i, j = np.triu_indices(len(x), 1)
    dx, dy = x[j] - x[i], y[j] - y[i]
    kept = (dx != 0) | (dy != 0)
    dx, dy = dx[kept], dy[kept]
    slopes = np.where(dx == 0, np.inf, dy / np.where(dx == 0, 1, dx))
    slopes = np.sort(slopes[np.abs(slopes + 1) > 1e-12])
    n, k, points = len(slopes), int((slopes < -1).sum()), len(x)
    middle = slopes[(n + 1) // 2 + k - 1] if n % 2 else slopes[[n // 2 + k - 1, n // 2 + k]].mean()
    first = round((n - Z * math.sqrt(points * (points - 1) * (2 * points + 5) / 18)) / 2)
    low, high = slopes[first + k - 1], slopes[n - first + k]
    return (middle, low, high), (np.median(y - middle * x), np.median(y - high * x), np.median(y - low * x))


def icc(x, y):
    """Shrout and Fleiss with their F intervals, two raters."""
    table = np.column_stack([x, y])
    (n, k), mean = table.shape, table.mean()
    rows, columns = table.mean(axis=1), table.mean(axis=0)
    msr = k * ((rows - mean)**2).sum() / (n - 1)
    msc = n * ((columns - mean)**2).sum() / (k - 1)
    msw = ((table - rows[:, None])**2).sum() / n / (k - 1)
    mse = ((table - rows[:, None] - columns + mean)**2).sum() / (n - 1) / (k - 1)
    found = {}
    for form, noise, dof in ((1, msw, n * (k - 1)), (3, mse, (n - 1) * (k - 1))):
        ratio = msr / noise
        ends = ratio / stats.f.ppf(0.975, n - 1, dof), ratio * stats.f.ppf(0.975, dof, n - 1)
        found[form] = [(f - 1) / (f + k - 1) for f in (ratio, *ends)], [1 - 1 / f for f in (ratio, *ends)]
    c = (msr - mse) / (msr + (k - 1) * mse + k * (msc - mse) / n)
    a, b = k * c / n / (1 - c), 1 + k * c * (n - 1) / n / (1 - c)  # McGraw and Wong 1996
    dof = (a * msc + b * mse)**2 / ((a * msc)**2 / (k - 1) + (b * mse)**2 / (n - 1) / (k - 1))
    below, above = stats.f.ppf(0.975, n - 1, dof), stats.f.ppf(0.975, dof, n - 1)
    rest = k * msc + (k * n - k - n) * mse
    low = n * (msr - below * mse) / (below * rest + n * msr)
    high = n * (above * msr - mse) / (rest + n * above * msr)
    average = (msr - mse) / (msr + (msc - mse) / n)
    found[2] = [c, low, high], [average, *(v * k / (1 + v * (k - 1)) for v in (low, high))]
    return found


def clarke(x, y):
    conditions = [(abs(y - x) <= 0.2 * x) | ((x < 70) & (y < 70)), ((x <= 70) & (y >= 180)) | ((x >= 180) & (y <= 70)),
                  ((x >= 70) & (y >= x + 110)) | ((x >= 130) & (x <= 180) & (y <= 1.4 * x - 182)),
                  ((x >= 240) & (y >= 70) & (y <= 180)) | ((x < 70) & (y >= 70) & (y <= 180))]
    return np.select(conditions, list("aecd"), "b")


# Vertices as Pfützner et al. 2013 list them; np.interp between them, upright feet as steps.
PARKES = {
    1: ([[0, 30, 140, 280, 430], [50, 50, 170, 380, 550]], [[0, 30, 50, 70, 260], [60, 60, 80, 110, 550]],
        [[0, 25, 50, 80, 125], [100, 100, 125, 215, 550]], [[0, 35, 50], [150, 155, 550]],
        [[50, 50, 170, 385, 550], [0, 30, 145, 300, 450]], [[120, 120, 260, 550], [0, 30, 130, 250]],
        [[250, 250, 550], [0, 40, 150]]),
    2: ([[0, 30, 230, 440], [50, 50, 330, 550]], [[0, 30, 280], [60, 60, 550]],
        [[0, 25, 35, 125], [80, 80, 90, 550]], [[0, 35, 50], [200, 200, 550]],
        [[50, 50, 90, 330, 550], [0, 30, 80, 230, 450]], [[90, 260, 550], [0, 130, 250]],
        [[250, 250, 410, 550], [0, 40, 110, 160]]),
}


def parkes(kind, x, y):
    """For x and y below 550 mg/dL; a line is of the worse zone."""
    lines = PARKES[kind]
    above = sum((y >= np.interp(x, *line, right=np.inf)).astype(int) for line in lines[:4])
    below = sum(((x >= line[0][0]) & (y <= np.interp(x, *line))).astype(int) for line in lines[4:])
    return np.array(list("abcde"))[np.maximum(above, below)]


def figures(device, reference, subject):
    x, y, e, n = reference, device, device - reference, len(device)
    percent, bias, sd = 100 * abs(e) / abs(x), e.mean(), e.std(ddof=1)
    t = t_quantile(0.975, n - 1)
    out = {"n": n, "bias": bias, "sd": sd, "rms": np.sqrt((e**2).mean()), "mae": abs(e).mean(),
           "mape": percent.mean(), "max_abs": abs(e).max(), "loa.low": bias - Z * sd, "loa.high": bias + Z * sd,
           "mean.low": bias - t * sd / math.sqrt(n), "mean.high": bias + t * sd / math.sqrt(n),
           "sd.low": sd * math.sqrt((n - 1) / (2 * special.gammaincinv((n - 1) / 2, 0.975))),
           "sd.high": sd * math.sqrt((n - 1) / (2 * special.gammaincinv((n - 1) / 2, 0.025)))}
    for percentile in (5, 50, 95, 99):
        out[f"p{percentile}"] = nearest_rank(e, percentile / 100)
    for name, found in (("clarke", clarke(x, y)), ("parkes_1", parkes(1, x, y)), ("parkes_2", parkes(2, x, y))):
        out.update({f"{name}.{zone}": int((found == zone).sum()) for zone in "abcde"})

    groups = [e[subject == s] for s in range(subject.max() + 1)]
    sizes, means, m = np.array([len(g) for g in groups]), np.array([g.mean() for g in groups]), len(groups)
    msb = (sizes * (means - bias)**2).sum() / (m - 1)
    msw = sum(((g - g.mean())**2).sum() for g in groups) / (n - m)
    size = (n - (sizes**2).sum() / n) / (m - 1)
    between = max(0, (msb - msw) / size)
    out.update({"ms_between": msb, "ms_within": msw, "group_size": size,
                "repeated.high": bias + Z * math.sqrt(msw + between),
                "effective_count": n / (1 + (n / m - 1) * between / (between + msw)),
                "subject_mean_sd": math.sqrt(((means - bias)**2).sum() / (m - 1))})

    def estimate(name, value, low, high):
        out.update({name: value, f"{name}.low": low, f"{name}.high": high})

    r = np.corrcoef(x, y)[0, 1]
    estimate("correlation", r, *fisher(r, 1 / (n - 3)))
    estimate("concordance", *concordance(x, y, 0))
    estimate("concordance_sample", *concordance(x, y, 1))
    t = t_quantile(0.975, n - 2)
    for name, u, v in (("ols", x, y), ("proportional", (x + y) / 2, e)):
        line = stats.linregress(u, v)
        estimate(f"{name}.slope", line.slope, line.slope - t * line.stderr, line.slope + t * line.stderr)
        if name == "ols":
            half = t * line.intercept_stderr
            estimate("ols.intercept", line.intercept, line.intercept - half, line.intercept + half)
    for name, lam in (("deming", 1), ("deming_half", 0.5)):
        slope, intercept = deming(x, y, lam)
        estimate(f"{name}.slope", *slope)
        estimate(f"{name}.intercept", *intercept)
    slope, intercept = passing_bablok(x, y)
    estimate("passing_bablok.slope", *slope)
    estimate("passing_bablok.intercept", *intercept)
    for form, (single, average) in icc(x, y).items():
        estimate(f"icc_{form}_1", *single)
        estimate(f"icc_{form}_k", *average)
    out.update(bootstrap(e, percent, subject, 42, 2000))
    return out
