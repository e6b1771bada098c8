#!/usr/bin/env python3
"""Writes expfam.json: log density, distribution function and quantiles of families of scalars.

Each value is computed with 40 digits (mpmath) and asserted to be scipy's (1.10) within what scipy is good for; quantiles of
counts are scipy's. Run: /usr/bin/python3 expfam.py > expfam.json   (Debian: python3-scipy, python3-mpmath)
"""
import json
import math

import mpmath as mp
from scipy import stats

mp.mp.dps = 40
SHARES = [1e-9, 1e-4, .01, .3, .5, .9, .99, .9999, 1 - 2.0 ** -30]


def lower_gamma(a, x):
    """Regularised lower incomplete gamma function by its series of positive terms, and its complement."""
    mp.mp.dps = 400
    total, term, n = mp.mpf(0), mp.mpf(1), 1
    while term > total * mp.mpf(10) ** -390:
        total, term, n = total + term, term * x / (a + n), n + 1
    p = mp.exp(a * mp.log(x) - x - mp.loggamma(a + 1)) * total if x > 0 else mp.mpf(0)
    q = 1 - p
    mp.mp.dps = 40
    return +p, +q


def bernoulli(p):
    logs = {0: mp.log1p(-p) if p < 1 else None, 1: mp.log(p) if p > 0 else None}
    return stats.bernoulli(float(p)), [0, 1], lambda k: logs[k], lambda k: 1 - p if k == 0 else mp.mpf(1)


def poisson(mean):
    spread = math.sqrt(mean)
    at = sorted({max(0, int(mean + z * spread)) for z in (-4, -1, 0, 1, 5)} | {0, 1})
    return (stats.poisson(float(mean)), at, lambda k: k * mp.log(mean) - mean - mp.loggamma(k + 1),
            lambda k: lower_gamma(mp.mpf(k + 1), mean)[1])


def negative_binomial(r, mean):
    p = r / (r + mean)
    spread = math.sqrt(mean + mean * mean / r)
    at = sorted({max(0, int(mean + z * spread)) for z in (-2, -.5, 0, 1, 4)} | {0, 1})

    def log(k):
        return mp.loggamma(r + k) - mp.loggamma(r) - mp.loggamma(k + 1) + r * mp.log(p) + k * mp.log1p(-p)
    return stats.nbinom(float(r), float(p)), at, log, lambda k: mp.fsum(mp.exp(log(j)) for j in range(k + 1))


def gamma(shape, mean):
    scale = mean / shape
    at = [float(mean) * f for f in (1e-3, .1, .5, 1, 1.7, 4)]
    return (stats.gamma(float(shape), scale=float(scale)), at,
            lambda x: (shape - 1) * mp.log(x / scale) - x / scale - mp.loggamma(shape) - mp.log(scale),
            lambda x: lower_gamma(shape, x / scale)[0])


def exponential(mean):
    at = [float(mean) * f for f in (1e-6, .1, 1, 3, 30)]
    return stats.expon(scale=float(mean)), at, lambda x: -x / mean - mp.log(mean), lambda x: -mp.expm1(-x / mean)


def pareto(index, scale):
    at = [float(scale) * (1 + f / float(index)) for f in (1e-6, .2, 1, 3, 30)]
    return (stats.pareto(float(index), scale=float(scale)), at, lambda x: mp.log(index) + index * mp.log(scale) - (index + 1) * mp.log(x),
            lambda x: -mp.expm1(index * mp.log(scale / x)))


def gaussian(mean, variance):
    sd = mp.sqrt(variance)
    at = [float(mean + z * sd) for z in (-6, -2, -.3, 0, 1, 5)]
    return (stats.norm(float(mean), float(sd)), at, lambda x: -(x - mean) ** 2 / (2 * variance) - mp.log(2 * mp.pi * variance) / 2,
            lambda x: mp.erfc(-(x - mean) / sd / mp.sqrt(2)) / 2)


def quantile(law, cdf, log, share):
    """Newton's method from scipy's quantile."""
    x = mp.mpf(float(law.ppf(float(share))))
    for _ in range(8):
        x -= (cdf(x) - share) / mp.exp(log(x))
    return x


def points(name, make, *parameters):
    law, at, log, cdf = make(*[mp.mpf(float(x)) for x in parameters])
    discrete = hasattr(law.dist, "pmf")
    out = {"family": name, "parameters": [float(x) for x in parameters], "points": [], "quantiles": []}
    for x in at:
        value, upto = float(log(mp.mpf(x) if not discrete else x)), float(cdf(mp.mpf(x) if not discrete else x))
        theirs = law.logpmf(x) if discrete else law.logpdf(x)
        assert abs(theirs - value) < 1e-7 * (1 + abs(value)), (name, parameters, x, theirs, value)
        assert abs(law.cdf(x) - upto) < 1e-8 * upto + 1e-14, (name, parameters, x, law.cdf(x), upto)
        out["points"].append({"x": x, "log": value, "cdf": upto})
    for share in SHARES:
        x = float(law.ppf(share)) if discrete else float(quantile(law, cdf, log, mp.mpf(share)))
        if discrete:  # the least whole number that reaches the share, whatever scipy's rounding
            assert cdf(int(x)) >= share and (x == 0 or cdf(int(x) - 1) < share), (name, parameters, share, x)
        out["quantiles"].append({"share": share, "x": x})
    return out


def main():
    cases = []
    for p in (.003, .3, .5, .99):
        cases.append(points("bernoulli", bernoulli, p))
    for mean in (.02, 1, 4.2, 60, 3000):
        cases.append(points("poisson", poisson, mean))
    for r, mean in ((.3, 2), (1, .5), (2.5, 6), (40, 30), (3, 900)):
        cases.append(points("negative_binomial", negative_binomial, r, mean))
    for mean in (.25, 3, 1e6):
        cases.append(points("exponential", exponential, mean))
    for shape, mean in ((.4, 1), (1, 2), (3.5, 2), (80, .01), (2000, 7)):
        cases.append(points("gamma", gamma, shape, mean))
    for index, scale in ((.7, 1), (2.5, 1), (3, 40), (300, .01)):
        cases.append(points("pareto", pareto, index, scale))
    for mean, variance in ((0, 1), (-2, 9), (1000, .04)):
        cases.append(points("gaussian", gaussian, mean, variance))
    text = ",\n".join(json.dumps(c, allow_nan=False) for c in cases)
    print("[\n" + text + "\n]")


if __name__ == "__main__":
    main()
