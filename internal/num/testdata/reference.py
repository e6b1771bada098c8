#!/usr/bin/env python3
"""Writes reference.json: values with 50 digits (mpmath) of every function of the package.

A point is [arguments..., value, rest]: value + rest is the exact result to 32 digits.
Run: python3 reference.py > reference.json   (Debian: python3-mpmath)
"""
import json
import random
from mpmath import (mp, mpf, log, log1p, exp, expm1, loggamma, erf, erfc, erfinv, sqrt, pi, digamma,
                    psi, findroot, atan)

mp.dps = 50
rnd = random.Random(20240701)
out = {}


def wide(lo, hi, n):
    """n numbers with logarithms even on [log lo, log hi]."""
    return [lo * (hi / lo) ** rnd.random() for _ in range(n)]


def flat(lo, hi, n):
    return [rnd.uniform(lo, hi) for _ in range(n)]


def put(name, f, points):
    rows = []
    for p in points:
        p = tuple(a if isinstance(a, int) else float(a) for a in (p if isinstance(p, tuple) else (p,)))
        v = f(*[mpf(a) for a in p])
        hi = float(v)
        if abs(hi) < 1e-300 or abs(hi) == float("inf"):
            continue
        rows.append(list(p) + [hi, float(v - mpf(hi))])
    out[name] = rows


put("Log", log, wide(1e-307, 1e308, 200) + flat(0.5, 2, 400) + flat(0.99, 1.01, 200) + wide(5e-324, 1e-308, 20)
    + [1 + s * 2.0 ** -k for k in range(1, 53) for s in (1, -1)])
put("Log1p", log1p, [s * x for x in wide(1e-17, 0.99, 300) for s in (1, -1)] + wide(0.3, 1e19, 200) + flat(-0.999, 3, 400))


def log1pmx(x):
    mp.dps = 200
    v = log1p(x) - x
    mp.dps = 50
    return +v


put("Log1pmx", log1pmx, [s * x for x in wide(1e-100, 0.99, 300) for s in (1, -1)] + flat(-0.9, 2, 300))
put("Exp", exp, flat(-690, 709, 400) + flat(-1, 1, 400) + [s * x for x in wide(1e-18, 1, 50) for s in (1, -1)])
put("Expm1", expm1, flat(-39, 709, 200) + flat(-1, 1, 500) + [s * x for x in wide(1e-18, 1, 200) for s in (1, -1)])
put("Lgamma", loggamma, wide(1e-300, 1e300, 200) + flat(0, 12, 400) + [1 + s * 2.0 ** -k for k in range(1, 40) for s in (1, -1)]
    + [2 + s * 2.0 ** -k for k in range(1, 40) for s in (1, -1)])


def lgdiff(x, d):
    mp.dps = 80
    v = loggamma(x + d) - loggamma(x)
    mp.dps = 50
    return +v


put("LgammaDiff", lgdiff, [(x, d) for x in wide(10, 1e15, 40) for d in [1.0, 0.5, -0.5, 1e-3, 7.25, rnd.random() * x, -rnd.random() * x]]
    + [(x, d) for x in flat(2.5, 12, 30) for d in flat(0, 3, 3)])


def lfact(n):
    return loggamma(n + 1)


def lchoose(n, k):
    mp.dps = 90
    v = lfact(n) - lfact(k) - lfact(n - k)
    mp.dps = 50
    return +v


