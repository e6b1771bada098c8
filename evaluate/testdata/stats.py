"""Reference values for tests of statistics: python3 stats.py > stats.json (numpy 1.24, scipy 1.10, no random numbers).
Input vectors stand in the output beside the answers; exact permutation values are counted by enumeration in integers,
and what scipy lacks (Holm, exact permutation, sharp Student quantiles) is computed here and asserted against a second route."""
import itertools
import math
import sys

import numpy as np
from scipy import integrate, special, stats

sys.dont_write_bytecode = True
from laws import close, dump  # noqa: E402

A = [1.12, 0.87, 1.93, 1.41, 0.66, 1.58, 2.04, 1.25]
B = [1.71, 2.36, 1.09, 2.88, 2.15, 1.97]
C = [3.10, 2.95, 3.42, 3.01, 2.77]
BEFORE = [12.1, 9.8, 11.4, 10.3, 13.7, 12.9, 10.1]
AFTER = [11.2, 9.9, 10.1, 9.2, 12.8, 13.1, 8.7]
THREE_BEFORE = [4.20, 4.31, 4.18]
THREE_AFTER = [4.57, 4.63, 4.60]
UNIFORMS = [0.03, 0.11, 0.19, 0.24, 0.38, 0.47, 0.52, 0.61, 0.79, 0.86, 0.93, 0.97]
SKEWED = [0.01, 0.02, 0.04, 0.07, 0.09, 0.15, 0.18, 0.26, 0.31, 0.42, 0.55, 0.71]


def t_upper_tail(t, df):
    """P(T > t), t >= 0, by quadrature of sin(phi)^(df-1), tan(phi) = sqrt(df) / t."""
    end = math.atan2(math.sqrt(df), t)
    edges = [end * f for f in (0, .5, .8, .9, .95, .98, 1)]
    mass = math.fsum(integrate.quad(lambda x: math.sin(x) ** (df - 1), a, b, epsabs=0, epsrel=1e-13, limit=500)[0] for a, b in zip(edges, edges[1:]))
    return mass * math.exp(special.gammaln((df + 1) / 2) - special.gammaln(df / 2)) / math.sqrt(math.pi)


def t_quantile(q, df):
    """scipy 1.10's t.ppf is good to about 1e-8 only: Newton steps on the cdf, from whichever tail is the smaller."""
    if q > .5:
        return -t_quantile(1 - q, df)
    x = stats.t.ppf(q, df)
    for _ in range(4):
        x -= (stats.t.cdf(x, df) - q) / stats.t.pdf(x, df)
    close(t_upper_tail(abs(x), df), q, 1e-11)
    return 0. if q == .5 else x


def distributions():
    probabilities = (1e-6, .001, .01, .025, .05, .1, .25, .5, .75, .9, .95, .975, .99, .999, 1 - 1e-6)
    freedoms = (1, 2, 3, 4.5, 5, 9, 17.3, 30, 99, 1000)
    t_values = (0, .1, .5, 1, 1.96, 2.5, 3.7, 6, 12, 40)
    z_values = (-8, -5, -3, -1.96, -1, -.3, 0, .3, 1, 2.326, 3, 5, 8)
    for t, df in itertools.product(t_values, freedoms):
        close(t_upper_tail(t, df), stats.t.sf(t, df), 1e-11)
    for q, df in itertools.product((.001, .025, .5, .95, .975, .999), (1, 2, 9, 99)):
        close(stats.chi2.cdf(stats.chi2.ppf(q, df), df), q, 1e-12)
        close(special.betainc(df, 7, stats.beta.ppf(q, df, 7)), q, 1e-12)
    return {
        "student_t_quantile": cases(("p", "df", "quantile"), [(q, df, t_quantile(q, df)) for q in probabilities for df in freedoms]),
        "student_t_two_sided_p": cases(("t", "df", "p"), [(t, df, min(1., 2 * stats.t.sf(t, df))) for t in t_values for df in freedoms]),
        "normal": cases(("z", "cdf", "upper_tail", "density"), [(z, stats.norm.cdf(z), stats.norm.sf(z), stats.norm.pdf(z)) for z in z_values]),
        "normal_quantile": cases(("p", "quantile"), [(q, stats.norm.ppf(q)) for q in probabilities]),
        "chi2_upper_tail": cases(("x", "df", "p"), [(x, df, stats.chi2.sf(x, df)) for x in (.1, 1, 3.84, 10, 50, 120, 300) for df in (1, 2, 5, 9, 99)]),
        "chi2_cdf": cases(("x", "df", "cdf"), [(x, df, stats.chi2.cdf(x, df)) for x in (.001, .1, 1, 3.84, 10, 50, 120) for df in (1, 2, 5, 9, 99)]),
        "chi2_quantile": cases(("p", "df", "quantile"), [(q, df, stats.chi2.ppf(q, df)) for q in (.001, .025, .5, .95, .975, .999) for df in (1, 2, 9, 99)]),
        "f_upper_tail": cases(("x", "df1", "df2", "p"), [(x, a, b, stats.f.sf(x, a, b)) for x in (.5, 1, 2.5, 6) for a in (1, 4, 10) for b in (5, 20)]),
        "binomial_cdf": cases(("k", "n", "p", "cdf"), [(k, n, p, stats.binom.cdf(k, n, p)) for k, n, p in
                              ((0, 10, .3), (3, 10, .3), (0, 1000, .01), (10, 1000, .01), (23, 1000, .01), (100, 200, .5))]),
        "poisson_cdf": cases(("k", "mean", "cdf"), [(k, m, stats.poisson.cdf(k, m)) for k, m in ((0, .5), (2, .5), (3, 3), (10, 7.5), (40, 50))]),
        "clopper_pearson_95": cases(("k", "n", "low", "high"), [(k, n, 0. if k == 0 else stats.beta.ppf(.025, k, n - k + 1),
                                    1. if k == n else stats.beta.ppf(.975, k + 1, n - k)) for k, n in ((0, 20), (1, 20), (7, 20), (20, 20), (10, 1000))]),
        "gamma_functions": cases(("x", "log_gamma", "digamma", "trigamma"), [(x, special.gammaln(x), special.digamma(x), special.polygamma(1, x))
                                 for x in (.5, 1, 1.5, 4.5, 18, 49.5, 500)]),
    }


