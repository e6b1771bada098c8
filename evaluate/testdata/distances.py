"""Reference distances and tail quantities: python3 distances.py > distances.json (numpy 1.24, scipy 1.10, no random numbers).
Closed forms are asserted against quadrature or a second algorithm; input vectors stand beside the answers."""
import itertools
import math
import sys
from fractions import Fraction

import numpy as np
from scipy import integrate, linalg, stats

sys.dont_write_bytecode = True
from laws import close, dump  # noqa: E402
from stats import A, AFTER, B, BEFORE, C, cases  # noqa: E402


def quantile_distance(x, y, power):
    """(integral over u of |F^-1(u) - G^-1(u)|^power)^(1/power), exact breakpoints k/n and k/m."""
    x, y = sorted(x), sorted(y)
    cuts = sorted({Fraction(i, len(x)) for i in range(len(x) + 1)} | {Fraction(i, len(y)) for i in range(len(y) + 1)})
    total = math.fsum(float(b - a) * abs(x[int((a + b) / 2 * len(x))] - y[int((a + b) / 2 * len(y))]) ** power for a, b in zip(cuts, cuts[1:]))
    return total ** (1 / power)


def wasserstein():
    samples = ((A, B), (A, C), (BEFORE, AFTER), ([0., 1., 3.], [5., 6., 8.]), ([0.], [1., 2., 4.]), ([1., 1., 2.], [1., 2., 2.]))
    empirical = []
    for x, y in samples:
        w1, w2 = quantile_distance(x, y, 1), quantile_distance(x, y, 2)
        close(w1, stats.wasserstein_distance(x, y))
        if len(x) == len(y):
            close(w2, math.sqrt(np.mean((np.sort(x) - np.sort(y)) ** 2)))
        cost = np.subtract.outer(np.repeat(sorted(x), len(y)), np.repeat(sorted(y), len(x))) ** 2
        close(w2 ** 2, np.mean(np.diag(cost)))
        empirical.append({"x": x, "y": y, "w1": w1, "w2": w2})
    one = []
    for m1, s1, m2, s2 in ((0, 1, 0, 1), (0, 1, .5, .8), (-2, .3, 1, 2.5), (0, 1, 0, 0)):
        w = math.hypot(m1 - m2, s1 - s2)
        close(w ** 2, integrate.quad(lambda z: (m1 - m2 + (s1 - s2) * z) ** 2 * stats.norm.pdf(z), -12, 12, epsabs=1e-13)[0], 1e-8)
        one.append({"mean1": m1, "sd1": s1, "mean2": m2, "sd2": s2, "w2": w})
    many = []
    for m1, c1, m2, c2 in (([0, 0], [[1, 0], [0, 1]], [1, -1], [[2, .6], [.6, .5]]),
                           ([0, 0, 1], [[2, .3, .1], [.3, 1, -.2], [.1, -.2, .7]], [.5, 0, 1], [[1, -.4, 0], [-.4, 1.5, .2], [0, .2, .9]])):
        root = linalg.sqrtm(c2)
        value = float(np.sum(np.subtract(m1, m2) ** 2) + np.trace(c1) + np.trace(c2) - 2 * np.trace(linalg.sqrtm(root @ c1 @ root)).real)
        eigen = np.sqrt(np.linalg.eigvals(np.array(c1) @ np.array(c2)).real).sum()
        close(value, np.sum(np.subtract(m1, m2) ** 2) + np.trace(c1) + np.trace(c2) - 2 * eigen)
        many.append({"mean1": m1, "covariance1": c1, "mean2": m2, "covariance2": c2, "w2_squared": value})
    return {"empirical": empirical, "normals": one, "multivariate_normals": many}


def expected_shortfall():
    rows = []
    for level, mean, sd in itertools.product((.9, .95, .975, .99), (0, 1.5), (1, .6)):
        z = stats.norm.ppf(level)
        upper, lower = mean + sd * stats.norm.pdf(z) / (1 - level), mean - sd * stats.norm.pdf(z) / (1 - level)
        close(upper, integrate.quad(lambda u: mean + sd * stats.norm.isf(u), 0, 1 - level, epsabs=1e-13)[0] / (1 - level), 1e-7)
        rows.append((level, mean, sd, mean + sd * z, upper, lower))
    return cases(("level", "mean", "sd", "quantile", "upper_shortfall", "lower_shortfall"), rows)


