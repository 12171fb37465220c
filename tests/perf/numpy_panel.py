#!/usr/bin/python3
"""The panel of bench_panel.cpp as numpy does it: whole arrays, one partition for all percentiles, zones by
comparison with interpolated lines. Prints the same figures and the processor time, the import left out."""
import json
import math
import sys
import time

import numpy as np

LINES = {  # consensus grid: four upper lines, three lower ones
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
    above, below = np.zeros(len(x), np.int8), np.zeros(len(x), np.int8)
    for line in LINES[kind][:4]:
        above += y >= np.interp(x, *line, right=np.inf)
    for line in LINES[kind][4:]:
        below += (x >= line[0][0]) & (y <= np.interp(x, *line))
    return np.bincount(np.maximum(above, below), minlength=5)


def clarke(x, y):
    zone = np.ones(len(x), np.int8)
    zone[((x >= 240) | (x < 70)) & (y >= 70) & (y <= 180)] = 3
    zone[((x >= 70) & (y >= x + 110)) | ((x >= 130) & (x <= 180) & (y <= 1.4 * x - 182))] = 2
    zone[((x <= 70) & (y >= 180)) | ((x >= 180) & (y <= 70))] = 4
    zone[(5 * np.abs(y - x) <= x) | ((x < 70) & (y < 70))] = 0
    return np.bincount(zone, minlength=5)


began = time.process_time()
pairs = np.memmap(sys.argv[1], dtype=np.float64, mode="r")
n = len(pairs) // 2
device, reference = pairs[:n].view(np.ndarray), pairs[n:].view(np.ndarray)
e = device - reference
bias, sd, rms = e.mean(), e.std(ddof=1), math.sqrt(np.dot(e, e) / n)
size = np.abs(e)
mae = size.mean()
size /= reference
mape = 100 * size.mean()
ranks = [math.ceil(p * n - 1e-6) - 1 for p in (0.05, 0.5, 0.95, 0.99)]
percentiles = np.partition(e, ranks)[ranks]
zones = [clarke(reference, device)]
without_parkes = time.process_time() - began
zones += [parkes(1, reference, device), parkes(2, reference, device)]
z = 1.959963984540054
seconds = time.process_time() - began
figures = [bias, sd, rms, mae, mape, bias - z * sd, bias + z * sd, *percentiles,
           *(int(c) for zone in zones for c in zone), n]
print(json.dumps({"cpu": seconds, "cpu_without_parkes": without_parkes, "figures": figures}))
