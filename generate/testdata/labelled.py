"""Reference fits of labelled rows: python3 labelled.py > labelled.json (numpy 1.24, scipy 1.10; the seed only makes the data).
Least squares by the singular value decomposition (lstsq) of the rows and the ridge as least squares of rows with √λn·I below
them: no Gram matrix. Logistic regression by a trust region on the likelihood, polished until its gradient vanishes."""
import json
import math

import numpy as np
from scipy import optimize, special, stats

rng = np.random.default_rng(20260101)


def data(n, d, kind):
    x = rng.standard_normal((n, d)).round(4)
    if kind == "duplicate":
        x[:, -1] = x[:, 0]
    if kind == "constant":
        x[:, 1] = 2.
    if kind == "scales":
        x = (x * 10. ** np.arange(-3, d - 3)).round(7)
    if kind == "rank":
        x[:, 2:] = x[:, :2] @ np.array([[1., -2.], [.5, 3.]])[:, : d - 2]
    if kind == "rows":
        x[n // 2:] = x[: n - n // 2]
    return x


def least_squares():
    out = []
    for n, d, kind, ridge, weighted in ((12, 4, "", 0., False), (30, 6, "", .1, False), (5, 9, "", 0., False), (9, 9, "", 0., False), (4, 7, "", .05, False), (20, 5, "duplicate", 0., True),
                                        (15, 4, "constant", 0., False), (40, 4, "scales", 0., True), (18, 4, "rank", 0., False), (10, 8, "rows", 0., False), (25, 3, "", 2., True), (1, 3, "", 0., False)):
        x = data(n, d, kind)
        y = (x @ np.arange(1., d + 1) + rng.standard_normal(n)).round(4)
        w = rng.integers(1, 6, n) / 2. if weighted else np.ones(n)
        a, b = x * np.sqrt(w)[:, None], y * np.sqrt(w)
        if ridge:
            a, b = np.concatenate((a, math.sqrt(ridge * w.sum()) * np.eye(d))), np.concatenate((b, np.zeros(d)))
        scale = np.abs(a).max(0) if not np.any(np.linalg.matrix_rank(a) < d) else np.ones(d)
        solution, _, rank, _ = np.linalg.lstsq(a / scale, b, rcond=1e-10)
        solution = solution / scale
        residual = b - a @ solution
        assert np.abs(a.T @ residual).max() < 1e-9 * np.abs(a).max() * np.abs(b).max() * n
        out.append({"x": x.tolist(), "y": y.tolist(), "weights": w.tolist(), "ridge": ridge, "rank": int(rank), "solution": solution.tolist(),
                    "residual": float((residual ** 2).sum())})
    return out


def logistic():
    out = []
    for n, d, ridge, weighted, soft in ((60, 3, 0., False, False), (200, 5, .02, False, False), (40, 2, 0., True, False), (30, 4, .5, True, False), (25, 2, 0., False, True)):
        x = data(n, d, "")
        p = special.expit(x @ np.linspace(-1.5, 2., d))
        y = p.round(3) if soft else (rng.random(n) < p).astype(float)
        w = rng.integers(1, 6, n) / 2. if weighted else np.ones(n)
        def value(b):
            t = x @ b
            return float(-(w * (y * t - np.logaddexp(0, t))).sum() + ridge * w.sum() * (b @ b) / 2)
        def gradient(b):
            return -(x.T @ (w * (y - special.expit(x @ b)))) + ridge * w.sum() * b
        def hessian(b):
            q = special.expit(x @ b)
            return (x * (w * q * (1 - q))[:, None]).T @ x + ridge * w.sum() * np.eye(d)
        b = optimize.minimize(value, np.zeros(d), jac=gradient, hess=hessian, method="trust-exact", options={"gtol": 1e-9}).x
        for _ in range(3):
            b = b - np.linalg.solve(hessian(b), gradient(b))
        assert np.abs(gradient(b)).max() < 1e-12 * n
        out.append({"x": x.tolist(), "y": y.tolist(), "weights": w.tolist(), "ridge": ridge, "solution": b.tolist()})
    return out


def scores():
    x, b = data(6, 3, ""), np.array([.5, -1., 2.])
    y, label = (x @ b + np.array([0., 1., -.3, 2., -5., 30.])).round(4), np.array([0., 1., 1., 0., 1., 0.])
    t = 40 * (x @ b)
    return {"x": x.tolist(), "weights": b.tolist(), "noise": 1.7, "y": y.tolist(), "linear": stats.norm(x @ b, 1.7).logpdf(y).tolist(),
            "labels": label.tolist(), "logistic": (-np.logaddexp(0, np.where(label == 1, -t, t))).tolist(), "steepness": 40.}


print(json.dumps({"least_squares": least_squares(), "logistic": logistic(), "scores": scores()}))