def cases(names, rows):
    return [dict(zip(names, (float(v) if isinstance(v, (np.generic, np.ndarray)) else v for v in row))) for row in rows]


def describe(x):
    return {"x": x, "n": len(x), "mean": float(np.mean(x)), "variance_n_minus_1": float(np.var(x, ddof=1)), "variance_n": float(np.var(x)),
            "standard_error": float(stats.sem(x)), "median": float(np.median(x)), "skewness": float(stats.skew(x)),
            "excess_kurtosis": float(stats.kurtosis(x)),
            "quantiles_linear": cases(("p", "quantile"), [(q, np.quantile(x, q)) for q in (0, .01, .1, .25, .5, .9, .99, 1)])}


def one_sample_t(x, mean, level):
    r = stats.ttest_1samp(x, mean)
    half = t_quantile((1 + level) / 2, len(x) - 1) * stats.sem(x)
    return {"x": x, "mean_under_null": mean, "t": float(r.statistic), "df": len(x) - 1, "p": float(r.pvalue),
            "level": level, "low": float(np.mean(x) - half), "high": float(np.mean(x) + half)}


def welch(x, y, level=.95):
    r = stats.ttest_ind(x, y, equal_var=False)
    vx, vy = np.var(x, ddof=1) / len(x), np.var(y, ddof=1) / len(y)
    df = (vx + vy) ** 2 / (vx ** 2 / (len(x) - 1) + vy ** 2 / (len(y) - 1))
    diff, half = np.mean(x) - np.mean(y), t_quantile((1 + level) / 2, df) * math.sqrt(vx + vy)
    close(2 * stats.t.sf(abs(diff) / math.sqrt(vx + vy), df), r.pvalue)
    return {"x": x, "y": y, "t": float(r.statistic), "df": float(df), "p_two_sided": float(r.pvalue),
            "p_less": float(stats.ttest_ind(x, y, equal_var=False, alternative="less").pvalue),
            "difference": float(diff), "level": level, "low": float(diff - half), "high": float(diff + half)}


def paired(x, y, level=.95):
    d = np.subtract(x, y)
    r = stats.ttest_rel(x, y)
    half = t_quantile((1 + level) / 2, len(d) - 1) * stats.sem(d)
    return {"x": x, "y": y, "t": float(r.statistic), "df": len(d) - 1, "p_two_sided": float(r.pvalue),
            "p_greater": float(stats.ttest_rel(x, y, alternative="greater").pvalue),
            "difference": float(d.mean()), "level": level, "low": float(d.mean() - half), "high": float(d.mean() + half)}


def sign_flip(d, scale):
    """Exact: all 2^n sign vectors, |sum| (two-sided) or sum (greater) at least the observed one, in integers."""
    k = [round(v * scale) for v in d]
    close(np.array(k) / scale, d)
    sums = [sum(s * v for s, v in zip(signs, k)) for signs in itertools.product((-1, 1), repeat=len(k))]
    two, one = sum(abs(s) >= abs(sum(k)) for s in sums), sum(s >= sum(k) for s in sums)
    return {"differences": d, "sign_vectors": len(sums), "p_two_sided": two / len(sums), "p_greater": one / len(sums), "smallest_possible_two_sided": 2 / len(sums)}


def permutation(x, y):
    """Exact two-sample test of the mean difference over all splits, in integers of hundredths."""
    pool = [round(100 * v) for v in x + y]
    n, total = len(x), sum(pool)
    def stat(s):
        return abs(s * len(y) - (total - s) * n)
    seen = stat(sum(pool[:n]))
    splits = [stat(sum(c)) for c in itertools.combinations(pool, n)]
    return {"x": x, "y": y, "splits": len(splits), "p_two_sided": sum(s >= seen for s in splits) / len(splits)}


