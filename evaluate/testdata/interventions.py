"""Reference values for the laws of interventions: /usr/bin/python3 interventions.py > interventions.json (numpy 1.24, scipy 1.10;
random numbers only for checks within the script). Each law is computed along another route than the program takes: quadrature,
unrolled sums, enumeration, transition matrices. Generation 0 is the fit on real data; truth N(0, 1) where it is a normal."""
import itertools
import json
import math

import numpy as np
from scipy import integrate, special, stats


def rounded(x):
    if isinstance(x, dict):
        return {k: rounded(v) for k, v in x.items()}
    if isinstance(x, (list, tuple, np.ndarray)):
        return [rounded(v) for v in x]
    return float(f"{x:.14g}") if isinstance(x, (float, np.floating)) else x


def moment(f, m, divisor):
    """E f(variance'/variance) of a refitted normal by quadrature over chi-square with m - 1 degrees of freedom."""
    chi2 = stats.chi2(m - 1)
    edges = [chi2.ppf(1e-300), *chi2.ppf([1e-12, 1e-4, .5]), *chi2.isf([1e-4, 1e-12]), chi2.isf(1e-300)]
    return sum(integrate.quad(lambda x: f(x / divisor) * chi2.pdf(x), a, b, epsabs=1e-15, epsrel=1e-13)[0]
               for a, b in zip(edges, edges[1:]))


def biased(m, unbiased, spread, last):
    """Products of independent one-step moments; the mean's variance is the sum of the variances of its steps."""
    divisor = m - 1 if unbiased else m
    square, root, log = (moment(f, m, divisor) for f in (lambda x: x, np.sqrt, np.log))
    out = {"variance": [], "squared_mean_error": [], "log_variance": [], "w2": []}
    for g in range(last + 1):
        steps = [1 / m] + [spread * (spread ** k * square ** (k + 1)) / m for k in range(g)]
        variance, sd = spread ** g * square ** (g + 1), spread ** (g / 2) * root ** (g + 1)
        out["variance"].append(variance)
        out["squared_mean_error"].append(math.fsum(steps))
        out["log_variance"].append((g + 1) * log + g * math.log(spread))
        out["w2"].append(math.fsum(steps) + variance + 1 - 2 * sd)
    return {"rows": m, "unbiased": unbiased, "spread": spread, **out}


def corrected(m, unbiased, gamma, last):
    """sd_g = sum over the correction that entered k generations ago of its factors, unrolled; E sd_g^2 by the double sum."""
    divisor = m - 1 if unbiased else m
    c1, c2, a = moment(np.sqrt, m, divisor), moment(lambda x: x, m, divisor), 1 / (1 + gamma)
    out = {"sd": [], "variance": [], "squared_mean_error": []}
    drawn, v = [], 1 / m  # E of the drawn variance after generation g; Var mean
    for g in range(last + 1):
        # terms: (weight, number of chi factors it shares with all later ones)
        terms = [(a ** g, g + 1)] + [(gamma * a ** (g - k + 1), g - k + 1) for k in range(1, g + 1)]
        sd = math.fsum(w * c1 ** n for w, n in terms)
        square = math.fsum(w * u * c2 ** min(n, k) * c1 ** abs(n - k) for w, n in terms for u, k in terms)
        if g > 0:
            v = v * a * a + drawn[-1] / m
        drawn.append((square + 2 * gamma * sd + gamma ** 2) * a * a)
        out["sd"].append(sd)
        out["variance"].append(square)
        out["squared_mean_error"].append(v)
    rng = np.random.default_rng(1)
    mu, s = np.zeros(200_000), np.ones(200_000)
    for g in range(4):
        if g:
            mu, s = mu * a, (s + gamma) * a
        mu = mu + s * rng.standard_normal(mu.size) / math.sqrt(m)
        s = s * np.sqrt(rng.chisquare(m - 1, mu.size) / divisor)
        for x, want in ((s, out["sd"][g]), (s * s, out["variance"][g]), (mu * mu, out["squared_mean_error"][g])):
            assert abs(x.mean() - want) < 5 * x.std() / math.sqrt(x.size)
    return {"rows": m, "unbiased": unbiased, "gamma": gamma, **out}


