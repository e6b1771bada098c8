package evaluate

import (
	"math"

	"modelcollapse/internal/num"
)

// The laws of a memoriser on p_i ∝ i^(−β), i = 1, 2, … (M. Hutter, Learning curve theory, 2021, arXiv 2102.04074; Dohmatob et al. 2024, A
// tale of tails, arXiv 2402.07043, which calls it the Hutchinson language model): it knows what it has seen, so its test
// error is the true mass of what it has not.

// MemoriserError is E test error after so many independent draws of p: Σ p_i (1 − p_i)^rows.
func MemoriserError(p []float64, rows float64) float64 {
	return MixedMemoriserError(p, p, 0, rows)
}

// MemoriserPower is what MemoriserError comes near to for p_i = first·i^(−β), β > 1, without an end:
// Γ(1 − 1/β)/β · first^(1/β) · rows^(−(β−1)/β). A finite number of categories bends it down.
func MemoriserPower(beta, first, rows float64) float64 {
	logs := num.Lgamma(1-1/beta) - num.Log(beta) + num.Log(first)/beta - float64((beta-1)/beta*num.Log(rows))
	return num.Exp(logs)
}

// MixedMemoriserError is E test error where each of the rows is drawn from p with chance real and from q otherwise:
// Σ p_i (1 − real·p_i − (1 − real)·q_i)^rows. Where q lacks the tail the error first falls to what q can teach, rests, and falls
// again once the real share has taught the tail ("grokking").
func MixedMemoriserError(p, q []float64, real, rows float64) float64 {
	var sum num.Accumulator
	for i, x := range p {
		seen := float64(real*x) + float64((1-real)*q[i])
		if x > 0 && seen < 1 {
			sum.Add(float64(x * num.Exp(float64(rows*num.Log1p(-seen)))))
		}
	}
	return sum.Sum()
}

// TopK is p without all but its k most probable categories, which share the probability; equal ones by index.
func TopK(p []float64, k int) []float64 {
	order := byRank(p)
	out := make([]float64, len(p))
	var total num.Accumulator
	for _, i := range order[:min(k, len(order))] {
		total.Add(p[i])
	}
	for _, i := range order[:min(k, len(order))] {
		out[i] = p[i] / total.Sum()
	}
	return out
}

// CutTail is the error that a head of k categories of p_i = first·i^(−β) leaves for ever: Σ_{i>k} p_i, near
// first·k^(−(β−1))/(β−1).
func CutTail(beta, first float64, k int) float64 {
	return float64(first*num.Exp(-float64((beta-1)*num.Log(float64(k))))) / (beta - 1)
}

// ReplaceGrowth is how many times the test error of generation 0 that of generation g is under replace, p_i ∝ i^(−β): by
// the law of rare categories (1 − f_g)^(−c), c = (β − 1)/β and f_g the g-fold iterate of exp(x − 1) from 0, which comes
// near to ((g + 1)/2)^c. The form is our own; the paper has the order of growth alone.
func ReplaceGrowth(beta float64, g int) float64 {
	f := 0.0
	for range g {
		f = num.Exp(f - 1)
	}
	return num.Exp(-float64((beta - 1) / beta * num.Log1p(-f)))
}

// ReplaceMemoriserError is E test error of generation g under replace with so many rows a generation, in the limit of
// rare categories: Σ p_i exp(−rows·p_i·(1 − f_g)); high by at most a few tenths of a per cent from 10³ rows on.
func ReplaceMemoriserError(p []float64, rows float64, g int) float64 {
	f := 0.0
	for range g {
		f = num.Exp(f - 1)
	}
	var sum num.Accumulator
	for _, x := range p {
		sum.Add(float64(x * num.Exp(-float64(rows*x*(1-f)))))
	}
	return math.Max(0, sum.Sum())
}
