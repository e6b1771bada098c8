package evaluate

import (
	"fmt"
	"math"

	"modelcollapse/generate"
)

// A Moment is what is known exactly of one fit, in squared units of the data summed over columns; E θ is the truth.
type Moment struct {
	Var float64 // Var θ
	Row float64 // E variance of a row drawn from the fit
}

// Linear is the linear oracle: exact second moments of every fit of a plan, for models whose estimate is a linear
// combination of the means of what they learned from, one law a model. It executes the plan on covariances as the engine
// executes it on rows, so it needs no formula a workflow:
//
//   - a block of n rows whose origins have chances π_c, means m_c and second moments q_c about the truth has a mean with
//     Var x̄ = Var m + (E Var m_c − Var m)/n + Σ f_c (q_c − Var m_c), m = Σ π_c m_c, f_c = π_c/n for rows that are independent
//     given their origin and N/(N−1)·(π/n − (π(1−π)/n + π²)/N) for rows drawn again from N without replacement;
//   - a lesson is the weighted mean of its blocks' means, and its law says the variance of a row of the fit.
//
// The one-origin case is classical (for a natural exponential family with quadratic variance it is a Pólya urn in
// batches); the general form is this project's own. It refuses by name what it does not cover. The time and, where
// everything is kept, the memory are of the order of the squared number of generations; the rounding about 1e-15 of the true variance, so
// that a variance which has collapsed further has no digits left.
func Linear(p *generate.Plan, laws []generate.Law) (map[generate.At]Moment, error) {
	for i, l := range laws {
		if l == nil {
			return nil, fmt.Errorf("linear oracle: model %d has no law", i)
		}
	}
	o := &oracle{plan: p, laws: laws, learned: map[int]*combination{}, id: map[generate.At]int{}, fits: map[generate.At]*combination{}, pools: map[poolOf]*combination{},
		out: map[generate.At]Moment{}}
	for g, s := range p.Steps {
		for i, d := range s.Draws {
			if err := o.draw(d, generate.At{Generation: g, Index: i}); err != nil {
				return nil, fmt.Errorf("linear oracle: generation %d: draw %d: %w", g, i, err)
			}
		}
		for n, l := range s.Lessons {
			if err := o.learn(l, generate.At{Generation: g, Index: n}); err != nil {
				return nil, fmt.Errorf("linear oracle: generation %d: node %d: %w", g, n, err)
			}
		}
		if o.forget(g); o.living > maxLiving {
			return nil, fmt.Errorf("linear oracle: generation %d: more than %d blocks are still learned from", g, maxLiving)
		}
	}
	return o.out, nil
}

// An oracle is what is known so far.
type oracle struct {
	plan         *generate.Plan
	laws         []generate.Law // a model each
	id           map[generate.At]int
	cov          [][]float64 // between block means, lower triangle; nil for a block that nobody speaks of any more
	living       int         // how many are not nil
	second, rows []float64   // E (row − truth)² and planned rows of each block
	fits         map[generate.At]*combination
	learned      map[int]*combination // what each node learned last, without its anchor
	pools        map[poolOf]*combination
	out          map[generate.At]Moment
}

// A poolOf is a draw and an origin of every generation.
type poolOf struct{ draw, origin int }

// A combination is a linear combination of block means with weights that add to 1, and its covariance with each block
// that existed when it was made.
type combination struct {
	id     []int
	weight []float64
	total  float64 // of the weights before they were divided by it
	rows   float64
	second float64 // E second moment of a row
	even   bool    // every row weighs alike
	cov    []float64
	v      float64
	lesson generate.Lesson
}

// A divided law is that of a family that fits its variance.
type divided interface{ Divisor() float64 }

// with is the covariance of c with block k.
func (o *oracle) with(c *combination, k int) (x float64) {
	if k < len(c.cov) {
		return c.cov[k]
	}
	for i, j := range c.id {
		x += float64(c.weight[i] * o.between(j, k))
	}
	return x
}

func (o *oracle) between(j, k int) float64 { return o.cov[max(j, k)][min(j, k)] }

