package generate

import (
	"math/rand/v2"
	"slices"

	"modelcollapse/internal/num"
)

// countGroups is how many groups of categories the counts of a step are judged by.
const countGroups = 6

// Fitless: counts say all.
func (Frequencies) Fitless() {}

// Innovations of categories: counts are multinomial. They are judged in a few groups of about equal probability, one
// group after the other, each binomial given those before, randomised.
func (f Frequencies) Innovations(dst []Innovation, o Outcome[Histogram], u *rand.Rand) []Innovation {
	t, ok := o.Stats.(*Tally)
	if !ok || t.categories != len(f.P) {
		return dst
	}
	return CountInnovations(dst, "counts", f.P, t.Counts(), u)
}

// CountInnovations are those of multinomial counts of probabilities p, in the groups of Frequencies.Innovations.
func CountInnovations(dst []Innovation, name string, p, counts []float64, u *rand.Rand) []Innovation {
	return grouped(dst, name, p, counts, func(k, n int64, p float64, _ int) float64 {
		return Randomised(num.BinomialCDF(k-1, n, p), num.Exp(num.LogBinomial(k, n, p)), u)
	})
}

// Subsampled is the law of counts drawn from a pool again: multivariate hypergeometric, or multinomial with replacement,
// in the groups of Frequencies.Innovations.
func (s *Tally) Subsampled(dst []Innovation, sample Stats[Histogram], replacement bool, u *rand.Rand) []Innovation {
	t, ok := sample.(*Tally)
	if !ok || t.categories != s.categories || !(s.weight > 0) {
		return dst
	}
	p := s.Counts()
	for i := range p {
		p[i] /= s.weight
	}
	left := int64(s.rows)
	return grouped(dst, "counts", p, t.Counts(), func(k, n int64, p float64, group int) float64 {
		if group == 0 {
			left = int64(s.rows)
		}
		if replacement {
			return Randomised(num.BinomialCDF(k-1, n, p), num.Exp(num.LogBinomial(k, n, p)), u)
		}
		good := int64(float64(p*float64(left)) + 0.5)
		bad := left - good
		left = bad
		return Randomised(num.HypergeometricCDF(k-1, good, bad, n), num.Exp(num.LogHypergeometric(k, good, bad, n)), u)
	})
}

// grouped puts categories into groups of about equal probability, by falling probability, and asks for the transform
// of each group's count k among the n draws that are left, p its share of the probability that is left.
func grouped(dst []Innovation, name string, p, counts []float64, transform func(k, n int64, p float64, group int) float64) []Innovation {
	order := make([]int, 0, len(p))
	for i, x := range p {
		if x > 0 {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(i, j int) int {
		switch {
		case p[i] > p[j]:
			return -1
		case p[i] < p[j]:
			return 1
		}
		return 0
	})
	var n int64
	for _, c := range counts {
		n += int64(c)
	}
	left, mass := 1.0, 0.0
	k, group := int64(0), 0
	for at, i := range order {
		mass += p[i]
		k += int64(counts[i])
		if last := at == len(order)-1; last || n == 0 {
			break // what is left is certain
		}
		if mass < 1.0/countGroups {
			continue
		}
		dst = append(dst, Innovation{name, transform(k, n, min(1, mass/left), group)})
		left, n, mass, k, group = left-mass, n-k, 0, 0, group+1
	}
	return dst
}
