package generate

import (
	"math"
	"slices"

	"modelcollapse/internal/num"
)

// Chosen is the probabilities of the one that is chosen of k independent draws of p, with probabilities proportional to
// exp(reward/temperature) (Ferbach et al. 2024, arXiv 2407.09499, lemma 2.1): p(x)·H(x), see CountBestOf. With two
// rewards and k = 2 it is p + p(1 − p)(2σ(Δ/temperature) − 1).
//
// Since 1/s = ∫ e^(−ts) dt, H(x) = k ∫ w e^(−tw) M(t)^(k−1) dt with w = e^r(x) and M(t) = Σ p(y) e^(−t e^r(y)): one
// integral for all k, taken over ln t by the trapezoid rule, which converges as e^(−π²/step) since the integrand is
// analytic where |Im ln t| < π/2. Accurate to about 1e-13 of each probability.
func Chosen(p, reward []float64, k int, temperature float64) []float64 {
	levels, of := levelsOf(p, reward)
	out := make([]float64, len(p))
	if len(levels) == 0 {
		return out
	}
	var h []float64
	switch {
	case k < 2 || len(levels) == 1:
		return slices.Clone(p)
	case temperature == 0:
		h = bestFactors(levels, k)
	default:
		h = softFactors(levels, k, temperature)
	}
	for i, x := range p {
		if x > 0 {
			out[i] = float64(x * h[of[i]])
		}
	}
	normalise(out) // the error of the rule, and what p lacked of 1
	return out
}

// A rewardLevel is the categories of one reward, with their mass.
type rewardLevel struct{ reward, mass float64 }

// levelsOf are the rewards of categories with probability, rising, with masses that add to 1, and which each category
// has. A reward of NaN is −Inf.
func levelsOf(p, reward []float64) (levels []rewardLevel, of []int) {
	rank := func(i int) float64 {
		if x := reward[i]; x == x {
			return x
		}
		return math.Inf(-1)
	}
	var living []int
	for i, x := range p {
		if x > 0 {
			living = append(living, i)
		}
	}
	slices.SortStableFunc(living, func(i, j int) int {
		switch x, y := rank(i), rank(j); {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	})
	of = make([]int, len(p))
	var masses []float64
	for _, i := range living {
		if n := len(levels); n == 0 || levels[n-1].reward != rank(i) {
			levels, masses = append(levels, rewardLevel{reward: rank(i)}), append(masses, 0)
		}
		of[i] = len(levels) - 1
		masses[of[i]] += p[i]
	}
	normalise(masses)
	for l, m := range masses {
		levels[l].mass = m
	}
	return levels, of
}

// bestFactors are H where the best is kept: a level has F^k − F₋^k of the choices, F the mass up to it and F₋ below.
func bestFactors(levels []rewardLevel, k int) []float64 {
	h := make([]float64, len(levels))
	below := 0.0
	for l, level := range levels {
		upto := below + level.mass
		if l == len(levels)-1 {
			upto = 1
		}
		h[l] = (whole(upto, k) - whole(below, k)) / level.mass
		below = upto
	}
	return h
}

// whole is x^k for a whole k ≥ 0.
func whole(x float64, k int) float64 {
	y := 1.0
	for ; k > 0; k >>= 1 {
		if k&1 == 1 {
			y = float64(y * x)
		}
		x = float64(x * x)
	}
	return y
}

// softFactors are H by the integral in the comment of Chosen.
func softFactors(levels []rewardLevel, k int, temperature float64) []float64 {
	const (
		begin, end = -40.0, 4.0 // of the integrals in ln(t·w): of the highest reward, and of each
		step       = 0.2
		apart      = 80.0 // a reward so far below the next has no chance beside it
	)
	r := make([]float64, len(levels)) // over temperature, less the highest
	for l := len(levels) - 2; l >= 0; l-- {
		r[l] = r[l+1] - min(apart, (levels[l+1].reward-levels[l].reward)/temperature)
	}
	h, e := make([]num.Accumulator, len(levels)), make([]float64, len(levels))
	for j := 0; ; j++ {
		u := begin + float64(step*float64(j))
		if u+r[0] > end {
			break
		}
		mean := 0.0
		for l, level := range levels {
			e[l] = num.Exp(-num.Exp(u + r[l]))
			mean += float64(level.mass * e[l])
		}
		weight := float64(float64(step*float64(k)) * whole(mean, k-1))
		for l := range levels {
			if u+r[l] <= end {
				h[l].Add(float64(weight * float64(num.Exp(u+r[l])*e[l])))
			}
		}
	}
	out := make([]float64, len(levels))
	for l := range out {
		out[l] = h[l].Sum()
	}
	return out
}
