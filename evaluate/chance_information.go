package evaluate

import (
	"modelcollapse/internal/num"
)

// chanceInformation is the expected plug-in mutual information of two columns that have nothing to do with each other, given
// how often each has each of its categories: Σ over pairs of categories of a and b rows, Σ k/n ln(k n/(a b)) by the
// hypergeometric law of k (Vinh, Epps and Bailey 2010, JMLR 11, eq. 24a). In nats; n is the rows.
func chanceInformation(first, second map[int]int64, n int64) float64 {
	var sum num.Accumulator
	for _, a := range tallied(first) {
		for _, b := range tallied(second) {
			sum.Add(float64(float64(a.types*b.types) * chanceOf(a.count, b.count, n)))
		}
	}
	return sum.Sum()
}

// tallied are counts with how many categories have each.
func tallied(counts map[int]int64) []countClass {
	all := make([]int64, 0, len(counts))
	for _, n := range counts {
		all = append(all, n)
	}
	return countClasses(all)
}

// chanceOf is one pair of categories: from the likeliest k both ways, until what is left is nothing.
func chanceOf(a, b, n int64) float64 {
	low, high := max(0, a+b-n), min(a, b)
	mode := min(high, max(low, (a+1)*(b+1)/(n+2)))
	term := func(k int64, p float64) float64 {
		if k == 0 {
			return 0
		}
		share := float64(k) / float64(n)
		return float64(p * float64(share*(num.Log(share)-num.Log(float64(a)/float64(n))-num.Log(float64(b)/float64(n)))))
	}
	top := num.Exp(num.LogHypergeometric(mode, a, n-a, b))
	sum := term(mode, top)
	for k, p := mode, top; k < high && p > 1e-18; k++ {
		p *= float64(float64(a-k)*float64(b-k)) / float64(float64(k+1)*float64(n-a-b+k+1))
		sum += term(k+1, p)
	}
	for k, p := mode, top; k > low && p > 1e-18; k-- {
		p *= float64(float64(k)*float64(n-a-b+k)) / float64(float64(a-k+1)*float64(b-k+1))
		sum += term(k-1, p)
	}
	return sum
}
