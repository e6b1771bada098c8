#!/usr/bin/env python3
"""Writes density.json: mixtures, kernel densities and bandwidths by scikit-learn and scipy.

Run: /usr/bin/python3 density.py > density.json   (Debian: numpy 1.24, scipy 1.10, scikit-learn 1.2)
"""
import json
import warnings

import numpy as np
from scipy.special import logsumexp
from scipy.stats import gaussian_kde, multivariate_normal, norm
from sklearn.mixture import GaussianMixture
from sklearn.neighbors import KernelDensity

warnings.filterwarnings("ignore")
g = np.random.default_rng(20240807)
out = {"em": [], "kde": [], "bandwidth": [], "scalar_mixture": []}


def rows(n, d, k):
    """n rows of d columns about k centres, rounded so that they read back short."""
    at = g.normal(size=(k, d)) * 2.5
    return np.round(at[g.integers(0, k, n)] + g.normal(size=(n, d)) * g.uniform(0.4, 1.2, size=d), 3)


# EM from the same start: means, weights and one covariance for all. sklearn takes the start as precisions.
for d, k, n, shape, tol, floor in [(2, 2, 90, "full", 1e-5, 1e-6), (2, 2, 90, "full", 1e-12, 1e-6), (2, 3, 120, "diag", 1e-9, 1e-6),
                                   (3, 3, 120, "full", 1e-9, 1e-3), (3, 2, 80, "spherical", 1e-9, 0), (1, 2, 60, "full", 1e-9, 1e-6),
                                   (4, 2, 100, "full", 1e-9, 1e-6), (2, 4, 150, "spherical", 1e-9, 1e-6)]:
    x = rows(n, d, k)
    means, weights = x[g.choice(n, k, replace=False)], np.full(k, 1 / k)
    variance = 2.0
    precision = {"full": np.array([np.eye(d) / variance] * k), "diag": np.full((k, d), 1 / variance), "spherical": np.full(k, 1 / variance)}[shape]
    m = GaussianMixture(k, covariance_type=shape, tol=tol, reg_covar=floor, max_iter=5000, weights_init=weights, means_init=means,
                        precisions_init=precision).fit(x)
    assert m.converged_
    c = m.covariances_
    full = {"full": lambda: c, "diag": lambda: np.array([np.diag(v) for v in c]), "spherical": lambda: np.array([np.eye(d) * v for v in c])}[shape]()
    at = np.round(g.normal(size=(25, d)) * 4, 3)
    out["em"].append(dict(shape={"diag": "diagonal"}.get(shape, shape), tolerance=tol, floor=floor, rows=x.tolist(), start_means=means.tolist(), start_variance=variance,
                          iterations=m.n_iter_, bound=float(m.lower_bound_), weights=m.weights_.tolist(), means=m.means_.tolist(), covariances=full.tolist(),
                          at=at.tolist(), score=m.score_samples(at).tolist()))

# Kernel densities: isotropic kernels, so by KernelDensity; far points by logsumexp, which does not underflow.
for d, n, h in [(1, 40, 0.3), (2, 60, 0.5), (3, 50, 1.0), (2, 30, 0.01), (1, 30, 1e-3), (2, 1, 0.7)]:
    x = np.round(g.normal(size=(n, d)) * 1.5 + 1000 * (h == 0.01), 3)
    at = np.concatenate([x[:2], np.round(x.mean(0) + g.normal(size=(20, d)) * 3, 3), x.mean(0) + np.array([[60.0] * d, [-900.0] * d])])
    w = np.round(g.uniform(0, 3, size=n), 2) + 0.01
    d2 = ((at[:, None] - x[None]) ** 2).sum(2)
    c = d * np.log(h * np.sqrt(2 * np.pi))
    score = KernelDensity(bandwidth=h, rtol=0, atol=0).fit(x).score_samples(at[:-2])
    mine = logsumexp(-d2 / (2 * h * h), axis=1) - np.log(n) - c
    if h > 0.1:  # where KernelDensity's own arithmetic is good
        assert np.allclose(score, mine[:-2], rtol=1e-9, atol=1e-9), (score, mine)
    weighted = logsumexp(-d2 / (2 * h * h), axis=1, b=w) - np.log(w.sum()) - c
    out["kde"].append(dict(rows=x.tolist(), weights=w.tolist(), bandwidth=h, at=at.tolist(), score=mine.tolist(), weighted=weighted.tolist()))

# Rules: scipy's factor (effective rows with weights) times the mean of the columns' standard deviations, as scipy takes them (divisor n_eff − 1).
for d, n in [(1, 30), (2, 50), (3, 40), (5, 25)]:
    x = np.round(g.normal(size=(n, d)) * g.uniform(0.5, 3, size=d), 3)
    w = np.round(g.uniform(0, 3, size=n), 2) + 0.01
    case = dict(rows=x.tolist(), weights=w.tolist())
    for name, weights in [("plain", None), ("weighted", w)]:
        for rule in ["scott", "silverman"]:
            k = gaussian_kde(x.T, bw_method=rule, weights=weights)
            covariance = np.atleast_2d(k.covariance) / k.factor**2
            case[name + "_" + rule] = float(k.factor * np.sqrt(np.diag(covariance)).mean())
    out["bandwidth"].append(case)

# Scalar mixtures: density, distribution function and quantile.
for weights, means, sds in [([0.35, 0.65], [-2, 1], [0.8, 1.3]), ([0.2, 0.5, 0.3], [0, 0.1, 50], [1, 0.01, 3])]:
    x = np.array([-12.0, -2, 0, 0.1, 0.5, 3, 40, 55])
    pdf = logsumexp(norm.logpdf(x[:, None], means, sds), axis=1, b=weights)
    cdf = (norm.cdf(x[:, None], means, sds) * weights).sum(1)
    out["scalar_mixture"].append(dict(weights=weights, means=means, sds=sds, x=x.tolist(), log_density=pdf.tolist(), cdf=cdf.tolist()))

# The log density of one normal of three columns, as a mixture of one.
c = np.array([[2, 0.6, -0.3], [0.6, 1, 0.4], [-0.3, 0.4, 0.5]])
at = np.round(g.normal(size=(10, 3)) * 2, 3)
out["normal"] = dict(covariance=c.tolist(), at=at.tolist(), score=multivariate_normal([1, -2, 0.5], c).logpdf(at).tolist())
print(json.dumps(out))
