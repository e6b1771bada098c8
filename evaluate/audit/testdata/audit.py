"""Reference values of the statistics of an audit, by scipy, scikit-learn and numpy: python3 audit.py > audit.json."""

import json

import numpy as np
from scipy import stats
from sklearn.linear_model import Ridge
from sklearn.metrics import mutual_info_score, roc_auc_score, roc_curve

r = np.random.default_rng(7)
n = 60
x, y = np.round(r.gamma(2, 3, n)), np.round(r.gamma(2.5, 3, n))  # with ties
a, b = r.integers(0, 5, n), r.integers(0, 6, n)
a2, b2 = (a + (r.random(n) < 0.3)) % 5, r.integers(0, 4, n)


def tpr(reference, candidate, share):
    label = np.r_[np.zeros(len(reference)), np.ones(len(candidate))]
    fpr, tpr, _ = roc_curve(label, np.r_[reference, candidate], drop_intermediate=False)
    return float(np.interp(share, fpr, tpr))


def ratio(values, codes):
    total = ((values - values.mean()) ** 2).sum()
    return float(np.sqrt(sum((codes == c).sum() * (values[codes == c].mean() - values.mean()) ** 2 for c in set(codes)) / total))


def shares(codes):
    return np.bincount(codes, minlength=8) / len(codes)


points = r.normal(size=(12, 3))
d = np.abs(points[:, None] - points[None]).sum(-1)
design = np.c_[r.normal(size=(40, 4))]
target = design @ np.array([1.0, -2.0, 0.5, 0.0]) + r.normal(size=40)
ridge = Ridge(alpha=1.0, tol=1e-12).fit(design, target)
exact = stats.binomtest(3, 120)
print(json.dumps({
    "X": x.tolist(), "Y": y.tolist(), "A": a.tolist(), "B": b.tolist(), "A2": a2.tolist(), "B2": b2.tolist(),
    "KS": float(stats.ks_2samp(x, y).statistic),
    "TV": float(0.5 * np.abs(shares(a) - shares(b)).sum()),
    "AUC": float(roc_auc_score(np.r_[np.zeros(n), np.ones(n)], np.r_[x, y])),
    "TPR": [tpr(x, y, s) for s in (0.01, 0.1, 0.5)],
    "Correlation": float(np.corrcoef(y, x)[0, 1]),
    "Information": [float(mutual_info_score(a, a2)), float(mutual_info_score(b, b2))],
    "Ratio": [ratio(x, a), ratio(y, b)],
    "Distances": d.tolist(), "Vendi2": float(len(d) ** 2 / (np.exp(-d) ** 2).sum()),
    "Design": design.tolist(), "Target": target.tolist(), "Ridge": [float(ridge.intercept_), *ridge.coef_.tolist()],
    "Exact": [float(v) for v in exact.proportion_ci(0.95, "exact")],
}))