ints = [int(x) for x in wide(2, 1e18, 60)]
put("LogFactorial", lfact, list(range(2, 40)) + ints)
put("LogChoose", lchoose, [(n, k) for n in [5, 30, 59, 60, 61, 100] + ints if n > 1 for k in sorted({1, n // 2, max(1, int(n * rnd.random()))})])
put("LogStirling", lambda x: loggamma(x + 1) - x * log(x) + x, list(range(1, 20)) + flat(0.01, 20, 100) + wide(20, 1e15, 30))


def dev(x, m):
    return x * log(x / m) - x + m


near = [(x, x * (1 + s * e)) for x in wide(1e-3, 1e13, 30) for e in wide(1e-7, 0.9, 6) for s in (1, -1)]
put("Deviance", dev, near + [(x, m) for x in wide(1e-3, 1e6, 12) for m in wide(1e-6, 1e9, 6)])
put("Erf", erf, flat(-5, 5, 200) + wide(1e-20, 1, 60))
put("Erfc", erfc, flat(-3, 27, 300) + wide(1e-20, 1, 60))
put("Erfcx", lambda x: exp(x * x) * erfc(x), flat(0, 30, 200) + wide(1e-20, 1e3, 100))


def ncdf(x):
    return erfc(-x / sqrt(mpf(2))) / 2


put("NormalCDF", ncdf, flat(-37, 9, 300) + flat(-2, 2, 100))
put("LogNormalTail", lambda x: log(ncdf(-x)), flat(0, 100, 80) + wide(1e-10, 1e3, 40))


def nquantile(p):
    if p > mpf("0.25"):
        return sqrt(mpf(2)) * erfinv(2 * p - 1)
    x0 = -sqrt(-2 * log(p))
    return findroot(lambda x: log(ncdf(x)) - log(p), x0 + log(-x0 * mpf("2.5")) / -x0)


put("NormalQuantile", nquantile, wide(1e-300, 0.4, 100) + flat(0.01, 0.99, 100) + [0.975, 0.995, 0.5 + 1e-9, 1 - 2.0 ** -50])
put("Digamma", digamma, wide(1e-10, 1e15, 60) + flat(0.01, 12, 100))
put("Trigamma", lambda x: psi(1, x), wide(1e-10, 1e15, 60) + flat(0.01, 12, 100))


def ibeta(x, a, b):
    """The series with positive terms, on the side where it converges fast."""
    if x > (a + 1) / (a + b + 2):
        return 1 - ibeta(1 - x, b, a)
    mp.dps = 80
    total, term, n = mpf(0), mpf(1), 0
    while term > total * mpf(10) ** -70:
        total += term
        term *= (a + b + n) / (a + 1 + n) * x
        n += 1
    v = exp(a * log(x) + b * log1p(-x) + loggamma(a + b) - loggamma(a + 1) - loggamma(b)) * total
    mp.dps = 50
    return +v


put("BetaCDF", ibeta, [(rnd.random(), a, b) for a in wide(0.01, 300, 12) for b in wide(0.01, 300, 8)]
    + [(a / (a + b) * (1 + z / sqrt(a)), a, b) for a in (1e3, 2e4) for b in (0.5, 7.0, 1e3) for z in (-2, -0.3, 0.01) if z < 0 or b > 7])


def lower(x, a):
    """The series with positive terms, to 420 digits so that 1 - lower keeps 50."""
    mp.dps = 420
    total, term, n = mpf(0), mpf(1), 1
    while term > total * mpf(10) ** -400:
        total += term
        term *= x / (a + n)
        n += 1
    v = exp(a * log(x) - x - loggamma(a + 1)) * total
    mp.dps = 50
    return v


def upper(x, a):
    low = lower(x, a)
    mp.dps = 420
    v = 1 - low
    mp.dps = 50
    return +v


gammas = [(a * f, a) for a in wide(0.01, 500, 20) for f in flat(0.05, 4, 5)] + [
    (a * (1 + z / a ** 0.5), a) for a in (1e3, 3e4, 1e6) for z in (-3, -0.5, 0.1, 4)]
put("GammaCDF", lower, gammas)
put("GammaSurvival", upper, gammas)
put("ChiSquaredSurvival", lambda x, k: upper(x / 2, k / 2), [(x, k) for k in (1, 2, 5, 30, 200) for x in (0.3 * k, 1.0 * k, 2.5 * k)])


def tcdf(t, df):
    tail = ibeta(df / (df + t * t), df / 2, mpf(1) / 2) / 2
    return tail if t < 0 else 1 - tail


ts = [(t, df) for df in (0.5, 1.0, 2.0, 4.0, 9.5, 99.0, 1234.0) for t in flat(-12, 3, 10)]
put("StudentTCDF", tcdf, ts)


def tquantile(p, df):
    if df == 1:
        return mp.tan(pi * (p - mpf(1) / 2))
    q = nquantile(p)
    return findroot(lambda t: tcdf(t, df) - p, (q, q * (1 + 1 / df)), solver="secant", tol=mpf(10) ** -70)


put("StudentTQuantile", tquantile, [(p, df) for df in (1.0, 2.0, 3.0, 4.0, 9.0, 29.0, 500.0) for p in (0.9, 0.95, 0.975, 0.995, 0.6, 0.1)])

def kolmogorov(x):
    total, k = mpf(0), 1
    while True:
        t = exp(-2 * k * k * x * x)
        if t < mpf(10) ** -60:
            return 2 * total
        total += t if k % 2 else -t
        k += 1


put("KolmogorovSurvival", kolmogorov, flat(0.2, 6, 120) + [0.99999, 1.00001])
put("LogPoisson", lambda k, m: k * log(m) - m - lfact(k), [(k, m) for m in wide(1e-3, 1e13, 20) for k in sorted({0, int(m), int(m + 3 * m ** 0.5), int(2 * m)})])


def lbinom(k, n, p):
    mp.dps = 90
    v = lfact(n) - lfact(k) - lfact(n - k) + k * log(p) + (n - k) * log1p(-p)
    mp.dps = 50
    return +v


put("LogBinomial", lbinom, [(k, n, p) for n in [1, 7, 40, 1000, 10**6, 10**13] for p in [1e-12, 0.01, 0.3, 0.5, 0.99]
                            for k in sorted({0, n, int(n * p), min(n, int(n * p + 3 * (n * p) ** 0.5) + 1)})])


def lhyper(k, g, b, d):
    mp.dps = 90
    c = lambda n, j: lfact(n) - lfact(j) - lfact(n - j)
    v = c(g, k) + c(b, d - k) - c(g + b, d)
    mp.dps = 50
    return +v


hyper = []
for g, b, d in [(5, 5, 5), (30, 40, 20), (1000, 5000, 700), (10**7, 10**14, 10**8), (5 * 10**13, 5 * 10**13, 5 * 10**13)]:
    m = d * g // (g + b)
    hyper += [(k, g, b, d) for k in sorted({max(0, d - b), m, m + 1, min(g, d, m + int(3 * m ** 0.5))})]
put("LogHypergeometric", lhyper, hyper)
put("Atan", atan, [s * x for x in wide(1e-20, 1e20, 200) + flat(0, 2, 200) for s in (1, -1)])


def gquantile(p, a):
    """Newton's method on ln x with 60 digits, after bisection."""
    def cdf(x):
        total, term, n = mpf(0), mpf(1), 1
        while term > total * mpf(10) ** -65:
            total += term
            term *= x / (a + n)
            n += 1
        return exp(a * log(x) - x - loggamma(a + 1)) * total
    mp.dps = 60
    lo, hi = (log(p) + loggamma(a + 1)) / a - 1, log(a + 1) + 6
    for _ in range(40):
        y = (lo + hi) / 2
        lo, hi = (y, hi) if cdf(exp(y)) < p else (lo, y)
    y = (lo + hi) / 2
    for _ in range(6):
        x = exp(y)
        y -= (cdf(x) - p) / exp(a * y - x - loggamma(a))
    v = exp(y)
    assert abs(cdf(v) / p - 1) < mpf(10) ** -45
    mp.dps = 50
    return +v


put("GammaQuantile", gquantile, [(p, a) for a in (0.02, 0.3, 0.9, 1.0, 1.7, 5.0, 40.0, 1e3, 1e5)
                                 for p in (1e-12, 1e-4, 0.01, 0.3, 0.5, 0.51, 0.9, 0.99, 1 - 2.0 ** -20, 1 - 2.0 ** -40)])


def lnegbin(k, r, m):
    mp.dps = 90
    v = loggamma(r + k) - loggamma(r) - lfact(k) + r * log(r / (r + m)) + k * log(m / (r + m))
    mp.dps = 50
    return +v


def negbins(rs, means):
    return [(k, r, m) for r in rs for m in means for k in sorted({0, 1, int(m), int(m + 3 * (m + m * m / r) ** 0.5), int(m / 3)})]


put("LogNegativeBinomial", lnegbin, negbins((0.02, 0.7, 3.0, 50.0, 1e6), (1e-6, 0.3, 7.0, 1e4, 1e9)))
put("NegativeBinomialCDF", lambda k, r, m: ibeta(r / (r + m), r, k + 1), negbins((0.02, 0.7, 3.0, 50.0), (1e-6, 0.3, 7.0, 1e3)))

put("ExpAll", exp, flat(-708, 709, 150) + flat(-1, 1, 150) + flat(-50, 0, 150) + wide(1e-18, 1, 20))
put("Sin", mp.sin, flat(-10, 20, 150) + flat(-1e5, 1e5, 100) + wide(1e-9, 1, 20))
put("Cos", mp.cos, flat(-10, 20, 150) + flat(-1e5, 1e5, 100) + wide(1e-9, 1, 20))

for name, rows in out.items():
    assert rows, name
print("{")
print(",\n".join('"%s": [\n%s\n]' % (n, ",\n".join(json.dumps(r) for r in rows)) for n, rows in sorted(out.items())))
print("}")
