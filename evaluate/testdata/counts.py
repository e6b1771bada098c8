"""Exact laws of categories for tests: python3 counts.py > counts.json (numpy 1.24, scipy 1.10, no random numbers).
Generation 0 is the fit on real data; natural logarithms. Chains are dense matrices of exact binomial probabilities, and every
route is asserted against a second one: all vectors of counts of three categories enumerated, moment recursions, duality,
closed forms."""
import itertools
import math
import sys
from fractions import Fraction

import numpy as np
from scipy import special, stats

sys.dont_write_bytecode = True
from laws import close, dump, zipf  # noqa: E402

SERIES = ("support", "missing_mass", "entropy", "tv", "cross_entropy", "kl", "kl.smoothed", "tail_loss", "collapsed",
          "heterozygosity", "tail_mass", "fixation")


def steps(name, last):
    """(keep, drawn, real, fresh) a generation."""
    first = [(False, 0, 0., 40)]
    if name == "replace":
        return first + [(False, 40, 0., 0)] * last
    if name == "growing":
        return first + [(False, 40 * (g + 1), 0., 0) for g in range(1, last + 1)]
    if name == "fresh_per_draw":
        return first + [(False, 40, .1, 0)] * last
    if name == "fresh_schedule":
        return first + [(False, 40, .5 * .7 ** (g - 1), 0) for g in range(1, last + 1)]
    if name == "fresh_count":
        return first + [(False, 30, 0., 10)] * last
    if name == "accumulate":
        return first + [(True, 40, 0., 0)] * last
    if name == "accumulate_growing":
        return first + [(True, 10 * (g + 1), 0., 0) for g in range(1, last + 1)]
    raise ValueError(name)


def binomials(n, p):
    """Rows of Binomial(n, p_i) on 0..n."""
    return stats.binom.pmf(np.arange(n + 1)[None, :], n, np.asarray(p, float)[:, None])


def total_rows(plan):
    rows = []
    for keep, drawn, _, fresh in plan:
        rows.append(drawn + fresh + (rows[-1] if keep else 0))
    return rows


def laws_of(plan, p, alpha, k, sampled=None):
    """Law of one category's count in every generation."""
    rows, law = total_rows(plan), binomials(plan[0][3], [p])[0]
    yield law
    for g in range(1, len(plan)):
        keep, drawn, real, fresh = plan[g]
        a = np.arange(rows[g - 1] + 1)
        q = (a + alpha) / (rows[g - 1] + alpha * k)
        if sampled is not None:
            q = np.array([sampled(x) for x in q])
        step = binomials(drawn, real * p + (1 - real) * q)
        out = np.zeros(rows[g - 1] * keep + drawn + 1)
        for i in a:
            at = i if keep else 0
            out[at:at + drawn + 1] += law[i] * step[i]
        law = np.convolve(out, binomials(fresh, [p])[0]) if fresh else out
        close(law.sum(), 1, 1e-10)
        yield law


def functionals(p, laws, rows, alpha, beta):
    """Every series from the laws of all categories; the tail is the rarest decile."""
    k = len(p)
    order = sorted(set(p))
    mass, limit = 0., 0.
    for x in order:
        mass, limit = mass + sum(y for y in p if y == x), x
        if mass >= .1 * (1 - 1e-12):
            break
    out = dict.fromkeys(SERIES, 0.)
    overlap = 0.
    for i, (x, law) in enumerate(zip(p, laws)):
        c = np.arange(len(law))
        q = (c + alpha) / (rows + alpha * k)
        logq = np.log(np.where(q > 0, q, 1))
        out["support"] += law[q > 0].sum()
        out["missing_mass"] += x * law[q == 0].sum()
        out["entropy"] -= (law * q * logq).sum()
        out["tv"] += (law * abs(q - x)).sum() / 2
        e = np.log((c + beta) / (rows + beta * k))
        out["cross_entropy"] -= x * (law * e).sum()
        out["kl.smoothed"] += x * (math.log(x) - (law * e).sum())
        out["kl"] += x * (math.log(x) - (law * logq).sum()) if alpha else 0
        out["collapsed"] += law[-1] if alpha == 0 else 0
        out["heterozygosity"] -= (law * q * q).sum()
        if x <= limit:
            out["tail_mass"] += (law * q).sum() / mass
            overlap += (law * np.minimum(q, x)).sum()
        if i == 0:
            out["fixation"] = law[-1] if alpha == 0 else 0
    out["heterozygosity"] += 1
    out["tail_loss"] = 1 - overlap / mass
    return {s: float(v) for s, v in out.items()}


