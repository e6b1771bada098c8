package diversity

import (
	"modelcollapse/generate/text"
	"modelcollapse/internal/num"
)

// Distinct is the number of different n-grams of words over that of all n-grams (Li et al. 2016); NaN where there is none.
// The set of texts is one sequence here: join them.
func Distinct(words []uint64, n int) float64 {
	grams := text.Grams(nil, words, n)
	all := float64(len(grams))
	return float64(len(text.Set(grams))) / all
}

// NGrams is the n-gram diversity: the sum of Distinct for n = 1 … upto (Padmakumar and He 2024, Shaib et al. 2024: upto 4).
func NGrams(words []uint64, upto int) float64 {
	sum := 0.0
	for n := 1; n <= upto; n++ {
		sum += Distinct(words, n)
	}
	return sum
}

// SelfRepetition is the mean over texts of ln(1 + Σ (d − 1)), the sum over the different n-grams of the text, d the number of
// texts that have it (Salkar et al. 2022, with n = 4); nats. NaN for no text.
func SelfRepetition(texts [][]uint64, n int) float64 {
	sets := make([][]uint64, len(texts))
	having := map[uint64]int{}
	for i, words := range texts {
		sets[i] = text.Set(text.Grams(nil, words, n))
		for _, g := range sets[i] {
			having[g]++
		}
	}
	logs := make([]float64, len(texts))
	for i, set := range sets {
		others := 0
		for _, g := range set {
			others += having[g] - 1
		}
		logs[i] = num.Log1p(float64(others))
	}
	return num.Mean(logs)
}
