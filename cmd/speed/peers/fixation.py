"""Categories of equal chance that die out one by one, drawn row by row or by a multinomial. Measure: categories left."""
import numpy as np
from common import report


def run(chains, generations, v, n, draws):
    left = []
    for chain in range(chains):
        rng = np.random.default_rng(chain)
        p = np.full(v, 1 / v)
        for g in range(generations):
            if draws == "rows":
                counts = np.bincount(rng.choice(v, n, p=p), minlength=v)
            else:
                counts = rng.multinomial(n, p)
            p = counts / n
        left.append((counts > 0).sum())
    return left


report(run)