def truncated(mean, variance, lo, hi):
    sd = math.sqrt(variance)
    t = stats.truncnorm((lo - mean) / sd, (hi - mean) / sd, loc=mean, scale=sd)
    a, b = max(lo, mean - 40 * sd), min(hi, mean + 40 * sd)
    mid = sorted({a, b, *(x for x in (mean, mean - sd, mean + sd, mean - 6 * sd, mean + 6 * sd) if a < x < b)})
    def q(f):
        return sum(integrate.quad(lambda x: f(x) * stats.norm.pdf(x, mean, sd), x, y, epsabs=1e-18, epsrel=1e-12)[0] for x, y in zip(mid, mid[1:]))
    z = q(lambda x: 1)
    m = q(lambda x: x) / z
    v = q(lambda x: (x - m) ** 2) / z
    assert abs(t.mean() - m) < 1e-8 * (1 + abs(m))
    return {"mean": mean, "variance": variance, "lo": None if math.isinf(lo) else lo, "hi": None if math.isinf(hi) else hi,
            "truncated_mean": m, "truncated_variance": v, "inside": z}


def rate(b):
    """Derivative of the mean of the truncated normal in its own mean, at the centre."""
    h = 1e-3
    def to(theta):
        return theta + (stats.norm.pdf(-b - theta) - stats.norm.pdf(b - theta)) / (stats.norm.cdf(b - theta) - stats.norm.cdf(-b - theta))
    d = (8 * (to(h) - to(-h)) - (to(2 * h) - to(-2 * h))) / (12 * h)
    return {"radius": b, "rate": d}


def filtered(keep, low):
    if low:
        z = stats.norm.isf(keep / 2)
        v = 2 * integrate.quad(lambda x: x * x * stats.norm.pdf(x), z, 40, epsabs=1e-15, epsrel=1e-13)[0] / keep
    else:
        z = stats.norm.ppf((1 + keep) / 2)
        v = 2 * integrate.quad(lambda x: x * x * stats.norm.pdf(x), 0, z, epsabs=1e-15, epsrel=1e-13)[0] / keep
    return {"keep": keep, "low": low, "variance": v}


def chosen(p, reward, k, temperature):
    """All sequences of k candidates."""
    out = np.zeros(len(p))
    for seq in itertools.product(range(len(p)), repeat=k):
        r = np.array([reward[i] for i in seq]) / temperature
        w = np.exp(r - r.max())
        for i, x in zip(seq, w / w.sum()):
            out[i] += x * np.prod([p[j] for j in seq])
    return out


def shares(p, q):
    return {"heterozygosity": 1 - sum(x * x for x in q), "entropy": -sum(x * math.log(x) for x in q if x > 0),
            "tv": sum(abs(x - y) for x, y in zip(p, q)) / 2, "support": float(sum(x > 0 for x in q)),
            "missing_mass": sum(x for x, y in zip(p, q) if y == 0)}


def two(p, rows, last, draw):
    """Transition matrix of the first category's count."""
    states = [(a / rows, 1 - a / rows) for a in range(rows + 1)]
    matrix = np.array([stats.binom.pmf(range(rows + 1), rows, draw(np.array(q))[0]) for q in states])
    law = stats.binom.pmf(range(rows + 1), rows, p[0])
    value = [shares(p, q) for q in states]
    out = {k: [] for k in value[0]}
    for _ in range(last + 1):
        for k in out:
            out[k].append(math.fsum(x * v[k] for x, v in zip(law, value)))
        law = law @ matrix
    return {"p": list(p), "rows": rows, "last": last, **out}


def tempered(q, tau):
    w = np.where(q > 0, np.power(np.maximum(q, 1e-300), 1 / tau), 0)
    return w / w.sum()


def heat(k, exponent, tau, last):
    out = {"heterozygosity": [], "entropy": [], "tv": []}
    p = np.arange(1, k + 1.0) ** -exponent
    p /= p.sum()
    for g in range(last + 1):
        q = np.arange(1, k + 1.0) ** (-exponent / tau ** g)
        s = shares(p, q / q.sum())
        for name in out:
            out[name].append(s[name])
    return {"categories": k, "exponent": exponent, "temperature": tau, **out}


