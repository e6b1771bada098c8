"""Reference values of regression and classification for tests: python3 regression.py > regression.json (numpy 1.24, scipy 1.10).
Simulations run the processes themselves, with their inputs, labels and solves; they come with standard errors. Integrals are
exact to the digits given. Generation 0 is the fit on real rows. Takes about a minute."""
import itertools
import math
import sys

import numpy as np
from scipy import integrate, special, stats

sys.dont_write_bytecode = True
from laws import close, dump  # noqa: E402


def inverse_chi2(k):
    """E 1/chi2_k by quadrature."""
    law = stats.chi2(k)
    cuts = [0, *law.ppf([1e-8, 1e-4, .1, .5, .9]), law.isf(1e-4), law.isf(1e-10), np.inf]
    return math.fsum(integrate.quad(lambda x: law.pdf(x) / x if x > 0 else 0., a, b, epsabs=0, epsrel=1e-12)[0] for a, b in zip(cuts, cuts[1:]))


def mean_se(x):
    x = np.asarray(x)
    return {"mean": float(x.mean()), "se": float(x.std(ddof=1) / math.sqrt(len(x)))}


def least_squares():
    """E tr (X'X)^-1 is dim E 1/chi2_{rows-dim+1} (a diagonal element of the inverse is one over a residual sum of squares);
    accumulation is summed in rationals of it."""
    out = []
    for d, n, s, r in ((10, 50, 1., 1.), (3, 7, .5, 2.), (20, 30, 2., 0.)):
        def unit(rows):
            return d * inverse_chi2(rows - d + 1)
        close(unit(n), d / (n - d - 1), 1e-8)
        gens = [0, 1, 4, 9, 19, 49, 99]
        same = [unit(n) * (s * s + r * r * math.fsum(1 / i ** 2 for i in range(2, g + 2))) for g in gens]
        # pooled rows of fit t: the newest block's share 1/t of tr G^-1
        parts = [(s if t == 1 else r) ** 2 * d / (t * (t * n - d - 1)) for t in range(1, 101)]
        for t in (1, 2, 5):
            close(parts[t - 1], (s if t == 1 else r) ** 2 * unit(t * n) / t, 1e-8)
        out.append({"dim": d, "rows": n, "noise": s, "label_noise": r, "generations": gens,
                    "replace": [unit(n) * (s * s + g * r * r) for g in gens], "accumulate_same": same,
                    "accumulate_fresh": [math.fsum(parts[:g + 1]) for g in gens]})
    return out


def simulate(seed, chains, dim, sizes, truth, fit, same=False, spectrum=0.):
    """Risk by generation of chains of least squares; fit(g, x, y, x_new, y_new) says what is learned from."""
    rng = np.random.default_rng(seed)
    sd = np.arange(1, dim + 1.) ** (-spectrum / 2)
    risks = []
    for _ in range(chains):
        state, line, teacher, first = {}, [], truth["w"], None
        for g, n in enumerate(sizes):
            x = first if same and g else rng.standard_normal((n, dim)) * sd
            first = x if first is None else first
            y = x @ teacher + truth["noise" if g == 0 else "label_noise"] * rng.standard_normal(n)
            teacher = fit(g, x, y, state, rng)
            line.append(float((((teacher - truth["w"]) * sd) ** 2).sum()))
        risks.append(line)
    return [mean_se(r) for r in np.array(risks).T]


def newest(g, x, y, state, rng):
    return np.linalg.lstsq(x, y, rcond=None)[0]


def everything(g, x, y, state, rng):
    state["x"] = x if g == 0 else np.concatenate((state["x"], x))
    state["y"] = y if g == 0 else np.concatenate((state["y"], y))
    return np.linalg.lstsq(state["x"], state["y"], rcond=None)[0]


def unit_vector(dim, length=1.):
    w = np.cos(np.arange(1, dim + 1.))
    return w * length / np.linalg.norm(w)


