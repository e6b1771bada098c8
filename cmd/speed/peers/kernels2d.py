"""Kernel densities of two columns that accumulate with a fixed bandwidth: densities at the held-out rows add, so that only new
rows are looked at. Measure: perplexity of the held-out rows."""
import numpy as np
from scipy.special import logsumexp
from common import report


def run(chains, generations, n, held, h):
    last = []
    for chain in range(chains):
        rng = np.random.default_rng(chain)
        rows, test = rng.standard_normal((n, 2)), rng.standard_normal((held, 2))
        pool, have, density = np.empty((n * (generations + 1), 2)), 0, np.full(held, -np.inf)
        for g in range(generations):
            pool[have : have + n] = rows
            have += n
            distance = (test**2).sum(axis=1)[:, None] + (rows**2).sum(axis=1)[None, :] - 2 * test @ rows.T
            density = np.logaddexp(density, logsumexp(distance / (-2 * h * h), axis=1))
            nll = -(density - np.log(have) - 2 * np.log(h * np.sqrt(2 * np.pi))).mean()
            rows = pool[rng.integers(0, have, n)] + h * rng.standard_normal((n, 2))
        last.append(nll)
    return np.exp(last)


report(run)
