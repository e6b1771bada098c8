"""Exact laws of data workflows for tests: python3 workflows.py > workflows.json (numpy 1.24, no random numbers).
Generation 0 is the fit on real data; generation g is fit g + 1 (two models: fits 2g and 2g + 1, counted from 0).
Plans are data, so a general oracle can be tested on the plan and a workflow's own plan against it."""
import math
import sys

import numpy as np

sys.dont_write_bytecode = True
from laws import GENERATIONS, close, dump, zipf  # noqa: E402

FAMILIES = (  # name, parameters, V(mu0), v2 of the variance function V(mu) = v0 + v1 mu + v2 mu^2
    ("gaussian_known_variance", {"mean": 0, "variance": 1}, 1., 0.),
    ("gaussian_mle", {"mean": 0, "variance": 1}, 1., -1.),
    ("poisson", {"mean": 3}, 3., 0.),
    ("bernoulli", {"probability": .3}, .21, -1.),
    ("exponential", {"mean": 2}, 4., 1.),
    ("gamma", {"mean": 2, "shape": 3}, 4 / 3, 1 / 3),
    ("negative_binomial", {"mean": 2, "size": 4}, 3., .25),
)


def workflow_plans(last, n=50):
    """Plans as data: datasets are [source fit or -1 for real rows, rows]; fits are lists of [dataset, weight]."""
    golden = (math.sqrt(5) - 1) / 2
    def build(rule, first=None):
        sets, fits = [[-1, n]], [first or [[0, 1.]]]
        for g in range(1, last + 1):
            new, blend = rule(g, len(sets))
            sets += new
            fits.append(blend)
        return {"datasets": sets, "fits": fits, "fits_a_generation": 1}

    def two_models():
        sets, fits = [[-1, n], [-1, n]], [[[0, 1.]], [[1, 1.]]]
        for g in range(1, last + 1):
            k, a, b = len(sets), 2 * g - 2, 2 * g - 1
            sets += [[a, n // 2], [b, n // 2], [a, n // 5], [b, 4 * n // 5]]
            fits += [[[k, .5], [k + 1, .5]], [[k + 2, .2], [k + 3, .8]]]
        return {"datasets": sets, "fits": fits, "fits_a_generation": 2}

    return {
        "replace": build(lambda g, k: ([[g - 1, n]], [[k, 1.]])),
        "accumulate": build(lambda g, k: ([[g - 1, n]], [[j, 1 / (g + 1)] for j in range(g + 1)])),
        "window_3": build(lambda g, k: ([[g - 1, n]], [[j, 1 / min(3, g + 1)] for j in range(max(0, g - 2), g + 1)])),
        "fresh_real_20_synthetic_30": build(lambda g, k: ([[-1, 20], [g - 1, 30]], [[k, .4], [k + 1, .6]])),
        "fixed_real_50_synthetic_50": build(lambda g, k: ([[g - 1, n]], [[0, .5], [k, .5]])),
        "golden_weights_fresh_real": build(lambda g, k: ([[-1, n], [g - 1, n]], [[k, golden], [k + 1, 1 - golden]])),
        "anchor_0.2_on_first_real_rows": build(lambda g, k: ([[g - 1, n]], [[0, .2], [k, .8]])),
        "growing_rows_50_times_fit": build(lambda g, k: ([[g - 1, n * (g + 1)]], [[k, 1.]])),
        "two_models": two_models(),
    }


def linear_workflows(last=20):
    """Var of the fitted mean. theta = mu0 + sum a_j e_j over the datasets' own noises e_j, which are uncorrelated,
    with Var e_j = E V(theta of its source) / rows: an expansion in noises instead of a covariance recursion."""
    out = []
    for name, plan in workflow_plans(last).items():
        sets, fits = plan["datasets"], plan["fits"]
        for blend in fits:
            close(math.fsum(w for _, w in blend), 1)
        answers = []
        for family, parameters, v0, v2 in FAMILIES:
            noise, coefficients, variances = np.zeros(len(sets)), [], []
            ready = 0
            for t, blend in enumerate(fits):
                while ready < len(sets) and sets[ready][0] < t:
                    source, rows = sets[ready]
                    noise[ready] = (v0 + (v2 * variances[source] if source >= 0 else 0)) / rows
                    ready += 1
                a = np.zeros(len(sets))
                for j, w in blend:
                    a[j] += w
                    if sets[j][0] >= 0:
                        a += w * coefficients[sets[j][0]]
                coefficients.append(a)
                variances.append(float((a * a * noise).sum()))
            check_linear(name, v0, v2, variances)
            answers.append({"family": family, "parameters": parameters, "variance_function_at_truth": v0,
                            "variance_function_curvature": v2, "variance_of_mean": variances})
        out.append({"workflow": name, "generations": last + 1, **plan, "families": answers})
    return out


def check_linear(name, v0, v2, variances, n=50):
    """Closed forms where they are known."""
    g = np.arange(1, len(variances) + 1)
    if name == "replace":
        close(variances, v0 * ((1 + v2 / n) ** g - 1) / v2 if v2 else v0 * g / n)
    if name == "accumulate":
        close(variances, v0 * (np.cumprod(1 + v2 / (n * g ** 2.)) - 1) / v2 if v2 else v0 * np.cumsum(1 / g ** 2.) / n)
    if name == "fresh_real_20_synthetic_30":
        v = v0 / n
        for x in variances:
            close(x, v)
            v = .16 * v0 / 20 + .36 * (v + (v0 + v2 * v) / 30)


def gaussian_accumulate_subsample(m, replacement):
    """MLE on m rows drawn from the pool of all generations; pool and fitted variance, mean error of the fit."""
    pooled, product, out = 1 - 1 / m, 1 - 1 / m, []
    for t in range(1, GENERATIONS[-1] + 2):
        size = t * m
        if replacement:
            fitted, spread = pooled * (1 - 1 / m), pooled / m
        else:
            fitted, spread = pooled * size / (size - 1) * (1 - 1 / m), pooled * (size - m) / (m * (size - 1))
        close(product, pooled)
        if t - 1 in GENERATIONS:
            out.append((pooled, fitted, 1 - fitted))
        between = fitted / m + spread
        pooled = (t * pooled + fitted * (1 - 1 / m) + t / (t + 1) * between) / (t + 1)
        if replacement:
            product *= 1 - (2 * m - 1) / (m * m * (t + 1) ** 2)
        else:
            product *= 1 - (2 * m * t - m - t) / (m * (t + 1) ** 2 * (m * t - 1))
    return {"rows": m, "replacement": replacement, "generations": GENERATIONS, "mean_pooled_variance": [x[0] for x in out],
            "mean_variance": [x[1] for x in out], "mean_squared_mean_error": [x[2] for x in out]}


def gaussian_biased_sampling(m, scale):
    """Unbiased variance, rows drawn with variance scale * fitted variance, replace; generation 0 sees real rows."""
    variance, error, out = 1., 1 / m, []
    for g in range(GENERATIONS[-1] + 1):
        close([variance, error], [scale ** g, 1 / m + scale / m * (1 - scale ** g) / (1 - scale)])
        if g in GENERATIONS:
            out.append((variance, error))
        error += scale * variance / m
        variance *= scale
    return {"rows": m, "variance_scale": scale, "generations": GENERATIONS, "mean_variance": [x[0] for x in out], "mean_squared_mean_error": [x[1] for x in out]}


def kernel_density(n, h):
    """Normal kernel of fixed bandwidth: variance (divisor n) of the training rows under replace, second moment of the pool."""
    variance, moment, replace, pool = 1 - 1 / n, 1., [], []
    for g in range(GENERATIONS[-1] + 1):
        fixed = (n - 1) * h * h
        close(variance, fixed + (1 - 1 / n - fixed) * (1 - 1 / n) ** g)
        close(moment, 1 + h * h * math.fsum(1 / i for i in range(2, g + 2)))
        if g in GENERATIONS:
            replace.append(variance)
            pool.append(moment)
        variance = (1 - 1 / n) * (variance + h * h)
        moment = ((g + 1) * moment + moment + h * h) / (g + 2)
    return {"rows": n, "bandwidth": h, "generations": GENERATIONS, "replace_mean_variance_of_rows": replace,
            "replace_limit": (n - 1) * h * h, "accumulate_second_moment_of_pool": pool}


def real_mixture():
    """E sum q^2 when each of m draws is a fresh real row with probability pi, else from the last fit."""
    p, m, pi = zipf(1.2, 20), 100, .1
    s1 = math.fsum(x * x for x in p)
    f, out = s1, []
    for n in range(1, GENERATIONS[-1] + 2):
        share = 1. if n == 1 else pi
        f = 1 / m + (1 - 1 / m) * ((1 - share) ** 2 * f + (2 * share - share ** 2) * s1)
        if n - 1 in GENERATIONS:
            out.append(f)
    keep = (1 - 1 / m) * (1 - pi) ** 2
    return {"exponent": 1.2, "types": 20, "rows": m, "real_share": pi, "generations": GENERATIONS, "sum_of_squares": out,
            "truth": s1, "stationary": (1 / m + (1 - 1 / m) * (2 * pi - pi ** 2) * s1) / (1 - keep)}


def weighted_fresh_real():
    """Variance of a mean that weighs n fresh real rows by w and m synthetic rows by 1 - w (unit row variance)."""
    golden, out = (math.sqrt(5) - 1) / 2, []
    starts = (("golden", golden, golden ** 2 / 50 + (1 - golden) ** 2 / 50), ("golden", golden, 1 / 50), ("half", .5, 1 / 100))
    for name, w, v in starts:
        start, series = v, []
        for g in range(GENERATIONS[-1] + 1):
            if g:
                v = w ** 2 / 50 + (1 - w) ** 2 * (v + 1 / 50)
            if g in GENERATIONS or g < 5:
                series.append([g, v])
        limit = (w ** 2 + (1 - w) ** 2) / 50 / (1 - (1 - w) ** 2)
        out.append({"weight": w, "name": name, "real_rows": 50, "synthetic_rows": 50, "variance_of_generation_0": start,
                    "generation_and_variance": series, "limit": limit})
    return out


def accumulate_subsample():
    """Large-m law of m Var(mean of fit t): pooled part plus the subsample; limit pi^2/2 - 2."""
    out, pooled = [], 1.0
    for t in range(1, 1001):
        if t > 1:
            k = t - 1
            pooled += (2 - 1 / k) / t ** 2
        if t - 1 in GENERATIONS + [999]:
            out.append(pooled + 1 - 1 / t)
    return {"generations": GENERATIONS + [999], "rows_times_variance_of_mean": out, "limit": math.pi ** 2 / 2 - 2}


def main():
    sizes = (100, 10, 37)
    dump({
        "about": "exact laws of data workflows, generation 0 = fit on real data; written by workflows.py",
        "gaussian_accumulate_subsample": [gaussian_accumulate_subsample(m, r) for m in sizes for r in (False, True)],
        "gaussian_biased_sampling": [gaussian_biased_sampling(m, x) for m, x in ((100, .9), (10, .5))],
        "kernel_density": [kernel_density(100, .3), kernel_density(50, .1)],
        "real_mixture": real_mixture(),
        "weighted_fresh_real": weighted_fresh_real(),
        "accumulate_subsample": accumulate_subsample(),
        "linear_workflows": linear_workflows(),
    })


if __name__ == "__main__":
    main()
