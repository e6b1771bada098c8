package evaluate

import "modelcollapse/internal/num"

// Ancestors is the law of how many of generation 0's rows the rows of a generation descend from under replace at one
// size: looked at backwards, k rows have as many parents as k balls thrown into so many boxes occupy (the coalescent of
// Wright–Fisher; Ewens 2004, Mathematical Population Genetics, chapter 10; W. Feller 1968, vol. 1, §IV.2). It is dual to
// CountChain: a category of true probability p is dead with chance E (1 − p)^ancestors and has all rows with chance
// E p^ancestors, so that its cost does not grow with the categories.
type Ancestors struct {
	rows     int
	occupied []band // by balls: the boxes that they occupy
}

// NewAncestors takes time and memory of about 3·rows^(3/2).
func NewAncestors(rows int) *Ancestors {
	a := &Ancestors{rows, []band{{0, []float64{1}}}}
	m := float64(rows)
	for k := range rows {
		last := a.occupied[k]
		next := make([]float64, len(last.p)+1)
		for i, x := range last.p {
			full := float64(last.lo + i)
			next[i] += float64(x*full) / m
			next[i+1] += float64(x*(m-full)) / m
		}
		t := trimmed(next)
		a.occupied = append(a.occupied, band{last.lo + t.lo, t.p})
	}
	return a
}

// Laws calls each with the law of the number of ancestors at generations 0 … generations; each may keep it.
func (a *Ancestors) Laws(generations int, each func(g int, law band)) {
	law := band{a.rows, []float64{1}}
	for g := range generations + 1 {
		each(g, law)
		if g < generations {
			law = a.back(law)
		}
	}
}

func (a *Ancestors) back(law band) band {
	next := make([]float64, law.lo+len(law.p))
	for i, x := range law.p {
		if x > faintest {
			o := a.occupied[law.lo+i]
			addTo(next[o.lo:], o.p, x)
		}
	}
	return trimmed(next)
}

// Resamplings is the expected number of resamplings until all rows descend from one of so many different ones, about
// 2·(rows − 1): the generations to total collapse from rows different items (the expected time to the most recent
// common ancestor, here of the discrete model itself).
func (a *Ancestors) Resamplings() float64 {
	t := make([]float64, a.rows+1)
	for k := 2; k <= a.rows; k++ {
		o := a.occupied[k]
		var wait num.Accumulator
		wait.Add(1)
		leaves := 0.0 // chance that some two have one parent
		for i, x := range o.p {
			if j := o.lo + i; j < k {
				wait.Add(float64(x * t[j]))
				leaves += x
			}
		}
		t[k] = wait.Sum() / leaves
	}
	return t[a.rows]
}

// power is E x^ancestors, 0 ≤ x ≤ 1.
func (l band) power(x float64) float64 {
	if x <= 0 || len(l.p) == 0 {
		return l.at(0)
	}
	sum := 0.0
	for i := len(l.p) - 1; i >= 0; i-- {
		sum = float64(sum*x) + l.p[i]
	}
	return float64(sum * num.Exp(float64(float64(l.lo)*num.Log(x))))
}
