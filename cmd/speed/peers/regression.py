"""Least squares on one design for ever, labels drawn anew: one pseudo-inverse a chain, sums of labels where everything
accumulates. Measures: squared error of the prediction on 1,000 fresh inputs."""
import numpy as np
from common import report


def run(chains, generations, n, d, workflow):
    rng = np.random.default_rng(1)
    true = rng.standard_normal((chains, d))
    design, test = rng.standard_normal((chains, n, d)), rng.standard_normal((chains, 1000, d))
    inverse = np.linalg.pinv(design)

    def labels(w):
        return (design @ w[:, :, None])[:, :, 0] + rng.standard_normal((chains, n))

    y = labels(true)
    total, count = np.zeros((chains, n)), 0
    risk = np.empty((generations, chains))
    for g in range(generations):
        if workflow == "replace":
            total[:], count = 0, 0
        total += y
        count += 1
        w = (inverse @ (total / count)[:, :, None])[:, :, 0]
        risk[g] = ((test @ (w - true)[:, :, None])[:, :, 0] ** 2).mean(axis=1)
        y = labels(w)
    return risk[-1]


report(run)
