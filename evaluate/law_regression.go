package evaluate

import (
	"math"

	"modelcollapse/internal/num"
)

// LeastSquaresLaw is the exact expected risk of ordinary least squares that learns Dim weights from Rows rows a generation,
// inputs independent normals, real labels with noise of standard deviation Noise and drawn ones with LabelNoise. The risk is
// E (w·x − w*·x)² over fresh inputs, whatever the inputs' variances. It has a variance where Rows > Dim + 3. Generation g is
// fit g + 1, the first of real rows.
type LeastSquaresLaw struct {
	Dim, Rows         int
	Noise, LabelNoise float64
}

// inverse is E tr of Σ(X′X)⁻¹ for rows inputs of covariance Σ: dim/(rows − dim − 1), the mean of an inverse Wishart matrix;
// +Inf where rows ≤ dim + 1.
func inverse(dim, rows float64) float64 {
	if rows <= dim+1 {
		return math.Inf(1)
	}
	return dim / (rows - dim - 1)
}

func square(x float64) float64 { return float64(x * x) }

// Replace is E risk where every generation learns from the newest rows: inverse·(Noise² + g·LabelNoise²), which with the
// same noise is (g+1)·Noise²·Dim/(Rows−Dim−1), for the same inputs in every generation and for fresh ones (Mobahi et al. 2020
// and Dohmatob et al. 2024, as told by Gerstgrasser et al. 2024, arXiv 2404.01413, theorem 1).
func (l LeastSquaresLaw) Replace(g int) float64 {
	return float64(inverse(float64(l.Dim), float64(l.Rows)) * (square(l.Noise) + float64(float64(g)*square(l.LabelNoise))))
}

// AccumulateSame is E risk where every generation learns from all rows, which have the same inputs: inverse·(Noise² +
// LabelNoise²·Σ_{2≤i≤g+1} 1/i²), below π²/6 times that of generation 0 with the same noise (Gerstgrasser et al. 2024,
// theorem 2).
func (l LeastSquaresLaw) AccumulateSame(g int) float64 {
	var sum num.Accumulator
	sum.Add(square(l.Noise))
	for i := 2; i <= g+1; i++ {
		sum.Add(square(l.LabelNoise / float64(i)))
	}
	return float64(inverse(float64(l.Dim), float64(l.Rows)) * sum.Sum())
}

// AccumulateFresh is E risk where every generation learns from all rows and their inputs are fresh: our own. With X_t the
// inputs of fit t and G_t the Gram matrix of all so far, w_t = w_{t−1} + G_t⁻¹X_t′ε_t, whose risk is on average that of an
// inverse Wishart matrix by the share of fit t's rows, since all blocks are alike: Σ_{t≤g+1} noise_t²·Dim/(t·(t·Rows − Dim − 1)).
func (l LeastSquaresLaw) AccumulateFresh(g int) float64 {
	rows := make([]int, g+1)
	for i := range rows {
		rows[i] = l.Rows
	}
	line := accumulatedRisk(float64(l.Dim), rows, square(l.Noise), square(l.LabelNoise))
	return line[g]
}

// accumulatedRisk is AccumulateFresh in every generation, with a size of its own.
func accumulatedRisk(dim float64, rows []int, real, drawn float64) (line []float64) {
	var sum num.Accumulator
	pool := 0.0
	for g, n := range rows {
		pool += float64(n)
		noise := drawn
		if g == 0 {
			noise = real
		}
		if noise > 0 {
			sum.Add(float64(float64(noise*inverse(dim, pool)) * (float64(n) / pool)))
		}
		line = append(line, sum.Sum())
	}
	return line
}

// AccumulateSameLimit is where AccumulateSame goes: Σ 1/i² = π²/6.
func (l LeastSquaresLaw) AccumulateSameLimit() float64 {
	return float64(inverse(float64(l.Dim), float64(l.Rows)) * (square(l.Noise) + float64(square(l.LabelNoise)*(math.Pi*math.Pi/6-1))))
}

// AccumulateFreshLimit is where AccumulateFresh goes: Σ_{t≥1} 1/(t·(t − c)) = (ψ(1) − ψ(1−c))/c with c = (Dim+1)/Rows < 1.
func (l LeastSquaresLaw) AccumulateFreshLimit() float64 {
	d, n := float64(l.Dim), float64(l.Rows)
	c := (d + 1) / n
	if c >= 1 {
		return math.Inf(1)
	}
	later := (num.Digamma(1)-num.Digamma(1-c))/c - 1/(1-c)
	return float64(square(l.Noise)*inverse(d, n)) + float64(square(l.LabelNoise)*float64(d/n*later))
}

// Kept is by what ordinary least squares on real fresh rows and synthetic ones multiplies the squared error c² of the
// fit that labelled the latter: with N = real + synthetic, E risk = noise²·dim/(N − dim − 1) + Kept·c² exactly, inputs all
// fresh and of one covariance. Our own finite-size form of strong model collapse (Dohmatob et al. 2024, arXiv 2410.04840): for
// N → ∞ it goes to p₂² + p₁p₂·φ/(1−φ), shares p and φ = dim/N, so that a share p₂ of synthetic rows leaves a floor p₂²c² that
// no number of rows removes.
//
// It is E|G⁻¹G₂v|² for a unit v in the units of the inputs, G₂ and G the Gram matrices of the synthetic and of all rows:
// G₂ = C·B·C with C² = G and B a matrix beta variate independent of G, whose second moments are
// E B M B = α·M + β·tr(M)·I (Konno 1988, J. Japan Statist. Soc. 18, for the beta's moments).
func Kept(dim, real, synthetic float64) float64 {
	n := real + synthetic
	if n <= dim+1 {
		return math.Inf(1)
	}
	beta := float64(real/n*synthetic) / float64((n+2)*(n-1))
	alpha := float64(synthetic/n*(synthetic+2))/(n+2) - beta
	return alpha + float64(beta*(float64(n*dim)-2))/(n-dim-1)
}
