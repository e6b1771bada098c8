"""Exact expectations of recursive training for tests: python3 laws.py > laws.json (numpy 1.24, scipy 1.10, no random numbers).
Generation 0 is the fit on real data, so generation g is fit g + 1; true mean 0, true variance 1, natural logarithms.
Each law is computed along one route and asserted against a second one, so the file does not depend on a single formula."""
import json
import math
import re
from fractions import Fraction

import numpy as np
from scipy import integrate, special, stats

GENERATIONS = [0, 1, 4, 9, 19, 49, 99]
FIRST_TWENTY = list(range(21))


def close(a, b, rtol=1e-9):
    assert np.allclose(a, b, rtol=rtol, atol=1e-300), (a, b)


def dump(value):
    """JSON with 13 significant digits (what another processor's rounding does not change), flat lists on a line."""
    def rounded(x):
        if isinstance(x, dict):
            return {k: rounded(v) for k, v in x.items()}
        if isinstance(x, (list, tuple)):
            return [rounded(v) for v in x]
        return float(f"{x:.13g}") if isinstance(x, float) else x
    text = json.dumps(rounded(value), indent=1, allow_nan=False)
    print(re.sub(r"[\[{][^\[\]{}]*[\]}]", lambda m: re.sub(r"\s*\n\s*", " ", m.group()), text))


def c4(m):
    """E[s]/sigma of the unbiased standard deviation of m normal rows."""
    return math.sqrt(2 / (m - 1)) * math.exp(special.gammaln(m / 2) - special.gammaln((m - 1) / 2))


def gaussian_replace(m, divisor):
    """Laws of a refitted normal: var_{t+1} = var_t * chi2_{m-1} / divisor, mean_{t+1} ~ N(mean_t, var_t / m)."""
    ratio = (m - 1) / divisor
    root = c4(m) * math.sqrt(ratio)
    drift = special.digamma((m - 1) / 2) - math.log(divisor / 2)
    chi2 = stats.chi2(m - 1)
    lo, hi = chi2.ppf(1e-300), chi2.isf(1e-300)
    def moment(f):
        edges = [lo, *chi2.ppf([1e-12, 1e-4, .5]), *chi2.isf([1e-4, 1e-12]), hi]
        return sum(integrate.quad(lambda x: f(x / divisor) * chi2.pdf(x), a, b, epsabs=1e-14, epsrel=1e-12)[0]
                   for a, b in zip(edges, edges[1:]))
    close(moment(lambda x: x), ratio)
    close(moment(np.sqrt), root)
    close(moment(np.log), drift)
    close(moment(lambda x: (math.log(x) - drift) ** 2), special.polygamma(1, (m - 1) / 2))
    out = {k: [] for k in ("mean_variance", "mean_squared_mean_error", "mean_log_variance", "sd_log_variance", "mean_w2_squared")}
    for g in GENERATIONS:
        n = g + 1
        variance = ratio ** n
        squared_mean = sum(ratio ** j for j in range(n)) / m
        if divisor == m:
            close(squared_mean, 1 - (1 - 1 / m) ** n)
            close(squared_mean + (1 - 2 * root ** n + variance), 2 * (1 - root ** n))
        out["mean_variance"].append(variance)
        out["mean_squared_mean_error"].append(squared_mean)
        out["mean_log_variance"].append(n * drift)
        out["sd_log_variance"].append(math.sqrt(n * special.polygamma(1, (m - 1) / 2)))
        out["mean_w2_squared"].append(squared_mean + 1 - 2 * root ** n + variance)
    return {"rows": m, "estimator": "mle" if divisor == m else "unbiased", "c4": c4(m), "generations": GENERATIONS, **out}


def gaussian_accumulate(m, unbiased):
    """One step of the pool: old rows, the within-batch scatter and the scatter between batch and pool mean."""
    generations = GENERATIONS + [999]
    fitted = closed = 1.0 if unbiased else 1 - 1 / m
    squared_mean, variances, means = 1 / m, [], []
    for n in range(1, generations[-1] + 2):
        if n > 1:
            t = n - 1
            squared_mean += fitted / (m * n * n)
            pooled = fitted * ((t * m - 1) / (t * m) if unbiased else 1)
            pooled = (t * pooled + fitted * (1 - 1 / m) + t / n * fitted / m) / n
            fitted = pooled * (n * m / (n * m - 1) if unbiased else 1)
            closed *= 1 - (1 / (n * (n * m - 1)) if unbiased else 1 / (m * n * n))
            close(fitted, closed)
        if n - 1 in generations:
            variances.append(fitted)
            means.append(squared_mean)
            if not unbiased:
                close(squared_mean, 1 - fitted)
    out = {"rows": m, "estimator": "unbiased" if unbiased else "mle", "generations": generations,
           "mean_variance": variances, "mean_squared_mean_error": means}
    if not unbiased:
        angle = math.pi / math.sqrt(m)
        out["limit_mean_variance"] = math.sin(angle) / angle
    return out


