"""Two normals of two columns by scikit-learn's EM, refitted to their own rows: tolerance 1e-5, at most 2,000 iterations, as in
the notebook of Shumailov et al. 2024. Measure: mean variance of a column of the mixture."""
import warnings
import numpy as np
from sklearn.mixture import GaussianMixture
from common import report

warnings.filterwarnings("ignore")


def run(chains, generations, n, k):
    last = []
    for chain in range(chains):
        rng, state = np.random.default_rng(chain), np.random.RandomState(chain)
        rows = rng.standard_normal((n, 2))
        for g in range(generations):
            m = GaussianMixture(k, tol=1e-5, max_iter=2000, random_state=state).fit(rows)
            mean = m.weights_ @ m.means_
            spread = m.means_ - mean
            cov = np.einsum("k,kij->ij", m.weights_, m.covariances_) + (m.weights_[:, None] * spread).T @ spread
            rows = m.sample(n)[0]
        last.append(np.trace(cov) / 2)
    return last


report(run)