def accumulate_fresh():
    out = []
    for seed, (d, sizes, s, r, spectrum) in enumerate(((5, [12] * 6, 1., 1., 0.), (4, [9, 15, 30, 12, 20], .7, 1.2, 1.5))):
        truth = {"w": unit_vector(d), "noise": s, "label_noise": r}
        out.append({"dim": d, "sizes": sizes, "noise": s, "label_noise": r, "spectrum": spectrum,
                    "risk": simulate(seed, 6000, d, sizes, truth, everything, spectrum=spectrum)})
    return out


def kept():
    """E |G^-1 G2 v|^2, v a unit vector; dim 1 by quadrature of a beta variate."""
    out = []
    for seed, (d, n1, n2, runs) in enumerate(((8, 18, 2, 60000), (3, 5, 9, 60000), (12, 40, 40, 15000), (5, 50, 450, 4000))):
        rng = np.random.default_rng(100 + seed)
        x = []
        for _ in range(runs):
            a, b = rng.standard_normal((n1, d)), rng.standard_normal((n2, d))
            g2 = b.T @ b
            m = np.linalg.solve(a.T @ a + g2, g2)
            x.append(float((m * m).sum() / d))
        out.append({"dim": d, "real": n1, "synthetic": n2, **mean_se(x)})
    for n1, n2 in ((3, 4), (10, 1), (2, 30)):
        law = stats.beta(n2 / 2, n1 / 2)
        exact = law.expect(lambda b: b * b, epsabs=1e-14)
        out.append({"dim": 1, "real": n1, "synthetic": n2, "mean": float(exact), "se": 0.})
    return out


def minimum_norm():
    out = []
    for seed, (d, n, norm, s, r, same) in enumerate(((20, 10, 1., .5, .5, False), (30, 24, 2., .3, .6, False), (12, 6, 1.5, .4, .4, True), (20, 10, 1., 0., 0., False))):
        truth = {"w": unit_vector(d, norm), "noise": s, "label_noise": r}
        out.append({"dim": d, "rows": n, "norm2": norm ** 2, "noise": s, "label_noise": r, "same": same,
                    "risk": simulate(200 + seed, 4000, d, [n] * 6, truth, newest, same)})
    return out


def label_mixture():
    out = []
    for seed, (d, n, w, s, r, same) in enumerate(((20, 10, .618, .5, .5, False), (20, 10, .697, .5, .5, False), (16, 6, .3, 1., .5, True), (16, 6, .618, .8, .8, True))):
        truth = {"w": unit_vector(d), "noise": s, "label_noise": r}
        def mixed(g, x, y, state, rng, w=w, s=s, truth=truth):
            if g:
                y = w * (x @ truth["w"] + s * rng.standard_normal(len(x))) + (1 - w) * y
            return np.linalg.lstsq(x, y, rcond=None)[0]
        out.append({"dim": d, "rows": n, "norm2": 1., "noise": s, "label_noise": r, "real": w, "same": same,
                    "risk": simulate(300 + seed, 4000, d, [n] * 6, truth, mixed, same)})
    return out


def ridge():
    """Means over Marchenko and Pastur's law by quadrature, and over Wishart matrices by simulation."""
    out = []
    for seed, (d, n, lam) in enumerate(((60, 300, .1), (60, 120, .5), (40, 60, .02), (60, 40, .1), (20, 40, .5))):
        phi = d / n
        lo, hi = (1 - math.sqrt(phi)) ** 2, (1 + math.sqrt(phi)) ** 2
        def mean(f):
            x = lambda t: (lo + hi) / 2 + (hi - lo) / 2 * math.cos(t)
            part = integrate.quad(lambda t: f(x(t)) * ((hi - lo) / 2 * math.sin(t)) ** 2 / (2 * math.pi * phi * x(t)), 0, math.pi, epsabs=1e-13)[0]
            return part + max(0., 1 - 1 / phi) * f(0.)
        close(mean(lambda x: 1.), 1)
        rng = np.random.default_rng(400 + seed)
        first, second = [], []
        for _ in range(3000):
            x = rng.standard_normal((n, d))
            e = np.linalg.eigvalsh(x.T @ x / n)
            first.append(float(np.mean(1 / (e + lam))))
            second.append(float(np.mean(1 / (e + lam) ** 2)))
        out.append({"dim": d, "rows": n, "ridge": lam, "first": mean(lambda x: 1 / (x + lam)), "second": mean(lambda x: 1 / (x + lam) ** 2),
                    "first_simulated": mean_se(first), "second_simulated": mean_se(second)})
    return out


