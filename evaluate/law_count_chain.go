package evaluate

import (
	"math"
	"slices"

	"modelcollapse/internal/num"
)

// A CountChain is the exact law of one category's count when every generation learns the shares of categories from
// rows draws of the fit before: a Markov chain on 0 … rows whose step from a is Binomial(rows, a/rows), the marginal
// of the multinomial. Generation 0 learns from Binomial(rows, p), and generation g is g steps later, so whatever is
// a sum over categories of a function of the category's own count has an exact expectation (the Wright–Fisher model
// without mutation; Ewens 2004, Mathematical Population Genetics, §3.2).
type CountChain struct {
	rows int
	step []band // by the count before
}

// chainWork is the multiply-adds that a line may cost: about half a second.
const chainWork = 5e8

// countChain is a chain, unless following so many laws over so many generations costs more than chainWork.
func countChain(rows, generations, laws int) (*CountChain, bool) {
	m := float64(rows)
	width := min(m, float64(10*math.Sqrt(m)))
	if rows < 1 || float64(m*width)*float64(float64(generations+20)*float64(laws)) > chainWork {
		return nil, false
	}
	return NewCountChain(rows), true
}

// NewCountChain computes the steps, in time and memory of about 10·rows^(3/2).
func NewCountChain(rows int) *CountChain {
	c := &CountChain{rows: rows, step: make([]band, rows+1)}
	for a := range c.step {
		c.step[a] = binomialBand(rows, float64(a)/float64(rows))
	}
	return c
}

// Fit adds weight times the law of the count behind generation 0's fit, for a category of probability p, to
// law[0 … rows].
func (c *CountChain) Fit(law []float64, p, weight float64) {
	b := binomialBand(c.rows, p)
	for k, x := range b.p {
		law[b.lo+k] += float64(weight * x)
	}
}

// Next writes the law one generation later to next. Laws need not add to 1: a weighted sum of laws moves alike.
func (c *CountChain) Next(next, law []float64) {
	step(next, law, c.step)
}

// A category class is how many categories share a probability.
type categoryClass struct{ p, categories float64 }

// categoryClasses groups the positive probabilities that are in, by rising probability.
func categoryClasses(p []float64, in func(i int) bool) (classes []categoryClass) {
	var sorted []float64
	for i, x := range p {
		if x > 0 && in(i) {
			sorted = append(sorted, x)
		}
	}
	slices.Sort(sorted)
	for _, x := range sorted {
		if n := len(classes); n > 0 && classes[n-1].p == x {
			classes[n-1].categories++
		} else {
			classes = append(classes, categoryClass{x, 1})
		}
	}
	return classes
}

// common is E Σ weight(p_i) f(count_i) at generations 0 … generations: one law is followed, the weighted sum of all.
func (c *CountChain) common(classes []categoryClass, generations int, weight func(p float64) float64,
	f func(count int) float64) []float64 {
	law := make([]float64, c.rows+1)
	for _, k := range classes {
		c.Fit(law, k.p, float64(weight(k.p)*k.categories))
	}
	out := make([]float64, generations+1)
	c.follow(law, func(g int, law []float64) { out[g] = expectation(law, f) }, generations)
	return out
}

// each is E Σ f(p_i, count_i) at generations 0 … generations: every class has a law of its own.
func (c *CountChain) each(classes []categoryClass, generations int, f func(p float64, count int) float64) []float64 {
	sum := make([]num.Accumulator, generations+1)
	for _, k := range classes {
		law := make([]float64, c.rows+1)
		c.Fit(law, k.p, k.categories)
		c.follow(law, func(g int, law []float64) {
			sum[g].Add(expectation(law, func(count int) float64 { return f(k.p, count) }))
		}, generations)
	}
	out := make([]float64, generations+1)
	for g := range out {
		out[g] = sum[g].Sum()
	}
	return out
}

func (c *CountChain) follow(law []float64, each func(g int, law []float64), generations int) {
	next := make([]float64, len(law))
	for g := range generations + 1 {
		each(g, law)
		if g < generations {
			c.Next(next, law)
			law, next = next, law
		}
	}
}

func expectation(law []float64, f func(count int) float64) float64 {
	var sum num.Accumulator
	for k, x := range law {
		if x != 0 {
			sum.Add(float64(x * f(k)))
		}
	}
	return sum.Sum()
}