def chain(name, exponent, k, alpha, last=12, beta=.5):
    p, plan = zipf(exponent, k), steps(name, last)
    rows = total_rows(plan)
    laws = [list(laws_of(plan, x, alpha, k)) for x in p]
    values = [functionals(p, [l[g] for l in laws], rows[g], alpha, beta) for g in range(last + 1)]
    means = [np.array([l[g] @ np.arange(rows[g] + 1) for l in laws]) for g in range(last + 1)]
    q = means[0] / rows[0]
    if alpha == 0:
        for m, n in zip(means, rows):
            close(m / n, p)
    for g in range(1, last + 1):  # the affine mean of a smoothed generator
        keep, drawn, real, fresh = plan[g]
        shares = (means[g - 1] + alpha) / (rows[g - 1] + alpha * k)
        close(means[g], (means[g - 1] if keep else 0) + drawn * (real * p + (1 - real) * shares) + fresh * p)
    return {"plan": name, "exponent": exponent, "categories": k, "alpha": alpha, "evaluator_alpha": beta, "rows": rows,
            "steps": [list(map(float, s)) for s in plan], "series": {s: [v[s] for v in values] for s in SERIES}}


def enumerated(plan, p, alpha, last, sampled=None):
    """All vectors of counts of a few categories: the joint chain, without marginals. Yields the law of the vectors."""
    k = len(p)
    def multinomial(n, q):
        out = {}
        for c in itertools.product(range(n + 1), repeat=k):
            if sum(c) == n:
                w = math.factorial(n)
                for x in c:
                    w //= math.factorial(x)
                out[c] = w * math.prod(float(y) ** x for x, y in zip(c, q))
        return out
    def plus(a, b):
        out = {}
        for x, u in a.items():
            for y, v in b.items():
                z = tuple(i + j for i, j in zip(x, y))
                out[z] = out.get(z, 0) + u * v
        return out
    law = multinomial(plan[0][3], p)
    yield law
    for keep, drawn, real, fresh in plan[1:last + 1]:
        after = {}
        new = multinomial(fresh, p)
        for c, w in law.items():
            n = sum(c)
            q = [(x + alpha) / (n + alpha * k) for x in c]
            if sampled:
                q = sampled(q)
            d = plus(multinomial(drawn, [real * x + (1 - real) * y for x, y in zip(p, q)]), new)
            for y, v in d.items():
                z = tuple(i + j for i, j in zip(c, y)) if keep else y
                after[z] = after.get(z, 0) + w * v
        law = after
        yield law


def check_enumeration():
    """The marginal chain against the joint one, three categories, six rows."""
    p = [.5, .3, .2]
    for alpha in (0., .4):
        for plan in ([(0, 0, 0., 6), (0, 6, 0., 0), (0, 6, .3, 0), (0, 4, 0., 2)], [(0, 0, 0., 4), (1, 2, 0., 0), (1, 2, .25, 1)]):
            rows = total_rows(plan)
            laws = [list(laws_of(plan, x, alpha, 3)) for x in p]
            for g, joint in enumerate(enumerated(plan, p, alpha, 9)):
                got = functionals(p, [l[g] for l in laws], rows[g], alpha, .5)
                want = dict.fromkeys(("support", "entropy", "collapsed"), 0.)
                for c, w in joint.items():
                    q = [(x + alpha) / (rows[g] + alpha * 3) for x in c]
                    want["support"] += w * sum(x > 0 for x in q)
                    want["entropy"] -= w * sum(x * math.log(x) for x in q if x > 0)
                    want["collapsed"] += w * (max(c) == rows[g]) * (alpha == 0)
                for s, v in want.items():
                    close(got[s], v)


def sampled_two(kind, last=10):
    """Two categories drawn at a temperature, or best of two by Bradley and Terry with rewards 1 and 0."""
    p, n = zipf(1., 2), 30
    def temperature(q, tau):
        a, b = (x ** (1 / tau) if x > 0 else 0. for x in q)
        return [a / (a + b), b / (a + b)]
    def best(q, gain):
        x = q[0] + q[0] * q[1] * (2 / (1 + math.exp(-gain)) - 1)
        return [x, 1 - x]
    parameter = {"temperature": .7, "best_of_two": 1.}[kind]
    rule = (lambda q: temperature(q, parameter)) if kind == "temperature" else (lambda q: best(q, parameter))
    plan = [(False, 0, 0., n)] + [(False, n, 0., 0)] * last
    one = list(laws_of(plan, p[0], 0, 2, lambda q: rule([q, 1 - q])[0]))
    two = list(laws_of(plan, p[1], 0, 2, lambda q: rule([1 - q, q])[1]))
    for a, b in zip(one, two):
        close(a, b[::-1], 1e-9)
    small = [(False, 0, 0., 5)] + [(False, 5, 0., 0)] * 3
    marginal = list(laws_of(small, p[0], 0, 2, lambda q: rule([q, 1 - q])[0]))
    for g, joint in enumerate(enumerated(small, p, 0, 3, rule)):
        close(marginal[g], [sum(w for c, w in joint.items() if c[0] == a) for a in range(6)])
    values = [functionals(p, [a, b], n, 0, .5) for a, b in zip(one, two)]
    return {"kind": kind, "parameter": parameter, "rows": n, "exponent": 1., "series": {s: [v[s] for v in values] for s in SERIES}}