def zipf(exponent, k):
    w = [r ** -exponent for r in range(1, k + 1)]
    total = math.fsum(w)
    return np.array([x / total for x in w])


def binomial_row(m, p):
    """Binomial(m, p) probabilities of 0..m from exact coefficients."""
    return np.array([math.comb(m, b) * p ** b * (1 - p) ** (m - b) for b in range(m + 1)])


class Chain:
    """Law of every type's count when the m counts of each fit are drawn from the fit before (multinomial marginals)."""

    def __init__(self, p, m):
        self.m, self.p = m, np.asarray(p, float)
        self.step = np.array([binomial_row(m, a / m) for a in range(m + 1)])
        self.law = np.array([binomial_row(m, x) for x in self.p])
        close(self.step[m // 3], stats.binom.pmf(np.arange(m + 1), m, (m // 3) / m), 1e-6)

    def laws(self, last):
        """Yields (generation, law of the counts behind that generation's fit)."""
        law = self.law
        for g in range(last + 1):
            close(law.sum(1), 1.0, 1e-11)
            close(law @ np.arange(self.m + 1), self.m * self.p)
            yield g, law
            law = law @ self.step


def overlap_loss(law, p, m):
    """1 - E sum min(p, q) / sum p with q = count / m."""
    q = np.arange(law.shape[1]) / m
    return 1 - float((law * np.minimum(p[:, None], q)).sum() / p.sum())


def categorical_replace(exponent, k, m, first_tail_rank, alpha=.5):
    p = zipf(exponent, k)
    counts = np.arange(m + 1)
    q = counts / m
    names = ("heterozygosity", "support", "missing_true_mass", "entropy", "heldout_cross_entropy", "total_variation",
             "tail_support_lost", "tail_loss_own_probabilities", "tail_loss_fresh_rows")
    out = {n: [] for n in names}
    tail = slice(first_tail_rank - 1, k)
    plogp = np.where(q > 0, -q * np.log(np.where(q > 0, q, 1)), 0)
    het0 = 1 - math.fsum(x * x for x in p)
    laws = dict(Chain(p, m).laws(GENERATIONS[-1] + 1))
    for g in GENERATIONS:
        law = laws[g]
        absent = law[:, 0]
        het = 1 - float((law * q ** 2).sum())
        close(het, het0 * (1 - 1 / m) ** (g + 1))
        values = (het, float((1 - absent).sum()), float(p @ absent), float((law * plogp).sum()),
                  -float(p @ (law @ np.log((counts + alpha) / (m + alpha * k)))),
                  float((law * np.abs(q - p[:, None])).sum() / 2), float(absent[tail].sum()),
                  overlap_loss(law[tail], p[tail], m), overlap_loss(laws[g + 1][tail], p[tail], m))
        for n, v in zip(names, values):
            out[n].append(v)
    return {"exponent": exponent, "types": k, "rows": m, "evaluator_alpha": alpha, "tail_ranks": [first_tail_rank, k],
            "true_entropy": -math.fsum(x * math.log(x) for x in p), "true_heterozygosity": het0,
            "generations": GENERATIONS, **out}


def categorical_accumulate(exponent, k, m):
    """Heterozygosity of the pool; the pooled frequency moves by a batch of weight 1/n at fit n."""
    het0 = 1 - math.fsum(x * x for x in zipf(exponent, k))
    het, f, out = het0, 1 - het0, []
    for n in range(1, GENERATIONS[-1] + 2):
        f += (1 - f) / (m * n * n)
        het *= 1 - 1 / (m * n * n)
        close(1 - f, het)
        if n - 1 in GENERATIONS:
            out.append(het)
    return {"exponent": exponent, "types": k, "rows": m, "generations": GENERATIONS, "heterozygosity": out}


def single_type(p, m):
    laws = dict(Chain([p], m).laws(100))
    gens = FIRST_TWENTY + [49, 99]
    loss = {g: overlap_loss(law, np.array([p]), m) for g, law in laws.items()}
    return {"probability": p, "rows": m, "generations": gens, "tail_loss_own_probabilities": [loss[g] for g in gens],
            "tail_loss_fresh_rows": [loss[g + 1] for g in gens], "absent": [float(laws[g][0, 0]) for g in gens]}


def galton_watson():
    """Poisson limit: count c lives after t resamplings; a share r of every set may be resampled from the real rows."""
    counts = [1, 2, 3, 5, 10, 15]
    out = {"counts": counts, "resamplings": FIRST_TWENTY, "replace": {"survival": []}, "real_share": [], "probe": []}
    f = [0.0]
    for _ in range(100):
        f.append(math.exp(f[-1] - 1))
    out["replace"]["survival"] = [[1 - f[t] ** c for t in FIRST_TWENTY] for c in counts]
    for r in (.1, .25):
        for scheme in ("without_replacement", "with_replacement"):
            rows = [[survival_with_real(c, r, t, scheme) for t in FIRST_TWENTY] for c in counts]
            out["real_share"].append({"share": r, "real_rows": scheme, "survival": rows})
    close([survival_with_real(3, 0, t, "with_replacement") for t in FIRST_TWENTY], out["replace"]["survival"][2])
    for rho in (.1, .5, 1.):
        rows = []
        for c in counts:
            series = []
            for g in FIRST_TWENTY:
                x = math.exp(-rho)
                for _ in range(g):
                    x = math.exp(x - 1)
                series.append(1 - x ** c)
            rows.append(series)
        out["probe"].append({"probe_rows_over_training_rows": rho, "generations": FIRST_TWENTY, "survival": rows})
    out["extinct_from_15"] = {"resamplings": [1, 2, 5, 10, 20, 50, 100], "extinct": [f[t] ** 15 for t in (1, 2, 5, 10, 20, 50, 100)]}
    return out


def survival_with_real(c, r, steps, scheme):
    """1 - P(absent): generating function of X' = Poisson((1-r) X) + Binomial(c, r) or + Poisson(r c), X_0 = c, at 0."""
    s, absent = 0.0, 1.0
    for _ in range(steps):
        absent *= (1 - r + r * s) ** c if scheme == "without_replacement" else math.exp(r * c * (s - 1))
        s = math.exp((1 - r) * (s - 1))
    return 1 - absent * s ** c


def regression():
    """Excess risk of recursive least squares, x ~ N(0, I_d), rows T, label noise variance 1."""
    d, rows = 10, 50
    step = d / (rows - d - 1)
    n = [g + 1 for g in GENERATIONS]
    return {"dimension": d, "rows": rows, "noise_variance": 1, "generations": GENERATIONS,
            "replace": [k * step for k in n],
            "accumulate_same_design": [step * math.fsum(1 / i ** 2 for i in range(1, k + 1)) for k in n],
            "accumulate_fresh_design": [math.fsum(d / (t * (t * rows - d - 1)) for t in range(1, k + 1)) for k in n]}


def strong_collapse():
    """Least squares on n1 real and n2 synthetic rows whose coefficients are off by c^2 = 4, d = 8, noise 1, n2 = N / 10."""
    d, c2, out = 8, 4, []
    sizes = [20, 50, 100, 200, 500, 1000, 10000]
    for n in sizes:
        n2 = Fraction(n, 10)
        n1 = n - n2
        beta = n1 * n2 / (n * (n + 2) * Fraction(n - 1))
        alpha = n2 * (n2 + 2) / (n * Fraction(n + 2)) - beta
        out.append(float(Fraction(d, n - d - 1) + c2 * (alpha + beta * Fraction(n * d - 2, n - d - 1))))
    return {"dimension": d, "synthetic_share": .1, "squared_bias": c2, "noise_variance": 1, "rows": sizes, "excess_risk": out, "floor": .04}


def bernoulli_extinction():
    laws = dict(Chain([.01], 100).laws(99))
    return {"probability": .01, "rows": 100, "generations": GENERATIONS, "absent": [float(laws[g][0, 0]) for g in GENERATIONS]}


def main():
    sizes = (100, 10, 37)
    settings = ((1.2, 100, 200, 51), (1.0, 30, 50, 16))
    dump({
        "about": "exact expectations, generation 0 = fit on real data; written by laws.py",
        "gaussian_replace": [gaussian_replace(m, d) for m in sizes for d in (m, m - 1)],
        "gaussian_accumulate": [gaussian_accumulate(m, u) for m in sizes for u in (False, True)],
        "categorical_replace": [categorical_replace(*s) for s in settings],
        "categorical_accumulate": [categorical_accumulate(*s[:3]) for s in settings],
        "single_type": [single_type(p, 200) for p in (.005, .02)],
        "bernoulli_extinction": bernoulli_extinction(),
        "galton_watson": galton_watson(),
        "regression": regression(),
        "strong_collapse": strong_collapse(),
    })


if __name__ == "__main__":
    main()
