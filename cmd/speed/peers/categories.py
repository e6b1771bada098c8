"""Categories with Zipf probabilities, multinomial counts of all chains at once, sums kept where everything accumulates.
Measures: living categories, entropy, mass of the rarer half."""
import numpy as np
from common import report


def run(chains, generations, v, n, workflow):
    rng = np.random.default_rng(1)
    p = 1 / np.arange(1, v + 1)
    p = np.tile(p / p.sum(), (chains, 1))
    total, count = np.zeros((chains, v)), 0
    measures = np.empty((generations, 3, chains))
    for g in range(generations):
        counts = rng.multinomial(n, p)
        if workflow == "replace":
            total[:], count = 0, 0
        total += counts
        count += n
        p = total / count
        logs = np.log(np.where(p > 0, p, 1))
        measures[g] = (total > 0).sum(axis=1), -(p * logs).sum(axis=1), p[:, v // 2 :].sum(axis=1)
    return measures[-1, 0]


report(run)
