package num

import "math"

// BinomialCDF is P(X ≤ k) of n draws with chance p: I_{1−p}(n − k, k + 1).
func BinomialCDF(k, n int64, p float64) float64 {
	switch {
	case k < 0:
		return 0
	case k >= n:
		return 1
	}
	return betaBoth(1-p, p, float64(n-k), float64(k)+1)
}

// PoissonCDF is P(X ≤ k): Q(k + 1, mean).
func PoissonCDF(k int64, mean float64) float64 {
	if k < 0 {
		return 0
	}
	return GammaSurvival(mean, float64(k)+1)
}

// NegativeBinomialCDF is P(X ≤ k) of the successes before the r-th failure (r > 0 real), by their mean m: a success has
// the chance m / (r + m), and the function is I_{r/(r+m)}(r, k + 1). The mean keeps the digits of both chances.
func NegativeBinomialCDF(k int64, r, mean float64) float64 {
	switch {
	case !(r > 0 && mean >= 0):
		return math.NaN()
	case k < 0:
		return 0
	}
	return betaBoth(r/(r+mean), mean/(r+mean), r, float64(k)+1)
}

// LogNegativeBinomial is ln P(X = k) of the same law, as r/(r + k) times a binomial probability in C. Loader's form, so
// that large counts keep their digits; -Inf for k < 0.
func LogNegativeBinomial(k int64, r, mean float64) float64 {
	switch {
	case !(r > 0 && mean >= 0):
		return math.NaN()
	case k < 0 || (mean == 0 && k > 0):
		return math.Inf(-1)
	case k == 0:
		return -float64(r * Log1p(mean/r))
	}
	x := float64(k)
	n := r + x
	e := Deviance(r, float64(n*(r/(r+mean)))) + Deviance(x, float64(n*(mean/(r+mean))))
	return Log(r/n) + (LogStirling(n) - LogStirling(r) - LogStirling(x) - e)
}

// HypergeometricCDF is P(X ≤ k) good ones among draws without replacement from good and bad, by a sum over the shorter
// tail, in time proportional to the standard deviation; from a standard deviation of 1e5 on by the normal limit with its
// first two corrections (Edgeworth), to about 1e-9.
func HypergeometricCDF(k, good, bad, draws int64) float64 {
	lo, hi := max(0, draws-bad), min(draws, good)
	switch {
	case k < lo:
		return 0
	case k >= hi:
		return 1
	}
	n := float64(good) + float64(bad)
	share := float64(good) / n
	mean := float64(float64(draws) * share)
	variance := float64(float64(mean*(1-share)) * ((n - float64(draws)) / (n - 1)))
	switch {
	case variance > 1e10:
		sd := math.Sqrt(variance)
		skew := float64((1-float64(2*share))*(n-float64(2*float64(draws)))) / float64(sd*n)
		x := (float64(k) + 0.5 - mean) / sd
		density := Exp(-float64(0.5*x*x)) / math.Sqrt(2*math.Pi)
		return math.Min(1, math.Max(0, NormalCDF(x)-float64(density*float64(skew*(float64(x*x)-1)))/6))
	case float64(k) > mean:
		return 1 - hypergeometricTail(k+1, 1, hi, good, bad, draws)
	}
	return hypergeometricTail(k, -1, lo, good, bad, draws)
}

// hypergeometricTail is Σ P(X = j) from k on in steps of by to end, by the ratio of neighbours, until terms no longer
// matter.
func hypergeometricTail(k, by, end, good, bad, draws int64) float64 {
	p, sum := Exp(LogHypergeometric(k, good, bad, draws)), 0.0
	g, b, d := float64(good), float64(bad), float64(draws)
	for j := k; ; j += by {
		if sum += p; j == end || p < float64(1e-17*sum) {
			return math.Min(1, sum)
		}
		x := float64(j)
		if by > 0 {
			p = float64(p * (float64((g-x)*(d-x)) / float64((x+1)*(b-d+x+1))))
		} else {
			p = float64(p * (float64(x*(b-d+x)) / float64((g-x+1)*(d-x+1))))
		}
	}
}