def absorption(m):
    a = np.arange(1, m)
    q = binomials(m, a / m)[:, 1:m]
    t = np.linalg.solve(np.eye(m - 1) - q, np.ones(m - 1))
    close(t, t[::-1])
    close(t, 1 + q @ t)
    return {"rows": m, "times": [0., *map(float, t), 0.],
            "diffusion": [float(-2 * m * (special.xlogy(x, x) + special.xlogy(1 - x, 1 - x))) for x in np.arange(m + 1) / m]}


def stirling2(n):
    s = [[0] * (n + 1) for _ in range(n + 1)]
    s[0][0] = 1
    for i in range(1, n + 1):
        for j in range(1, i + 1):
            s[i][j] = j * s[i - 1][j] + s[i - 1][j - 1]
    return s


def ancestors(m, last):
    """Occupancy of m boxes by k balls from Stirling numbers, in fractions."""
    s = stirling2(m)
    falling = [1]
    for j in range(m):
        falling.append(falling[-1] * (m - j))
    step = [[Fraction(s[k][j] * falling[j], m ** k) if k else Fraction(j == 0) for j in range(m + 1)] for k in range(m + 1)]
    t = [Fraction(0)] * (m + 1)
    for k in range(2, m + 1):
        t[k] = (1 + sum(step[k][j] * t[j] for j in range(1, k))) / (1 - step[k][k])
    law = np.zeros(m + 1)
    law[m] = 1
    matrix = np.array([[float(x) for x in row] for row in step])
    out = []
    for _ in range(last + 1):
        out.append([float(x) for x in law])
        law = law @ matrix
    by = [x[1] for x in out]
    # by duality with the count chain: m different items, of which one has count 1
    count = np.zeros(m + 1)
    count[1] = 1
    chain = binomials(m, np.arange(m + 1) / m)
    for g in range(last + 1):
        close(by[g], m * count[m], 1e-8)
        close(sum(j * x for j, x in enumerate(out[g])), m * (1 - count[0]), 1e-8)
        count = count @ chain
    return {"rows": m, "resamplings": float(t[m]), "one_ancestor_by": by, "mean": [sum(j * x for j, x in enumerate(l)) for l in out]}


def drift(first, fixed, synthetic, p, last):
    """E sum (q_g − q_0)^2 with fixed real rows, by enumeration where small and by moments otherwise."""
    h = 1 - sum(x * x for x in p)
    alpha = synthetic / (fixed + synthetic)
    e1s = h * (1 - 1 / first)            # E 1 − sum q_0^2
    b = h * (1 / fixed - 1 / first) if fixed else 0.
    # second moments of q_g given the first rows: mean q_0, E q_g q_g' about q_0, by a covariance recursion
    var, cov, out = 0., 0., []
    for _ in range(last + 1):
        out.append(var)
        within = (e1s - var) / synthetic  # E of the multinomial's own variance
        var, cov = (alpha ** 2 * (var + within) + (1 - alpha) ** 2 * b + 2 * alpha * (1 - alpha) * cov), (1 - alpha) * b + alpha * cov
    limit = (alpha ** 2 * e1s / synthetic + (1 - alpha) ** 2 * b + 2 * alpha * (1 - alpha) * b) / (1 - alpha ** 2 * (1 - 1 / synthetic))
    return {"first": first, "fixed": fixed, "synthetic": synthetic, "heterozygosity": h, "drift": out, "limit": limit}


def check_drift():
    """Two categories, all first rows and all draws enumerated: four first rows of which two stay, three synthetic."""
    p = .3
    for fixed, synthetic, first in ((2, 3, 4), (4, 3, 4)):
        total = [0.] * 4
        for bits in itertools.product((0, 1), repeat=first):
            w = math.prod(p if x else 1 - p for x in bits)
            q0, f = sum(bits) / first, sum(bits[:fixed])
            law = {q0: 1.}
            for g in range(4):
                total[g] += w * sum(v * 2 * (q - q0) ** 2 for q, v in law.items())
                after = {}
                for q, v in law.items():
                    for c in range(synthetic + 1):
                        x = (f + c) / (fixed + synthetic)
                        after[x] = after.get(x, 0) + v * stats.binom.pmf(c, synthetic, q)
                law = after
        close(total, drift(first, fixed, synthetic, [p, 1 - p], 3)["drift"])


