#!/usr/bin/env python3
"""Writes table.json: a small table of numbers with ties, categories and a weight a row, and what scipy and scikit-learn find in it:
the correlation of normal scores (numpy.corrcoef of scipy.stats.norm.ppf of scipy.stats.rankdata's mid-ranks), with and without
weights (rows repeated), the mutual information of every two columns in bins (sklearn.metrics.mutual_info_score), and the
maximum spanning tree (scipy.sparse.csgraph). Run: /usr/bin/env -i PATH=/usr/bin:/bin python3 table.py > table.json
"""
import json

import numpy as np
from scipy import stats
from scipy.sparse.csgraph import minimum_spanning_tree
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import mutual_info_score

ROWS, BINS = 120, 4
r = np.random.default_rng(20240229)
z = r.multivariate_normal(np.zeros(5), .5 * np.eye(5) + .5, size=ROWS)
table = np.column_stack([
    np.round(z[:, 0], 3), np.round(np.exp(z[:, 1]), 2), np.floor(3 * z[:, 2]),
    np.minimum(6, np.floor(2 * np.abs(z[:, 3]))), (z[:, 4] > .3).astype(float)])
categories = [0, 0, 0, 7, 2]
weights = r.integers(1, 4, size=ROWS)


def ordered(j, x):
    """A column whose order is its value's, or of categories the falling frequency, of equal ones the code."""
    if categories[j] == 0:
        return x
    count = [int((x == k).sum()) for k in range(categories[j])]
    place = {k: i for i, k in enumerate(sorted(range(categories[j]), key=lambda k: (-count[k], k)))}
    return np.array([place[int(v)] for v in x])


def scores(x):
    columns = [ordered(j, x[:, j]) for j in range(x.shape[1])]
    return np.corrcoef([stats.norm.ppf((stats.rankdata(c) - .5) / len(c)) for c in columns])


def bins(j, x):
    if categories[j]:
        return x
    return np.floor(BINS * (stats.rankdata(x) - .5) / len(x))


binned = [bins(j, table[:, j]) for j in range(5)]
information = [[float(mutual_info_score(a, b)) if i != j else 0 for j, b in enumerate(binned)] for i, a in enumerate(binned)]
tree = minimum_spanning_tree(-np.array(information)).toarray()
edges = sorted([min(i, j), max(i, j)] for i, j in zip(*map(lambda v: v.tolist(), np.nonzero(tree))))

features = np.column_stack([z[:, :3], z[:, 3] ** 2])
labels = (z[:, 0] + r.normal(size=ROWS) > .4).astype(int)
ridge = LogisticRegression(C=1, solver="newton-cholesky", tol=1e-12, max_iter=1000).fit(features, labels)

json.dump({
    "rows": table.tolist(), "categories": categories, "weights": weights.tolist(), "bins": BINS,
    "correlation": scores(table).tolist(), "weighted": scores(np.repeat(table, weights, axis=0)).tolist(),
    "information": information, "edges": edges,
    "logistic": {"x": features.tolist(), "y": labels.tolist(), "w": [float(ridge.intercept_[0])] + ridge.coef_[0].tolist()},
}, __import__("sys").stdout)
