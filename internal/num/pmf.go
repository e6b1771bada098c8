package num

import "math"

// LogPoisson returns the logarithm of the Poisson probability of k at the given mean,
// accurate to about 1e-15 of the larger of 1 and itself; -Inf for k < 0.
func LogPoisson(k int64, mean float64) float64 {
	switch {
	case !(mean >= 0):
		return math.NaN()
	case k < 0 || (mean == 0 && k > 0):
		return math.Inf(-1)
	}
	x := float64(k)
	return -LogStirling(x) - Deviance(x, mean)
}

// LogBinomial returns the logarithm of the probability of k successes in n trials of
// probability p; -Inf outside 0 <= k <= n, NaN for p outside [0, 1] or n < 0.
func LogBinomial(k, n int64, p float64) float64 {
	switch {
	case n < 0 || !(p >= 0 && p <= 1):
		return math.NaN()
	case k < 0 || k > n || (p == 0 && k > 0) || (p == 1 && k < n):
		return math.Inf(-1)
	case n == 0:
		return 0
	}
	x, y, t := float64(k), float64(n-k), float64(n)
	switch k {
	case 0:
		return float64(t * Log1p(-p))
	case n:
		return float64(t * Log(p))
	}
	if p > 0.5 {
		x, y, p = y, x, 1-p // exact
	}
	np, nq := float64(t*p), float64(t*(1-p))
	e := Deviance(x, np) + Deviance(y, nq)
	// What rounding took from n p and n (1-p) moves the deviances by sqrt(n) ulps.
	dp := math.FMA(t, p, -np)
	dq := ((t - nq) - np) - dp
	lost := float64(dq * (1 - y/nq))
	if dp != 0 { // else x/np may be infinite, where p is as small as numbers get
		lost = float64(dp*(1-x/np)) + lost
	}
	e += lost
	return LogStirling(t) - LogStirling(x) - LogStirling(y) - e
}

// LogHypergeometric returns the logarithm of the probability that a sample of draws,
// taken without replacement from good + bad things, holds k good ones; -Inf outside the
// support, NaN for negative counts or draws > good + bad.
func LogHypergeometric(k, good, bad, draws int64) float64 {
	total := good + bad
	switch {
	case good < 0 || bad < 0 || draws < 0 || draws > total:
		return math.NaN()
	case k < 0 || k > good || k > draws || draws-k > bad:
		return math.Inf(-1)
	case total == 0:
		return 0
	}
	n := float64(total)
	g, b := float64(good), float64(bad)
	d, r := float64(draws), float64(total-draws)
	s := LogStirling(g) + LogStirling(b) + LogStirling(d) + LogStirling(r) - LogStirling(n)
	cell := func(x int64, row, column float64) float64 {
		v := float64(x)
		return LogStirling(v) + Deviance(v, float64(row*(column/n)))
	}
	s -= cell(k, g, d) + cell(good-k, g, r)
	return s - (cell(draws-k, b, d) + cell(bad-draws+k, b, r))
}
