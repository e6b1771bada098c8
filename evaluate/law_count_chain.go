package evaluate

import (
	"math"

	"modelcollapse/internal/num"
)

// A CountStep is how the count of a category among the rows that one generation learns from follows from its count
// among those that the generation before learned from.
type CountStep struct {
	Keep  bool    // the rows before stay, and those below are added (accumulate)
	Drawn int     // rows drawn each from the truth with chance Real, else from the last fit
	Real  float64 // in [0, 1]
	Fresh int     // further rows, all from the truth
}

// A CountChain is the exact law of one category's count, generation by generation. Given the fit before, the count is a
// sum of binomials, the marginals of multinomials: with q the fit's probability of a category whose count was a, and p
// the true one,
//
//	count′ = [a if Keep] + Binomial(Drawn, Real·p + (1 − Real)·q) + Binomial(Fresh, p),
//
// a Markov chain on 0 … rows. So whatever is a sum over categories of a function of the category's own count has an
// exact expectation. Replace at one size is the Wright–Fisher model; a fresh real share and a smoothed generator are
// mutation in it (Ewens 2004, Mathematical Population Genetics, §3.2); accumulation is a Pólya urn that is fed in
// batches. The form for all of them is our own.
type CountChain struct {
	Steps      []CountStep // by generation; that of generation 0 has Fresh rows alone
	Smoothing  float64     // the fit's q = (count + Smoothing) / (rows + Smoothing·Categories)
	Categories int

	// Sampled is the chance that a draw from a fit is of the category when the fit gives it q; nil: q. With other than
	// honest sampling it is a function of q alone only where there are two categories.
	Sampled func(q float64) float64
}

// Rows is how many rows each generation learns from.
func (c CountChain) Rows() []int {
	rows := make([]int, len(c.Steps))
	for g, s := range c.Steps {
		rows[g] = s.Drawn + s.Fresh
		if s.Keep && g > 0 {
			rows[g] += rows[g-1]
		}
	}
	return rows
}

// probability is that of a fit to a count among rows.
func (c CountChain) probability(count, rows int) float64 {
	if c.Smoothing > 0 {
		return (float64(count) + c.Smoothing) / (float64(rows) + float64(c.Smoothing*float64(c.Categories)))
	}
	return float64(count) / float64(rows)
}

// mutates reports that steps depend on the true probability, so that categories must be followed one by one.
func (c CountChain) mutates() bool {
	for _, s := range c.Steps[1:] {
		if s.Fresh > 0 || s.Drawn > 0 && s.Real > 0 {
			return true
		}
	}
	return c.Sampled != nil
}

// chainWork is the multiply-adds that a line may cost: about half a second.
const chainWork = 5e8

// work is about how many multiply-adds following so many laws together takes, a generation more being looked at by so
// many functions.
func (c CountChain) work(laws, functions int) float64 {
	rows, total := c.Rows(), 0.0
	var last kernelKey
	for g, s := range c.Steps {
		total += float64(float64(rows[g]+1) * float64(5*functions))
		if g == 0 {
			continue
		}
		key := c.key(g, rows)
		each := float64(laws)
		if key != last || !key.stored() {
			each += 3
		}
		total += float64(key.size() * each)
		if last = key; s.Fresh > 0 {
			total += float64(float64(rows[g-1]+1) * float64(bandWidth(s.Fresh)*float64(laws)))
		}
	}
	return total
}

// bandWidth is about how wide a band of a binomial of so many draws is.
func bandWidth(draws int) float64 {
	return 1 + min(float64(draws), float64(8*math.Sqrt(float64(draws))))
}

// A countLaw is probabilities, or a weighted sum of them, of the counts lo … lo + len(p) − 1.
type countLaw = band

// begin is weight times the law of the count behind generation 0's fit.
func (c CountChain) begin(p, weight float64) countLaw {
	lo, law := newBinomials(c.Steps[0].Fresh).law(p)
	out := countLaw{lo, make([]float64, len(law))}
	for k, x := range law {
		out.p[k] = float64(weight * x)
	}
	return out
}

// Law calls each with the law of the count of a category of probability p: law[k] is the chance of a count of k.
func (c CountChain) Law(p float64, each func(g int, law []float64)) {
	rows := c.Rows()
	c.follow([]countLaw{c.begin(p, 1)}, p, func(g int, laws []countLaw) {
		law := make([]float64, rows[g]+1)
		copy(law[laws[0].lo:], laws[0].p)
		each(g, law)
	})
}

// follow calls each with laws that move together, from generation 0 on. p is the true probability of their category,
// which matters only where the chain mutates.
func (c CountChain) follow(laws []countLaw, p float64, each func(g int, laws []countLaw)) {
	rows := c.Rows()
	var k *kernel
	for g, s := range c.Steps {
		if g > 0 {
			if key := c.key(g, rows); k == nil || k.key != key {
				again := g+1 < len(c.Steps) && c.key(g+1, rows) == key
				k = newKernel(key, again, func(count int) float64 { return c.chance(s, p, count, rows[g-1]) })
			}
			laws = c.next(laws, p, g, rows, k)
		}
		each(g, laws)
	}
}

// next is every law one generation later.
func (c CountChain) next(laws []countLaw, p float64, g int, rows []int, k *kernel) []countLaw {
	s := c.Steps[g]
	lo, hi := hull(laws)
	buffers := make([][]float64, len(laws))
	for i := range buffers {
		buffers[i] = make([]float64, rows[g]+1)
	}
	for a := lo; a < hi; a++ {
		if !anyAt(laws, a) {
			continue
		}
		at, w := k.law(a)
		if s.Keep {
			at += a
		}
		for i, l := range laws {
			if x := l.at(a); math.Abs(x) > faintest {
				addTo(buffers[i][at:], w, x)
			}
		}
	}
	out := make([]countLaw, len(laws))
	for i := range out {
		out[i] = trimmed(buffers[i])
	}
	if s.Fresh > 0 {
		at, w := newBinomials(s.Fresh).law(p)
		for i := range out {
			out[i] = out[i].plus(band{at, w})
		}
	}
	return out
}

// chance is that of one of the drawn rows being of the category.
func (c CountChain) chance(s CountStep, p float64, count, rows int) float64 {
	q := c.probability(count, rows)
	if c.Sampled != nil {
		q = c.Sampled(q)
	}
	if s.Real == 0 {
		return q
	}
	return min(1, float64(s.Real*p)+float64((1-s.Real)*q))
}

// expectation is Σ law(k)·f(k).
func (l countLaw) expectation(f func(count int) float64) float64 {
	var sum num.Accumulator
	for k, x := range l.p {
		if x != 0 {
			sum.Add(float64(x * f(l.lo+k)))
		}
	}
	return sum.Sum()
}
