"""Normals of one column, all chains at once, sums kept between generations where everything accumulates."""
import numpy as np
from common import report


def run(chains, generations, sizes, workflow):
    rng = np.random.default_rng(1)
    for n in map(int, sizes.split(",")):
        mean, sd = np.zeros(chains), np.ones(chains)
        total, squares, count = np.zeros(chains), np.zeros(chains), 0
        measures = np.empty((generations, 2, chains))
        for g in range(generations):
            rows = mean[:, None] + sd[:, None] * rng.standard_normal((chains, n))
            if workflow == "replace":
                mean, sd = rows.mean(axis=1), rows.std(axis=1)
            else:
                total += rows.sum(axis=1)
                squares += (rows * rows).sum(axis=1)
                count += n
                mean = total / count
                sd = np.sqrt(np.maximum(squares / count - mean * mean, 0))
            measures[g] = mean, sd
    return measures[-1, 1] ** 2


report(run)
