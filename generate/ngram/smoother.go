package ngram

// A smoother says how much of a count one order gives away to the next shorter context: a discount by count
// (Kneser-Ney), a fixed share (Jelinek-Mercer), or nothing.
type smoother struct {
	discount [4]float64 // of counts 0, 1, 2 and 3 or more
	share    float64    // of every count
}

// drop is the mass that an n-gram of count c gives away.
func (s *smoother) drop(c uint32) float64 {
	return s.discount[min(c, 3)] + float64(s.share*float64(c))
}

// keepsAll reports whether nothing is given away.
func (s *smoother) keepsAll() bool { return *s == smoother{} }

// kneserNey is one smoother an order, from the counts that are to be discounted.
func kneserNey(counts [][]uint32) []smoother {
	s := make([]smoother, len(counts))
	for k := range s {
		s[k].discount = discounts(counts[k])
	}
	return s
}

// discounts are Chen and Goodman's (1998, equation 26): D(i) = i − (i+1) Y n(i+1)/n(i), Y = n1/(n1 + 2 n2),
// n(i) the number of n-grams of count i. Where a count of counts is missing, or a discount would leave [0, i],
// all three are 0.5, 1 and 1.5 (lmplz --discount_fallback).
func discounts(counts []uint32) [4]float64 {
	var n [5]float64
	for _, c := range counts {
		if c < 5 {
			n[c]++
		}
	}
	y := n[1] / (n[1] + 2*n[2])
	var d [4]float64
	for i := 1; i <= 3; i++ {
		d[i] = float64(i) - float64(float64(i+1)*y*n[i+1])/n[i]
		if n[i] == 0 || !(d[i] >= 0 && d[i] <= float64(i)) {
			return [4]float64{0, 0.5, 1, 1.5}
		}
	}
	return d
}

// jelinekMercer is one smoother an order; lambda is the weight of orders 2 … top in falling order, epsilon what
// unigrams give to the uniform distribution.
func jelinekMercer(lambda []float64, epsilon float64) []smoother {
	s := make([]smoother, len(lambda)+1)
	s[0].share = epsilon
	for i, x := range lambda {
		s[len(lambda)-i].share = 1 - x
	}
	return s
}
