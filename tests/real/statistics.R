# The same figures as R computes them: functions named and called as in the file given, "name,argument,…" a line,
# then the statistics of the pairs. Prints "name,arguments…,value" and "name,value" with 17 digits.
files <- commandArgs(TRUE)
z <- qnorm(0.975)
nct <- function(p, dof, ncp) uniroot(function(t) pt(t, dof, ncp) - p, ncp + c(-6, 12) * sqrt(1 + ncp^2 / dof),
                                     tol = 1e-14, maxiter = 10000)$root
lower_bound <- function(x, n) if (x == 0) 0 else qbeta(0.05, x, n - x + 1)
functions <- list(
  normal_cdf = pnorm, normal_quantile = qnorm, t_cdf = pt, t_quantile = qt, chi_squared_cdf = pchisq,
  chi_squared_quantile = qchisq, f_cdf = pf, f_quantile = qf, beta_cdf = pbeta, beta_quantile = qbeta,
  binomial_cdf = pbinom, binomial_quantile = qbinom, poisson_cdf = ppois, poisson_quantile = qpois,
  noncentral_t_cdf = function(t, dof, ncp) pt(t, dof, ncp),
  clopper_pearson.low = function(x, n) binom.test(x, n)$conf.int[1],
  clopper_pearson.high = function(x, n) binom.test(x, n)$conf.int[2],
  wilson.low = function(x, n) if (x == 0) 0 else prop.test(x, n, correct = FALSE)$conf.int[1],
  wilson.high = function(x, n) if (x == n) 1 else prop.test(x, n, correct = FALSE)$conf.int[2],
  poisson_rate.low = function(k, t) poisson.test(k, t)$conf.int[1],
  poisson_rate.high = function(k, t) poisson.test(k, t)$conf.int[2],
  carkeet = function(n, p) nct(p, n - 1, z * sqrt(n)) / sqrt(n),
  tolerance_one_sided = function(n) nct(0.95, n - 1, qnorm(0.95) * sqrt(n)) / sqrt(n),
  tolerance_howe = function(n) z * sqrt((n - 1) * (1 + 1 / n) / qchisq(0.05, n - 1)),
  rms_upper_factor = function(n) sqrt(n / qchisq(0.05, n)),
  order_ranks.low = function(n, p) qbinom(0.025, n, p),
  order_ranks.high = function(n, p) qbinom(0.975, n, p) + 1,
  order_ranks.coverage = function(n, p)
    pbinom(qbinom(0.975, n, p), n, p) - pbinom(qbinom(0.025, n, p) - 1, n, p),
  sample_for_lower_bound = function(p, failures) {
    n <- failures + 1
    while (lower_bound(n - failures, n) < p) n <- n + 1
    n
  })
say <- function(...) cat(sprintf("%s\n", paste(c(...), collapse = ",")))
for (line in readLines(files[1])) {
  parts <- strsplit(line, ",")[[1]]
  arguments <- as.numeric(parts[-1])
  # Beyond this noncentrality R's own series is cut off.
  if (parts[1] == "noncentral_t_cdf" && arguments[3] > 37) next
  if (parts[1] == "carkeet" && arguments[1] > 350) next
  f <- functions[[parts[1]]]
  if (!is.null(f)) say(line, sprintf("%.17g", suppressWarnings(do.call(f, as.list(arguments)))))
}
cat("figures\n")
pairs <- read.csv(files[2], header = FALSE, col.names = c("device", "reference", "subject"))
e <- pairs$device - pairs$reference
figure <- function(name, value) say(name, sprintf("%.17g", value))
figure("bias", mean(e))
figure("sd", sd(e))
figure("mean.low", t.test(e)$conf.int[1])
figure("mean.high", t.test(e)$conf.int[2])
percentiles <- quantile(e, c(0.05, 0.5, 0.95, 0.99), type = 1)  # the inverse of the distribution function: nearest rank
for (i in 1:4) figure(c("p5", "p50", "p95", "p99")[i], percentiles[i])
table <- summary(aov(e ~ factor(subject), pairs))[[1]]
figure("ms_between", table[1, "Mean Sq"])
figure("ms_within", table[2, "Mean Sq"])
r <- cor.test(pairs$reference, pairs$device)
figure("correlation", r$estimate)
figure("correlation.low", r$conf.int[1])
figure("correlation.high", r$conf.int[2])
line <- lm(device ~ reference, pairs)
for (k in 1:2) {
  name <- c("ols.intercept", "ols.slope")[k]
  figure(name, coef(line)[k])
  figure(paste0(name, ".low"), confint(line)[k, 1])
  figure(paste0(name, ".high"), confint(line)[k, 2])
}