def holm(p):
    """Step-down: adjusted p of rank i is the largest of (m - j + 1) p_(j), j <= i, at most 1."""
    order, running, out = sorted(range(len(p)), key=lambda i: p[i]), 0.0, [0.0] * len(p)
    for rank, i in enumerate(order):
        running = max(running, min(1.0, (len(p) - rank) * p[i]))
        out[i] = running
    for level in (.001, .01, .05, .1, .3):
        rejected = set()
        for rank, i in enumerate(order):
            if p[i] > level / (len(p) - rank):
                break
            rejected.add(i)
        assert rejected == {i for i in range(len(p)) if out[i] <= level * (1 + 1e-12)}
    return {"p": p, "adjusted": out}


def kolmogorov():
    def one(x, name, cdf):
        e = stats.kstest(x, cdf, method="exact")
        return {"x": x, "null": name, "statistic": float(e.statistic), "p_exact": float(e.pvalue),
                "p_limit": float(stats.kstwobign.sf(math.sqrt(len(x)) * e.statistic))}

    def two(x, y):
        e = stats.ks_2samp(x, y, method="exact")
        n, m = len(x), len(y)
        pool = sorted(x + y)
        def stat(chosen):
            i = j = best = 0
            for k in range(n + m):
                i, j = (i + 1, j) if k in chosen else (i, j + 1)
                if k + 1 == n + m or pool[k + 1] != pool[k]:
                    best = max(best, abs(i * m - j * n))
            return best
        observed = round(e.statistic * n * m)
        splits = [stat(set(c)) >= observed for c in itertools.combinations(range(n + m), n)]
        p = sum(splits) / len(splits)
        if len(set(pool)) == n + m:
            close(p, e.pvalue)
        return {"x": x, "y": y, "statistic": float(e.statistic), "p_permutation": p, "p_exact_without_ties": float(e.pvalue),
                "p_limit": float(stats.kstwobign.sf(math.sqrt(n * m / (n + m)) * e.statistic))}

    sizes = ((5, .2), (5, .563), (10, .3), (10, .409), (40, .1), (40, .21), (100, .05), (100, .134), (1000, .03), (1000, .06))
    return {"one_sample": [one(UNIFORMS, "uniform on [0, 1]", "uniform"), one(SKEWED, "uniform on [0, 1]", "uniform"),
                           one([v - 1.3 for v in A], "standard normal", "norm")],
            "two_sample": [two(A, B), two(B, C), two(UNIFORMS[:7], SKEWED[:6]), two([1., 2., 2., 3., 5.], [2., 3., 3., 4., 6., 7.])],
            "one_sample_upper_tail": cases(("n", "d", "p_exact"), [(n, d, stats.kstwo.sf(d, n)) for n, d in sizes]),
            "limit_upper_tail": cases(("sqrt_n_d", "p"), [(x, stats.kstwobign.sf(x)) for x in (.3, .5, .8, 1., 1.2238, 1.3581, 1.6276, 2., 3.)])}


def chi_square():
    def fit(counts, p):
        expected = np.array(p) * sum(counts)
        r = stats.chisquare(counts, expected)
        g = stats.power_divergence(counts, expected, lambda_="log-likelihood")
        return {"counts": counts, "probabilities": p, "statistic": float(r.statistic), "df": len(counts) - 1, "p": float(r.pvalue),
                "g_statistic": float(g.statistic), "g_p": float(g.pvalue)}

    def table(rows):
        s, p, df, _ = stats.chi2_contingency(rows, correction=False)
        v = math.sqrt(s / np.sum(rows) / (min(np.shape(rows)) - 1))
        return {"table": rows, "statistic": float(s), "df": int(df), "p": float(p), "cramers_v": v}

    return {"goodness_of_fit": [fit([18, 22, 20, 25, 15], [.2] * 5), fit([50, 30, 12, 8], [.4, .3, .2, .1]), fit([3, 0, 9], [.25, .25, .5])],
            "independence": [table([[10, 20, 30], [25, 18, 17]]), table([[40, 12], [22, 31]])]}


def main():
    dump({
        "about": "reference values of statistics; written by stats.py",
        "distributions": distributions(),
        "describe": [describe(A), describe(C)],
        "one_sample_t": [one_sample_t(A, 1, .95), one_sample_t(C, 3, .9)],
        "welch": [welch(A, B), welch(B, C), welch(THREE_AFTER, THREE_BEFORE)],
        "paired_t": [paired(BEFORE, AFTER), paired(THREE_AFTER, THREE_BEFORE, .9)],
        "sign_flip": [sign_flip([.9, -.1, 1.3, 1.1, .9, -.2, 1.4], 10), sign_flip([.37, .32, .42], 100), sign_flip([1., -2., 3., -1., 5., 2., 2., -3., 4., 1.], 1)],
        "permutation": [permutation(A, B), permutation(B, C), permutation([1., 2., 3.], [3., 4., 5., 1.])],
        "holm": [holm([.01, .04, .03, .005]), holm([.001, .2, .9, .04, .04, .03]), holm([.5]), holm([0., 1., .6])],
        "kolmogorov_smirnov": kolmogorov(),
        "chi_square": chi_square(),
    })


if __name__ == "__main__":
    main()