def truncated_normal():
    rows = []
    for mean, sd, a, b in ((0, 1, -1, 1), (.4, .8, -1, 2), (0, 1, 2.326, 8), (0, 1, -8, -2.326), (1, 2, -3, .5), (0, 1, 5, 6)):
        law = stats.truncnorm((a - mean) / sd, (b - mean) / sd, mean, sd)
        def mass(x):
            return float(stats.norm.cdf(x, mean, sd))
        p = mass(b) - mass(a) if a < mean else float(stats.norm.sf(a, mean, sd) - stats.norm.sf(b, mean, sd))
        quad = [integrate.quad(lambda x, k=k: (x - a) ** k * stats.norm.pdf(x, mean, sd), a, b, epsabs=1e-17, epsrel=1e-10)[0] for k in (0, 1, 2)]
        alpha, beta = (a - mean) / sd, (b - mean) / sd
        da, db = stats.norm.pdf(alpha) / p, stats.norm.pdf(beta) / p
        centre = mean + sd * (da - db)
        variance = sd ** 2 * (1 + alpha * da - beta * db - (da - db) ** 2)
        close(quad[0], p)
        close(a + quad[1] / quad[0], centre, 1e-8)
        close(quad[2] / quad[0] - (quad[1] / quad[0]) ** 2, variance, 1e-6)
        quantiles = [round(float(law.ppf(u)), 14) for u in (.25, .5, .9)]
        close([integrate.quad(stats.norm(mean, sd).pdf, a, x, epsabs=1e-17, epsrel=1e-11)[0] / p for x in quantiles], [.25, .5, .9])
        rows.append((mean, sd, a, b, p, centre, variance, *quantiles))
    return cases(("mean", "sd", "low", "high", "probability", "truncated_mean", "truncated_variance",
                  "quantile_25", "quantile_50", "quantile_90"), rows)


def tail_overlap():
    """Truth N(0, 1), A = outside its 1 % and 99 % quantiles, model N(mean, sd^2): mass of A, 1 - overlap by density and by 5 equal bins a tail."""
    z, rows = stats.norm.isf(.01), []
    for mean, sd in ((0, 1), (0, .9), (0, .5), (.3, 1), (.5, .7), (-1, .6), (.2, 1.3)):
        q = stats.norm(mean, sd)
        cuts = crossings(mean, sd)
        shared = sum(piece(a, b, q, cuts) for a, b in ((-math.inf, -z), (z, math.inf)))
        check = sum(integrate.quad(lambda x: min(stats.norm.pdf(x), q.pdf(x)), a, b, points=[c for c in cuts if a < c < b] or None,
                                   epsabs=1e-14, limit=400)[0] for a, b in ((-12, -z), (z, 12)))
        close(shared, check, 1e-7)
        edges = [-math.inf, *stats.norm.ppf([.002, .004, .006, .008, .01])]
        below = np.diff(q.cdf(edges))
        above = np.diff(q.cdf([-e for e in reversed(edges)]))
        binned = np.minimum(.002, below).sum() + np.minimum(.002, above).sum()
        rows.append((mean, sd, q.cdf(-z), q.sf(z), round(1 - shared / .02, 14), round(1 - binned / .02, 14)))
    return cases(("mean", "sd", "mass_below", "mass_above", "tail_loss_density", "tail_loss_5_bins"), rows)


def crossings(mean, sd):
    """Where N(0, 1) and N(mean, sd^2) have equal density."""
    a, b, c = .5 - .5 / sd ** 2, mean / sd ** 2, -mean ** 2 / (2 * sd ** 2) - math.log(sd)
    if a == 0:
        return [] if b == 0 else [-c / b]
    disc = b * b - 4 * a * c
    return sorted(((-b - math.sqrt(disc)) / (2 * a), (-b + math.sqrt(disc)) / (2 * a))) if disc >= 0 else []


def piece(a, b, q, cuts):
    edges, total = [a, *(c for c in cuts if a < c < b), b], 0.0
    for lo, hi in zip(edges, edges[1:]):
        middle = lo + 1 if hi == math.inf else hi - 1 if lo == -math.inf else (lo + hi) / 2
        law = stats.norm if stats.norm.pdf(middle) < q.pdf(middle) else q
        total += law.cdf(hi) - law.cdf(lo) if lo < 0 else law.sf(lo) - law.sf(hi)
    return total


def main():
    dump({
        "about": "reference distances and tail quantities; written by distances.py",
        "wasserstein": wasserstein(),
        "normal_expected_shortfall": expected_shortfall(),
        "truncated_normal": truncated_normal(),
        "normal_tail_overlap": tail_overlap(),
    })


if __name__ == "__main__":
    main()