def ridge_after_least_squares():
    out = []
    for seed, (d, n0, n, k, lam, s0, s) in enumerate(((60, 120, 90, 3, .1, .5, .5), (30, 90, 30, 1, .3, .4, .8))):
        truth = {"w": unit_vector(d), "noise": s0, "label_noise": s0}
        def judged(g, x, y, state, rng):
            if g < k:
                return newest(g, x, y, state, rng)
            y = y + (math.sqrt(s * s - s0 * s0) if s > s0 else 0.) * rng.standard_normal(len(y))
            return np.linalg.solve(x.T @ x + lam * len(x) * np.eye(d), x.T @ y)
        out.append({"dim": d, "generator_rows": n0, "rows": n, "generators": k, "ridge": lam, "generator_noise": s0, "noise": s, "norm2": 1.,
                    "risk": simulate(500 + seed, 3000, d, [n0] * k + [n], truth, judged)[-1]})
    return out


def ridge_chain():
    """Ridge in every generation, and an anchor at the fit before."""
    out = []
    for seed, (d, n, lam, anchor) in enumerate(((40, 60, .2, 0.), (40, 30, .1, 0.), (40, 100, .3, .5), (30, 15, 0., .4))):
        truth = {"w": unit_vector(d), "noise": .5, "label_noise": .5}
        def anchored(g, x, y, state, rng):
            w = np.linalg.solve(x.T @ x + lam * n * np.eye(d), x.T @ y) if lam else newest(g, x, y, state, rng)
            if g:
                w = (1 - anchor) * w + anchor * state["w"]
            state["w"] = w
            return w
        out.append({"dim": d, "rows": n, "ridge": lam, "anchor": anchor, "noise": .5, "norm2": 1.,
                    "risk": simulate(600 + seed, 3000, d, [n] * 5, truth, anchored)})
    return out


def logistic():
    """tr I^-1, and the accuracy against labels of a plane at an angle, as a double integral."""
    def density(u):
        return math.exp(-u * u / 2) / math.sqrt(2 * math.pi)
    information = []
    for d, length in ((1, 1.), (5, 2.), (8, .3), (3, 12.)):
        def moment(k):
            f = lambda u: u ** k * density(u) * special.expit(length * u) * special.expit(-length * u)
            return sum(integrate.quad(f, a, b, epsabs=1e-15, epsrel=1e-12)[0] for a, b in ((-12, -3), (-3, -.5), (-.5, .5), (.5, 3), (3, 12)))
        information.append({"dim": d, "length": length, "trace": 1 / moment(2) + (d - 1) / moment(0)})
    accuracy = []
    for length, angle in itertools.product((.5, 2., 20.), (1e-3, .4, 1.2, math.pi / 2, 2.5)):
        # label 1 with chance sigmoid(length u); the plane says 1 where u cos + v sin > 0
        f = lambda u: density(u) * special.expit(length * u) * special.ndtr(u / math.tan(angle))
        cuts = sorted({-12., -3., 3., 12., 0., *(s * k * math.tan(angle) for s in (-1, 1) for k in (1, 4, 10) if 0 < angle < math.pi / 2 - .1), *(s * k / length for s in (-1, 1) for k in (1, 4))})
        right = sum(integrate.quad(f, a, b, epsabs=1e-15, epsrel=1e-12)[0] for a, b in zip(cuts, cuts[1:]) if -12 <= a and b <= 12)
        accuracy.append({"length": length, "angle": angle, "accuracy": 2 * right})
    return {"information": information, "accuracy": accuracy}


if __name__ == "__main__":
    dump({"least_squares": least_squares(), "accumulate_fresh": accumulate_fresh(), "kept": kept(), "minimum_norm": minimum_norm(), "label_mixture": label_mixture(),
          "ridge": ridge(), "ridge_after_least_squares": ridge_after_least_squares(), "ridge_chain": ridge_chain(), "logistic": logistic()})