// combine is the weighted mean of a lesson's blocks; from an older one when the lesson only grew.
func (o *oracle) combine(l generate.Lesson, old *combination) (*combination, error) {
	c, fresh := &combination{lesson: l, even: true}, l
	if old != nil {
		added, grows := l.Grows(old.lesson)
		if fresh = added; !grows {
			old, fresh = nil, l
		}
	}
	if old != nil {
		c.id = append(c.id, old.id...)
		for _, x := range old.weight {
			c.weight = append(c.weight, float64(x*old.total))
		}
		c.total, c.rows, c.second, c.even = old.total, old.rows, float64(old.second*old.total), old.even
	}
	from := len(c.id)
	o.add(c, fresh)
	if !(c.total > 0) {
		return nil, fmt.Errorf("weights that add to %g", c.total)
	}
	for i := range c.weight {
		c.weight[i] /= c.total
	}
	c.second /= c.total
	o.relate(c, &combination{id: c.id[from:], weight: c.weight[from:]}, old)
	return c, nil
}

// add puts the blocks of a lesson into c, with weights that are still to be divided.
func (o *oracle) add(c *combination, l generate.Lesson) {
	first := -1.0
	if len(c.weight) > 0 {
		first = c.weight[0] / o.rows[c.id[0]]
	}
	for at, w := range l.Each {
		j := o.id[at]
		if !l.PerBlock {
			w = float64(w * o.rows[j])
		}
		row := w / o.rows[j]
		if first < 0 {
			first = row
		}
		c.even = c.even && math.Abs(row-first) <= float64(1e-9*first)
		c.id, c.weight = append(c.id, j), append(c.weight, w)
		c.total, c.rows, c.second = c.total+w, c.rows+o.rows[j], c.second+float64(w*o.second[j])
	}
}

// relate computes the covariance of c, new blocks and what it grew from, with every block, and its variance.
func (o *oracle) relate(c, fresh, old *combination) {
	c.cov = make([]float64, len(o.cov))
	for k := range c.cov {
		if o.cov[k] == nil {
			continue
		}
		c.cov[k] = o.with(fresh, k)
		if old != nil {
			c.cov[k] += float64(old.total / c.total * o.with(old, k))
		}
	}
	for i, j := range c.id {
		c.v += float64(c.weight[i] * c.cov[j])
	}
}

// learn is a fit: what it learned, moved towards its anchor where its law has one.
func (o *oracle) learn(l generate.Lesson, at generate.At) error {
	law := o.laws[l.Model]
	if law, ok := law.(divided); ok {
		if n := o.plan.Learned(at.Generation, at.Index); float64(n) <= law.Divisor() {
			return fmt.Errorf("%d rows with a divisor of n − %g", n, law.Divisor())
		}
	}
	c, err := o.combine(l, o.learned[at.Index])
	if err != nil {
		return err
	}
	if s, ok := law.(divided); ok && s.Divisor() != 0 && !c.even {
		return fmt.Errorf("a divisor of n − %g with unequal weights", s.Divisor())
	}
	o.learned[at.Index] = c
	if c, err = o.anchored(c, l, law); err != nil {
		return err
	}
	o.fits[at] = c
	o.out[at] = Moment{c.v, law.Fitted(c.v, c.second, c.rows)}
	return nil
}

// anchored is (1 − a)·c + a·start for a law with an anchor a; a model that starts elsewhere without one learns the same
// from any start, which is for its law to say.
func (o *oracle) anchored(c *combination, l generate.Lesson, law generate.Law) (*combination, error) {
	a, ok := law.(generate.Anchored)
	if l.Start == nil || !ok || a.Anchor() == 0 {
		return c, nil
	}
	if _, ok := law.(divided); ok {
		return nil, fmt.Errorf("an anchor of a family that fits its variance")
	}
	share, start := a.Anchor(), o.fits[*l.Start]
	out := &combination{rows: c.rows, second: c.second, cov: make([]float64, len(o.cov))}
	for _, part := range []struct {
		of    *combination
		share float64
	}{{c, 1 - share}, {start, share}} {
		for i, j := range part.of.id {
			out.id, out.weight = append(out.id, j), append(out.weight, float64(part.share*part.of.weight[i]))
		}
		for k := range out.cov {
			if o.cov[k] != nil {
				out.cov[k] += float64(part.share * o.with(part.of, k))
			}
		}
	}
	for i, j := range out.id {
		out.v += float64(out.weight[i] * out.cov[j])
	}
	return out, nil
}
