package evaluate

import (
	"math"

	"modelcollapse/internal/num"
)

// GaussianReplace is the exact law of a normal fitted again and again to rows of the fit before, in units of a truth
// N(0, 1): given a fit, divisor·variance′/(Scale·variance) is χ² with rows − 1 degrees of freedom, and the mean moves by
// N(0, Scale·variance/rows), independently. Generation g is fit g + 1, the first of real data. Multiply variances and
// squares by the true variance; add its logarithm to logarithms.
type GaussianReplace struct {
	Rows  []int   // by generation
	DDOF  float64 // what is subtracted from the rows in the divisor of the variance: 0, or 1 (unbiased)
	Scale float64 // of the variance of what is drawn from a fit (biased sampling, arXiv 2307.01850); 1: honest
}

// scale is that of the rows of generation g: real ones are not scaled.
func (l GaussianReplace) scale(g int) float64 {
	if g == 0 {
		return 1
	}
	return l.Scale
}

// divisor is that of generation g's variance.
func (l GaussianReplace) divisor(g int) float64 { return float64(l.Rows[g]) - l.DDOF }

// C4 is E sd / true sd of an unbiased variance of n normal rows: √(2/(n−1))·Γ(n/2)/Γ((n−1)/2). NaN for n < 2.
func C4(n int) float64 {
	m := float64(n-1) / 2
	return num.Exp(num.LgammaDiff(m, .5) - float64(.5*num.Log(m)))
}

// Variance is E variance: Π Scale·(rows − 1)/divisor, which is (1 − 1/M)^(g+1) for constant rows M, or 1 if unbiased
// (Shumailov et al. 2024; Alemohammad et al. 2023, arXiv 2307.01850).
func (l GaussianReplace) Variance(g int) float64 {
	v := 1.0
	for i := range g + 1 {
		v = float64(v * float64(l.scale(i)*(float64(l.Rows[i]-1)/l.divisor(i))))
	}
	return v
}

// SquaredMeanError is E (mean − true mean)² = Σ_i Scale·E variance_{i−1}/rows_i: 1 − (1 − 1/M)^(g+1) for constant rows, or
// (g+1)/M if unbiased.
func (l GaussianReplace) SquaredMeanError(g int) float64 {
	sum, v := 0.0, 1.0
	for i := range g + 1 {
		sum += float64(l.scale(i)*v) / float64(l.Rows[i])
		v = float64(v * float64(l.scale(i)*(float64(l.Rows[i]-1)/l.divisor(i))))
	}
	return sum
}

// LogVariance is E ln variance: Σ ψ((rows−1)/2) − ln(divisor/2) + ln Scale, about −2/M a generation, or −1/(M−1) if
// unbiased (Kazdan et al. 2024, arXiv 2410.16713, for the collapse that it implies). −Inf with one row.
func (l GaussianReplace) LogVariance(g int) float64 {
	sum := 0.0
	for i := range g + 1 {
		if l.Rows[i] < 2 {
			return math.Inf(-1)
		}
		sum += num.Digamma(float64(l.Rows[i]-1)/2) - num.Log(l.divisor(i)/2) + num.Log(l.scale(i))
	}
	return sum
}

// LogVarianceSD is the standard deviation of ln variance: √Σ ψ′((rows−1)/2), whatever the divisor.
func (l GaussianReplace) LogVarianceSD(g int) float64 {
	sum := 0.0
	for _, m := range l.Rows[:g+1] {
		sum += num.Trigamma(float64(m-1) / 2)
	}
	return math.Sqrt(sum)
}

// SD is E sd: Π C4·√(Scale·(rows−1)/divisor) (Bertrand et al. 2024, arXiv 2310.00429).
func (l GaussianReplace) SD(g int) float64 {
	sd := 1.0
	for i := range g + 1 {
		sd = float64(sd * float64(C4(l.Rows[i])*math.Sqrt(float64(l.scale(i)*(float64(l.Rows[i]-1)/l.divisor(i))))))
	}
	return sd
}

// W2Squared is E W₂² between truth and fit: E (mean − true mean)² + E (sd − 1)²; (3/2)·(g+1)/M to first order
// (Shumailov et al. 2024).
func (l GaussianReplace) W2Squared(g int) float64 {
	return l.SquaredMeanError(g) + (l.Variance(g) - float64(2*l.SD(g)) + 1)
}

// LogDet is E ln of the determinant of a covariance of dim columns: a Wishart determinant is a product of independent
// chi-squares (Anderson 2003, theorem 7.5.3), so Σ_g Σ_{i=1…dim} ψ((rows−i)/2) + ln(2·Scale/divisor). −Inf where a fit of
// so few rows is singular. Columns that are fitted as independent have dim times the law of one; one variance for all of
// them has dim·(rows−1) degrees of freedom.
func (l GaussianReplace) LogDet(g, dim int, shape string) float64 {
	sum := 0.0
	for i, m := range l.Rows[:g+1] {
		for k := range dim {
			half := float64(m-1) / 2
			divisor := l.divisor(i) / 2
			switch shape {
			case "full":
				half = float64(m-k-1) / 2
			case "spherical":
				half, divisor = float64(float64(dim)*half), float64(float64(dim)*divisor)
			}
			if half <= 0 {
				return math.Inf(-1)
			}
			sum += num.Digamma(half) - num.Log(divisor) + num.Log(l.scale(i))
		}
	}
	return sum
}
