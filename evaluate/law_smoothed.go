package evaluate

import (
	"context"

	"modelcollapse/generate"
	"modelcollapse/internal/num"
	"modelcollapse/results"
)

// SmoothedLaws are the exact lines of tail_mass and heterozygosity under a generator that smooths, whose mean moves: the
// first two moments of every category's count, for every plan that a CountChain has, at the cost of the categories
// alone. Under replace at M draws the first is E q′ = (M·E q + α)/(M + αK). The form is our own.
type SmoothedLaws struct{}

// Predict is both lines.
func (SmoothedLaws) Predict(_ context.Context, r Real[generate.Histogram]) ([]results.Prediction, error) {
	c, p, ok := countPlanOf(r)
	if !ok || c.sampled != nil || c.Smoothing == 0 {
		return nil, nil
	}
	const law, source = "smoothed generator", "E q′ = (M E q + α)/(M + αK) and its second moment (our own)"
	limit, mass := tailLimit(p)
	tail, squares := make([]num.Accumulator, len(c.Steps)), make([]num.Accumulator, len(c.Steps))
	for _, k := range classesOf(p, nil, false) {
		c.moments(k.p, func(g int, mean, second float64) {
			if k.p <= limit {
				tail[g].Add(float64(k.categories*mean) / mass)
			}
			squares[g].Add(float64(k.categories * second))
		})
	}
	zeros := float64(len(p)) // of the truth: they have a probability under the fit too
	for _, k := range classesOf(p, nil, false) {
		zeros -= k.categories
	}
	if zeros > 0 {
		c.moments(0, func(g int, mean, second float64) {
			tail[g].Add(float64(zeros*mean) / mass)
			squares[g].Add(float64(zeros * second))
		})
	}
	x, y := make([]float64, len(tail)), make([]float64, len(squares))
	for g := range x {
		x[g], y[g] = tail[g].Sum(), 1-squares[g].Sum()
	}
	return append(lineOf("tail_mass", law, source, x), lineOf("heterozygosity", law, source, y)...), nil
}

// moments calls each with E q and E q² of a category of probability p.
func (c CountChain) moments(p float64, each func(g int, mean, second float64)) {
	rows := c.Rows()
	n, total := 0.0, 0.0 // E count, E count²
	for g, s := range c.Steps {
		fresh := float64(s.Fresh)
		if g > 0 {
			d := float64(s.Drawn)
			mean, second := c.shares(n, total, rows[g-1])
			real, kept := float64(s.Real*p), 1-s.Real
			// of the chance with which a row is of the category
			one := real + float64(kept*mean)
			two := float64(real*real) + float64(2*float64(real*float64(kept*mean))) + float64(float64(kept*kept)*second)
			drawn, squared := float64(d*one), float64(d*one)+float64(float64(d*(d-1))*two)
			if s.Keep {
				both := float64(d * (float64(real*n) + float64(kept*c.withCount(n, total, rows[g-1]))))
				n, total = n+drawn, total+float64(2*both)+squared
			} else {
				n, total = drawn, squared
			}
		}
		mean := float64(fresh * p)
		total += float64(2*float64(n*mean)) + float64(mean*(1-p)) + float64(mean*mean)
		n += mean
		one, two := c.shares(n, total, rows[g])
		each(g, one, two)
	}
}

// shares are E q and E q² of a count with E count and E count² among rows.
func (c CountChain) shares(n, second float64, rows int) (one, two float64) {
	all := float64(rows) + float64(c.Smoothing*float64(c.Categories))
	one = (n + c.Smoothing) / all
	two = (second + float64(float64(2*c.Smoothing)*n) + float64(c.Smoothing*c.Smoothing)) / float64(all*all)
	return one, two
}

// withCount is E count·q.
func (c CountChain) withCount(n, second float64, rows int) float64 {
	return (second + float64(c.Smoothing*n)) / (float64(rows) + float64(c.Smoothing*float64(c.Categories)))
}
