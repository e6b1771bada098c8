package evaluate

import (
	"math"

	"modelcollapse/internal/num"
)

// AbsorptionTimes are the expected numbers of resamplings until one of two categories is alone, by the count of the first
// among rows, from 0 to rows: t = (I − Q)⁻¹ 1 of the chain count′ ~ Binomial(rows, count/rows) (J. G. Kemeny and
// J. L. Snell, Finite Markov Chains, 1960, chapter III; Ewens 2004, §3.2). States are eliminated one by one without
// a subtraction (Grassmann, Taksar and Heyman, Operations Research 33, 1985), in time rows³/3.
func AbsorptionTimes(rows int) []float64 {
	n := rows - 1 // counts 1 … rows − 1 pass
	t := make([]float64, rows+1)
	if n < 1 {
		return t
	}
	q, wait, leave := make([][]float64, n), make([]float64, n), make([]float64, n)
	bins := newBinomials(rows)
	for i := range q {
		row := make([]float64, rows+1)
		lo, law := bins.law(float64(i+1) / float64(rows))
		copy(row[lo:], law)
		q[i], wait[i], leave[i] = row[1:rows], 1, row[0]+row[rows]
	}
	for k := n - 1; k > 0; k-- {
		eliminate(q, wait, leave, k)
	}
	for k := range n {
		total := wait[k]
		for j := range k {
			total += float64(q[k][j] * t[j+1])
		}
		t[k+1] = total / (num.Sum(q[k][:k]) + leave[k])
	}
	return t
}

// eliminate takes state k, the last, out of the others.
func eliminate(q [][]float64, wait, leave []float64, k int) {
	away := num.Sum(q[k][:k]) + leave[k]
	for i := range k {
		share := q[i][k] / away
		if share == 0 {
			continue
		}
		for j := range k {
			q[i][j] += float64(share * q[k][j])
		}
		wait[i] += float64(share * wait[k])
		leave[i] += float64(share * leave[k])
	}
}

// DiffusionAbsorption is what AbsorptionTimes come near to for many rows, from a share x of the first category:
// −2·rows·(x ln x + (1 − x) ln(1 − x)) (M. Kimura and T. Ohta, Genetics 61, 1969).
func DiffusionAbsorption(rows int, x float64) float64 {
	return float64(float64(2*float64(rows)) * (plogp(x) + plogp(1-x)))
}

// SeddikBounds are the bounds of Seddik et al. 2024 (arXiv 2404.05090) on the chance that the fit of generation g still
// has more than one of two categories, the first of true probability p, under replace at so many rows:
// 4p(1−p)(1 − 1/rows)^k ≤ P ≤ 2·rows·p(1−p)(1 − 1/rows)^k, k = g + 1 fits. The upper one is above 1 for long.
func SeddikBounds(p float64, rows, g int) (lo, hi float64) {
	left := num.Exp(float64(float64(g+1) * num.Log1p(-1/float64(rows))))
	both := float64(p * (1 - p))
	return float64(4 * both * left), float64(2 * float64(rows) * both * left)
}

// SureshBounds are the bounds of Suresh et al. 2024 (arXiv 2412.17646, theorem 1) on the chance that a category of true
// probability p lives in the fit of generation g under replace at so many rows. With k = g + 1 fits and g_1 = 1,
// g_k = 1 − exp(−g_{k−1}), which lies in [1/k, 3/k]:
// 1 − e^(−rows·p·g_k) ≤ P ≤ 1 − (1 − 3·rows·p² − 3kp)·e^(−rows·p·g_k). Both are held within [0, 1].
func SureshBounds(p float64, rows, g int) (lo, hi float64) {
	n, step := float64(rows), 1.0
	for range g {
		step = -num.Expm1(-step)
	}
	dead := num.Exp(-float64(n * p * step))
	slack := 1 - float64(3*n*p*p) - float64(3*float64(g+1)*p)
	return 1 - dead, min(1, 1-float64(math.Max(0, slack)*dead))
}
