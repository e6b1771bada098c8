"""Tail losses and extinction of exponential families of scalars for tests: python3 expfam.py > expfam.json (numpy, scipy 1.10).
Tail loss is 1 - sum min(p, q) / sum p over A, which the truth p fixes; extinction comes from transition matrices."""
import json

import numpy as np
from scipy import stats


def law(family, *p):
    if family == "bernoulli":
        return stats.bernoulli(*p)
    if family == "poisson":
        return stats.poisson(*p)
    if family == "negative_binomial":
        return stats.nbinom(p[0], p[0] / (p[0] + p[1]))
    if family == "exponential":
        return stats.expon(scale=p[0])
    if family == "gamma":
        return stats.gamma(p[0], scale=p[1] / p[0])
    return stats.norm(p[0], p[1] ** .5)


def atoms_loss(p, q, top):
    """A: whole numbers below the 1 % quantile or above the 99 % quantile; where there are none, the rarer end."""
    k = np.arange(top)
    inside = (k < p.ppf(.01)) | (k > p.ppf(.99))
    if not (p.pmf(k) * inside).sum() > 0:
        inside = k == (1 if p.pmf(1) <= p.pmf(0) else 0)
    mass = p.pmf(k)[inside]
    theirs = q.pmf(k)[inside] if hasattr(q.dist, "pmf") else (q.cdf(k + .5) - q.cdf(k - .5))[inside]
    return 1 - np.minimum(mass, theirs).sum() / mass.sum()


def bins_loss(p, q):
    """A: 5 bins of probability .002 a tail."""
    low = np.array([-np.inf, *p.ppf([.002, .004, .006, .008, .01])])
    high = np.array([*p.isf([.01, .008, .006, .004, .002]), np.inf])
    theirs = np.concatenate([np.diff(q.cdf(low)), -np.diff(q.sf(high))])
    return 1 - np.minimum(theirs, .002).sum() / .02


def losses():
    out = []
    for truth, fits in [
        (("bernoulli", .01), [("bernoulli", x) for x in (.01, .004, .03, 0., 1.)]),
        (("bernoulli", .3), [("bernoulli", x) for x in (.3, .2, .9)]),
        (("bernoulli", .5), [("bernoulli", x) for x in (.4, .6)]),
        (("bernoulli", .8), [("bernoulli", x) for x in (.85, .2)]),
        (("poisson", 4), [("poisson", x) for x in (4, 3.1, 5.5, .01)] + [("normal", 4, 4), ("negative_binomial", 2, 4)]),
        (("poisson", 40), [("poisson", x) for x in (40, 37, 44)] + [("normal", 41, 30)]),
        (("negative_binomial", 2.5, 6), [("negative_binomial", 2.5, x) for x in (6, 5, 9)]),
        (("exponential", 3), [("exponential", x) for x in (3, 2, 4)] + [("poisson", 3), ("gamma", 2, 3)]),
        (("gamma", 3.5, 2), [("gamma", 3.5, x) for x in (2, 1.5, 2.4)]),
        (("normal", 1, 4), [("normal", 1, 4), ("normal", 2, 1), ("exponential", 1.5)]),
    ]:
        p = law(*truth)
        for fit in fits:
            q = law(*fit)
            loss = atoms_loss(p, q, 2 if truth[0] == "bernoulli" else 400) if hasattr(p.dist, "pmf") else bins_loss(p, q)
            out.append({"truth": truth[0], "truth_parameters": truth[1:], "fit": fit[0], "fit_parameters": fit[1:], "loss": float(loss)})
    return out


def chain(first, step, dead, generations):
    """Probability of the dead states by generation."""
    out, mass = [], first
    for _ in range(generations + 1):
        out.append(float(mass[dead].sum()))
        mass = mass @ step
    return out


def bernoulli(p, n, generations=30):
    k = np.arange(n + 1)
    step = np.array([stats.binom.pmf(k, n, a / n) for a in k])
    return {"chance": p, "rows": n, "extinct": chain(stats.binom.pmf(k, n, p), step, [0, n], generations)}


def poisson(rows, mean, rate=1, generations=30, top=900):
    """Totals up to top; what would go beyond stays there, which is as good as never extinct. Rows grow by rate each generation."""
    k = np.arange(top + 1)

    def row(m):
        x = stats.poisson.pmf(k, m)
        x[-1] += stats.poisson.sf(top, m)
        return x
    sizes = [round(rows * rate ** g) for g in range(generations + 1)]
    mass, out = row(rows * mean), []
    for g in range(generations + 1):
        out.append(float(mass[0]))
        if g < generations:
            mass = mass @ np.array([row(a * sizes[g + 1] / sizes[g]) for a in k])
    return {"rows": rows, "mean": mean, "rate": rate, "extinct": out}


def main():
    result = {"tail_loss": losses(), "bernoulli": [bernoulli(.01, 100), bernoulli(.3, 20), bernoulli(.5, 12)],
              "poisson": [poisson(10, .4), poisson(3, 1.7), poisson(5, .6, 1.25, 8)]}
    print(json.dumps(result, allow_nan=False, indent=1))


if __name__ == "__main__":
    main()