def bounds():
    out = []
    for p, n in ((.01, 100), (.004, 60)):
        plan = [(False, 0, 0., n)] + [(False, n, 0., 0)] * 49
        rows = []
        g = 1.
        for k, law in enumerate(laws_of(plan, p, 0, 2), 1):
            lo, hi = 1 - math.exp(-n * p * g), 1 - max(0, 1 - 3 * n * p * p - 3 * k * p) * math.exp(-n * p * g)
            alive, both = 1 - law[0], 1 - law[0] - law[-1]
            assert 1 / k <= g <= 3 / k and lo <= alive <= hi, (k, lo, alive, hi)
            left = (1 - 1 / n) ** k
            lower, upper = 4 * p * (1 - p) * left, 2 * n * p * (1 - p) * left
            assert lower <= both <= upper
            rows.append([lo, float(alive), min(1, hi), lower, float(both), upper])
            g = 1 - math.exp(-g)
        out.append({"probability": p, "rows": n, "suresh_lo_alive_hi_seddik_lo_both_hi": rows})
    return out


def heat_death():
    out = []
    for exponent, k, tau in ((1.2, 8, .8), (1., 5, 1.25)):
        p = zipf(exponent, k)
        q, rows = p.copy(), []
        for g in range(6):
            w = np.arange(1, k + 1) ** -(exponent / tau ** g)
            close(q, w / w.sum(), 1e-12)
            rows.append([float(x) for x in q])
            q = q ** (1 / tau)
            q /= q.sum()
        out.append({"exponent": exponent, "categories": k, "temperature": tau, "generations": rows})
    return out


def memoriser():
    out = []
    for beta, k, t0 in ((1.5, 100_000, 10_000), (2., 20_000, 2_000)):
        w = np.arange(1, k + 1, dtype=float) ** -beta
        first = 1 / math.fsum(w)
        p = w * first
        sizes = [100, 1000, 20_000]
        error = [math.fsum(p * (1 - p) ** t) for t in sizes]
        direct = [math.fsum(p * np.exp(t * np.log1p(-p))) for t in sizes]
        close(error, direct)
        power = [special.gamma(1 - 1 / beta) / beta * first ** (1 / beta) * t ** (-(beta - 1) / beta) for t in sizes]
        close(power[0], integral(beta, first, sizes[0]), 1e-6)
        f, growth, replaced = [0.], [], []
        for _ in range(19):
            f.append(math.exp(f[-1] - 1))
        generations = [0, 1, 4, 9, 19]
        for g in generations:
            growth.append((1 - f[g]) ** (-(beta - 1) / beta))
            replaced.append(math.fsum(p * np.exp(-t0 * p * (1 - f[g]))))
        cut, real = 50, .05
        q = np.where(np.arange(1, k + 1) <= cut, p, 0)
        q /= math.fsum(q)
        mixed = [math.fsum(p * (1 - real * p - (1 - real) * q) ** t) for t in sizes]
        out.append({"beta": beta, "categories": k, "rows": sizes, "error": error, "power": power, "generations": generations,
                    "growth": growth, "replace_rows": t0, "replaced": replaced, "cut": cut, "real": real, "mixed": mixed,
                    "cut_tail": first * cut ** (1 - beta) / (beta - 1)})
    return out


def integral(beta, first, t):
    """Sum over an endless law as an integral, which the power law is exactly."""
    from scipy import integrate
    f = lambda u: math.exp(-t * first * math.exp(-beta * u) + u - beta * u) * first
    return integrate.quad(f, -60, 60, limit=500, points=[math.log(t * first) / beta])[0]


def main():
    check_enumeration()
    check_drift()
    names = ("replace", "growing", "fresh_per_draw", "fresh_schedule", "fresh_count", "accumulate", "accumulate_growing")
    dump({
        "about": "exact laws of categories, generation 0 = fit on real data; written by counts.py",
        "chains": [chain(n, e, k, a) for n in names for e, k, a in ((1.2, 20, 0.), (1., 8, .5))],
        "sampled": [sampled_two(k) for k in ("temperature", "best_of_two")],
        "absorption": [absorption(m) for m in (30, 75)],
        "ancestors": [ancestors(m, 60) for m in (12, 40)],
        "drift": [drift(50, 50, 30, zipf(1., 6), 20), drift(50, 10, 40, zipf(1.2, 9), 20), drift(40, 0, 40, zipf(1., 6), 20)],
        "bounds": bounds(),
        "heat_death": heat_death(),
        "memoriser": memoriser(),
    })


if __name__ == "__main__":
    main()
