"""Gaussians of d columns by maximum likelihood, all chains at once: rows of normals through a square root of the covariance,
sums kept between generations where everything accumulates. Measures: mean variance, log determinant, squared error of the mean."""
import numpy as np
from common import report


def run(chains, generations, n, d, workflow):
    rng = np.random.default_rng(1)
    rows = rng.standard_normal((chains, n, d))
    total, outer, count = np.zeros((chains, d)), np.zeros((chains, d, d)), 0
    measures = np.empty((generations, 3, chains))
    for g in range(generations):
        if workflow == "replace":
            total[:], outer[:], count = 0, 0, 0
        total += rows.sum(axis=1)
        outer += rows.transpose(0, 2, 1) @ rows
        count += n
        mean = total / count
        cov = outer / count - mean[:, :, None] * mean[:, None, :]
        measures[g] = np.trace(cov, axis1=1, axis2=2) / d, np.linalg.slogdet(cov)[1], (mean * mean).sum(axis=1)
        values, vectors = np.linalg.eigh(cov)
        root = vectors * np.sqrt(np.clip(values, 0, None))[:, None, :]
        rows = mean[:, None, :] + rng.standard_normal((chains, n, d)) @ root.transpose(0, 2, 1)
    return measures[-1, 0]


report(run)