def detected(p, rows, real, tpr, fpr, last):
    """Chain of (count of the first category, draws that stayed), its pairs enumerated; what stays is conditioned on not being nothing."""
    pairs = [(k, m) for m in range(1, rows + 1) for k in range(m + 1)]
    law = np.array([stats.binom.pmf(k, rows, p[0]) if m == rows else 0. for k, m in pairs])
    out = []
    kept = real * (1 - fpr) + (1 - real) * (1 - tpr)
    stays = stats.binom.pmf(range(rows + 1), rows, kept)
    stays[0] = 0
    stays /= stays.sum()
    weight = np.array([stays[m] for _, m in pairs])
    ks, ms = np.array([k for k, _ in pairs]), np.array([m for _, m in pairs])
    for _ in range(last + 1):
        out.append(math.fsum(x * 2 * (k / m) * (1 - k / m) for x, (k, m) in zip(law, pairs)))
        new = np.zeros(len(pairs))
        for q in sorted({k / m for k, m in pairs}):
            mass = math.fsum(x for x, (k, m) in zip(law, pairs) if k / m == q)
            if mass == 0:
                continue
            first = (real * (1 - fpr) * p[0] + (1 - real) * (1 - tpr) * q) / kept
            new += mass * weight * stats.binom.pmf(ks, ms, first)
        law = new
    return {"p": list(p), "rows": rows, "real": real, "true_positive": tpr, "false_positive": fpr, "heterozygosity": out}


def labels(error, right, wrong, rows, dim):
    s, c = (1 - error) * right - error * wrong, (1 - error) * right + error * wrong
    mu = s * math.sqrt(2 / math.pi) * rows
    rho = mu / math.sqrt(mu * mu + rows * c * (dim - 1) + rows * (c - 2 * s * s / math.pi))
    accuracy = 1 - math.acos(rho) / math.pi
    rng, total = np.random.default_rng(2), 0
    for _ in range(200):
        x = rng.standard_normal((rows, dim))
        is_right = rng.random(rows) >= error
        y = np.where(is_right, 1, -1) * np.sign(x[:, 0])
        y = y * (rng.random(rows) < np.where(is_right, right, wrong))
        w = y @ x
        total += 1 - math.acos(w[0] / np.linalg.norm(w)) / math.pi
    assert abs(total / 200 - accuracy) < .02, (total / 200, accuracy)
    return {"error": error, "right": right, "wrong": wrong, "rows": rows, "dim": dim, "accuracy": accuracy}


def main():
    rng = np.random.default_rng(3)
    some = []
    for n, k, temperature in ((2, 2, 1.0), (3, 3, .4), (4, 5, 2.5), (5, 4, .05)):
        p, r = rng.dirichlet(np.ones(n)), rng.normal(size=n)
        some.append({"p": p, "reward": r, "k": k, "temperature": temperature, "chosen": chosen(p, r, k, temperature)})
    best = two((2 / 3, 1 / 3), 40, 12, lambda q: chosen(q, (0, 1), 3, 1.0))
    cold = two((.6, .4), 25, 12, lambda q: tempered(q, .8))
    print(json.dumps(rounded({
        "biased": [biased(20, False, .5, 12), biased(50, True, 1.2, 20)],
        "corrected": [corrected(30, True, .2, 15), corrected(12, False, 1.5, 10)],
        "truncated": [truncated(*x) for x in ((0, 1, -1, 2), (.7, 2.5, -math.inf, 1), (-3, .25, -2, math.inf), (0, 1, 5, 6))],
        "rates": [rate(.5), rate(1.), rate(2.), rate(3.5)],
        "filtered": [filtered(.8, False), filtered(.95, False), filtered(.3, True)],
        "chosen": some,
        "best_of": best,
        "cold": cold,
        "heat": [heat(100, 1., .9, 12), heat(30, 1.5, 1.3, 8)],
        "detected": [detected((.7, .3), 40, .2, .7, .1, 8), detected((.5, .5), 30, .4, .3, .2, 6)],
        "labels": [labels(.5, .9, .1, 3000, 45), labels(.3, .5, .8, 1000, 20), labels(.8, .6, .6, 2000, 10)],
    }), indent=1))


main()
