package evaluate

import (
	"math"

	"modelcollapse/internal/num"
)

// HeatDeath is the distribution of generation g where every generation is drawn at a temperature and learned without
// error (rows → ∞): p_g ∝ p^(1/temperature^g) (Marchi et al. 2024, arXiv 2404.02325). Below temperature 1 it goes to the most
// probable category, above to the uniform distribution over those that there are; a Zipf exponent β becomes
// β/temperature^g. Categories without probability stay without.
func HeatDeath(p []float64, temperature float64, g int) []float64 {
	power := num.Exp(-float64(float64(g) * num.Log(temperature)))
	out, most := make([]float64, len(p)), 0.0
	for _, x := range p {
		most = math.Max(most, x)
	}
	var total num.Accumulator
	for i, x := range p {
		switch {
		case x == most && most > 0:
			out[i] = 1
		case x > 0:
			out[i] = num.Exp(float64(power * num.Log(x/most)))
		}
		total.Add(out[i])
	}
	for i := range out {
		out[i] /= total.Sum()
	}
	return out
}
