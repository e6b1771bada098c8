package evaluate

import (
	"math"

	"modelcollapse/internal/num"
)

// GaussianReplace is the exact law of a normal fitted again and again to Rows draws of the fit before, in units of a
// truth N(0, 1): given a fit, divisor·variance′/variance is χ² with Rows − 1 degrees of freedom, and the mean moves by
// N(0, variance/Rows), independently. Generation g is fit g + 1, the first of real data. Multiply variances and squares
// by the true variance; add its logarithm to logarithms.
type GaussianReplace struct {
	Rows     int
	Unbiased bool // the variance is divided by Rows − 1, else by Rows
}

func (l GaussianReplace) fits(g int) float64 { return float64(g + 1) }

// decay is E variance′/variance.
func (l GaussianReplace) decay() float64 {
	if l.Unbiased {
		return 1
	}
	return 1 - 1/float64(l.Rows)
}

// C4 is E sd / true sd of an unbiased variance of n normal rows: √(2/(n−1))·Γ(n/2)/Γ((n−1)/2). NaN for n < 2.
func C4(n int) float64 {
	m := float64(n-1) / 2
	return num.Exp(num.LgammaDiff(m, .5) - float64(.5*num.Log(m)))
}

// power is x^n for x ≥ 0.
func power(x, n float64) float64 {
	if n == 0 {
		return 1
	}
	return num.Exp(float64(n * num.Log(x)))
}

// Variance is E variance: (1 − 1/Rows)^(g+1), or 1 if unbiased (Shumailov et al. 2024; Alemohammad et al. 2023,
// arXiv 2307.01850).
func (l GaussianReplace) Variance(g int) float64 { return power(l.decay(), l.fits(g)) }

// SquaredMeanError is E (mean − true mean)²: 1 − (1 − 1/Rows)^(g+1), or (g+1)/Rows if unbiased.
func (l GaussianReplace) SquaredMeanError(g int) float64 {
	if l.Unbiased {
		return l.fits(g) / float64(l.Rows)
	}
	return -num.Expm1(float64(l.fits(g) * num.Log1p(-1/float64(l.Rows))))
}

// LogVariance is E ln variance: (g+1)·(ψ((Rows−1)/2) − ln(divisor/2)), about −2/Rows a generation, or −1/(Rows−1) if
// unbiased (Kazdan et al. 2024, arXiv 2410.16713, for the collapse that it implies). −Inf for one row.
func (l GaussianReplace) LogVariance(g int) float64 {
	if l.Rows < 2 {
		return math.Inf(-1)
	}
	divisor := float64(l.Rows)
	if l.Unbiased {
		divisor--
	}
	return float64(l.fits(g) * (num.Digamma(float64(l.Rows-1)/2) - num.Log(divisor/2)))
}

// LogVarianceSD is the standard deviation of ln variance: √((g+1)·ψ′((Rows−1)/2)), whatever the divisor.
func (l GaussianReplace) LogVarianceSD(g int) float64 {
	return math.Sqrt(float64(l.fits(g) * num.Trigamma(float64(l.Rows-1)/2)))
}

// SD is E sd: (C4·√E(variance′/variance))^(g+1) (Bertrand et al. 2024, arXiv 2310.00429).
func (l GaussianReplace) SD(g int) float64 {
	return power(float64(C4(l.Rows)*math.Sqrt(l.decay())), l.fits(g))
}

// W2Squared is E W₂² between truth and fit: E (mean − true mean)² + E (sd − 1)²; (3/2)·(g+1)/Rows to first order
// (Shumailov et al. 2024).
func (l GaussianReplace) W2Squared(g int) float64 {
	return l.SquaredMeanError(g) + (l.Variance(g) - float64(2*l.SD(g)) + 1)
}

// GaussianAccumulate is the law of a normal fitted to all rows so far, Rows more from the last fit each generation; in
// the units of GaussianReplace.
type GaussianAccumulate struct {
	Rows     int
	Unbiased bool // the variance is divided by the rows less 1
}

// next is E variance at fit i over that at fit i − 1.
func (l GaussianAccumulate) next(i float64) float64 {
	m := float64(l.Rows)
	switch {
	case !l.Unbiased:
		return 1 - 1/float64(m*float64(i*i))
	case i == 1:
		return 1
	}
	return 1 - 1/float64(i*(float64(i*m)-1))
}

// Variance is E variance: Π_{i=1…g+1} (1 − 1/(Rows·i²)), which stays above sin(π/√Rows)/(π/√Rows) (Kazdan et al.
// 2024, arXiv 2410.16713); if unbiased, Π_{i=2…g+1} (1 − 1/(i·(i·Rows − 1))) (our own).
func (l GaussianAccumulate) Variance(g int) float64 {
	v := 1.0
	for i := 1; i <= g+1; i++ {
		v = float64(v * l.next(float64(i)))
	}
	return v
}

// SquaredMeanError is E (mean − true mean)² = Σ_{i≤g+1} E variance_{i−1} / (Rows·i²), which is 1 − E variance unless
// unbiased.
func (l GaussianAccumulate) SquaredMeanError(g int) float64 {
	if !l.Unbiased {
		return 1 - l.Variance(g)
	}
	m, v, sum := float64(l.Rows), 1.0, 0.0
	for i := 1.0; i <= float64(g+1); i++ {
		sum += v / float64(m*float64(i*i))
		v = float64(v * l.next(i))
	}
	return sum
}
