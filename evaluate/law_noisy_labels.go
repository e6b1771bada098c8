package evaluate

import (
	"math"

	"modelcollapse/internal/num"
)

// VerifiedLabels is the setting of Feng et al. 2025 (arXiv 2406.07515): Rows inputs x ~ N(0, I) of Dim columns with
// labels sign(w·x) that are wrong with chance Error, of which a verifier keeps right ones with chance Right and wrong
// ones with chance Wrong, and the plug-in classifier ŵ = Σ y x of what is kept.
type VerifiedLabels struct {
	Error, Right, Wrong float64
	Rows, Dim           int
}

// Threshold is the error p* = φ/(φ + ψ) below which accuracy goes to 1 with the rows, and above which to 0.
func (l VerifiedLabels) Threshold() float64 { return l.Right / (l.Right + l.Wrong) }

// Accuracy is about the chance that sign(ŵ·x) is the true label: 1 − acos(ρ)/π with the cosine of the angle between ŵ
// and w, ρ = μ/√(μ² + Nc(d−1) + N(c − 2s²/π)), s = (1−p)φ − pψ, c = (1−p)φ + pψ, μ = s√(2/π)N, where second moments
// stand for what is random: above what simulation gives by up to 0.003 at thousands of rows, and below it by 0.01 at
// 1,000 rows of 20 columns and s = 0.11.
func (l VerifiedLabels) Accuracy() float64 {
	n, d := float64(l.Rows), float64(l.Dim)
	right, wrong := float64((1-l.Error)*l.Right), float64(l.Error*l.Wrong)
	s, c := right-wrong, right+wrong
	mean := float64(float64(s*math.Sqrt(2/math.Pi)) * n)
	rest := float64(float64(n*c)*(d-1)) + float64(n*(c-float64(2*float64(s*s))/math.Pi))
	if s == 0 || !(n > 0) {
		return 0.5
	}
	// 1 − acos(ρ)/π = 1 − I_{1−ρ²}(½, ½)/2 for ρ ≥ 0
	miss := float64(0.5 * num.BetaCDF(rest/(float64(mean*mean)+rest), 0.5, 0.5))
	if s < 0 {
		return miss
	}
	return 1 - miss
}
