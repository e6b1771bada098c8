package evaluate

import "math"

// RidgeLaw is how least squares with a ridge treats the weights that labelled its rows, for Rows fresh inputs N(0, I) of Dim
// columns: ŵ = A·w + noise with A = (X′X + λ·Rows·I)⁻¹X′X. To leading order in Dim the spectrum of X′X/Rows is Marchenko and
// Pastur's with φ = Dim/Rows, and the corrections of order 1/Dim are those of Bai and Silverstein (2004, Ann. Probab. 32,
// theorem 1.1, real case), so that what is left is of order 1/Dim².
type RidgeLaw struct {
	Dim, Rows int
	Ridge     float64 // λ > 0
}

// resolvents are the means over the spectrum of 1/(x + λ) and 1/(x + λ)², with the corrections of order 1/Dim or without.
func (l RidgeLaw) resolvents(corrected bool) (first, second float64) {
	phi, z := float64(l.Dim)/float64(l.Rows), l.Ridge
	b := 1 - phi + z
	root := math.Sqrt(float64(b*b) + float64(4*phi*z))
	// 2/(b + root) is the solution of φλm² + bm = 1; the second form keeps its digits where b < 0
	first = 2 / (b + root)
	if b < 0 {
		first = (root - b) / float64(2*phi*z)
	}
	// the derivative of that equation by λ
	second = float64(first*(1+float64(phi*first))) / (b + float64(2*phi*z*first))
	if !corrected {
		return first, second
	}
	edge := math.Sqrt(phi)
	lo, hi := square(1-edge)+z, square(1+edge)+z
	middle := 1 + phi + z
	width := math.Sqrt(float64(middle*middle) - float64(4*phi))
	one := (1/lo+1/hi)/4 - 1/float64(2*width)
	two := (1/float64(lo*lo)+1/float64(hi*hi))/4 - middle/float64(2*float64(width*float64(width*width)))
	d := float64(l.Dim)
	return first + one/d, second + two/d
}

// Response is E of the weights' own share that stays (E A = mean·I), of their squared length (E A′A = square·I), and of the
// squared length that labels' noise of variance 1 adds.
func (l RidgeLaw) Response(corrected bool) (mean, squared, noise float64) {
	m, m2 := l.resolvents(corrected)
	z := l.Ridge
	mean = 1 - float64(z*m)
	squared = 1 - float64(2*z*m) + float64(z*float64(z*m2))
	noise = float64(float64(l.Dim) / float64(l.Rows) * (m - float64(z*m2)))
	return mean, squared, noise
}

// AfterLeastSquares is E risk of the ridge fitted to rows that the last of a chain of unbiased fits labelled, with error c² =
// E|w − w*|² and label noise of standard deviation noise, the truth of squared length norm2:
// λ²m₂·norm2 + noise²φ(m − λm₂) + c²(1 − 2λm + λ²m₂) (the isotropic case of Dohmatob et al. 2024, arXiv 2402.07712, theorem on
// ridge regression after n generators, for which c² = n·noise₀²·Dim/(Rows₀−Dim−1)).
func (l RidgeLaw) AfterLeastSquares(norm2, noise, c2 float64) float64 {
	mean, squared, unit := l.Response(true)
	return float64((squared-float64(2*mean)+1)*norm2) + float64(squared*c2) + float64(square(noise)*unit)
}
