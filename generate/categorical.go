package generate

import (
	"context"
	"fmt"
	"io"
	"math"
	"math/rand/v2"

	"modelcollapse/internal/num"
	"modelcollapse/internal/rng"
)

// A Distribution over categories 0 … K−1 knows its probabilities; the slice must not be changed.
type Distribution interface{ Probabilities() []float64 }

// Frequencies is a categorical distribution, by probabilities that add to 1.
type Frequencies struct{ P []float64 }

// Probabilities are f.P.
func (f Frequencies) Probabilities() []float64 { return f.P }

// Draw appends one histogram of n draws: a multinomial at the cost of its living categories.
func (f Frequencies) Draw(_ context.Context, dst []Histogram, n int, r *rand.Rand) ([]Histogram, error) {
	h := make(Histogram, len(f.P))
	rng.Multinomial(r, int64(n), f.P, h)
	return append(dst, h), nil
}

// DrawStats adds the counts of n draws without keeping the histogram.
func (f Frequencies) DrawStats(into Stats[Histogram], n int, r *rand.Rand) bool {
	c, ok := into.(*Tally)
	if ok {
		h := c.buffer(len(f.P))
		rng.Multinomial(r, int64(n), f.P, h)
		c.add(h, 1)
	}
	return ok
}

// Degenerate reports that one category is left, or none.
func (f Frequencies) Degenerate() string {
	living := 0
	for _, p := range f.P {
		if p > 0 {
			if living++; living > 1 {
				return ""
			}
		}
	}
	if living == 1 {
		return "one category left"
	}
	return "no category"
}

// Save writes the probabilities.
func (f Frequencies) Save(w io.Writer) error { return writeMany(w, f.P) }

// Categorical fits the shares of categories: (count + Smoothing) / (total + Smoothing·categories), which is maximum
// likelihood at Smoothing 0. A smoothed generator is not an evaluator that smooths (cross_entropy): what it draws is
// pulled towards the uniform distribution in every generation, and no category dies for good.
type Categorical struct {
	Smoothing float64 `json:"smoothing" default:"0" min:"0" doc:"added to every count before shares are taken; 0: maximum likelihood"`

	categories int
}

// Bind takes the number of categories from the truth.
func (m Categorical) Bind(truth Source[Histogram]) (Model[Histogram], error) {
	d, ok := truth.(Distribution)
	if !ok {
		return nil, fmt.Errorf("categorical: %T does not say how many categories there are", truth)
	}
	if !(m.Smoothing >= 0) || math.IsInf(m.Smoothing, 0) {
		return nil, fmt.Errorf("categorical: smoothing: %g: must be a finite number, 0 or more", m.Smoothing)
	}
	m.categories = len(d.Probabilities())
	return m, nil
}

// Fit learns from histograms, as FitStats learns from their sum.
func (m Categorical) Fit(ctx context.Context, t Task[Histogram]) (Fitted[Histogram], error) {
	s := m.Empty()
	for _, span := range t.Train {
		s.Add(span)
	}
	return m.FitStats(ctx, t, s)
}

// Fits is Frequencies, or Smoothed.
func (m Categorical) Fits() Fitted[Histogram] { return m.of(nil) }

// of is a fit of the probabilities p.
func (m Categorical) of(p []float64) Fitted[Histogram] {
	if m.Smoothing > 0 {
		return Smoothed{Frequencies{P: p}, m.Smoothing}
	}
	return Frequencies{P: p}
}

// Weighs is true: shares of counts may be weighted.
func (Categorical) Weighs() bool { return true }

// Empty is a tally of no draws.
func (m Categorical) Empty() Stats[Histogram] { return &Tally{sum: make([]float64, m.categories)} }

// FitStats divides every count by the total, both smoothed.
func (m Categorical) FitStats(_ context.Context, _ Task[Histogram], st Stats[Histogram]) (Fitted[Histogram], error) {
	s := st.(*Tally)
	p := make([]float64, len(s.sum))
	total := s.weight + float64(m.Smoothing*float64(len(p)))
	for i, x := range s.sum {
		if x += m.Smoothing; x > 0 {
			p[i] = x / total
		}
	}
	return m.of(p), nil
}

// Restore reads what Frequencies.Save wrote.
func (m Categorical) Restore(r io.Reader) (Fitted[Histogram], error) {
	p, err := readMany[float64](r)
	return m.of(p), err
}

// A Tally is weighted counts of categories.
type Tally struct {
	sum          []float64
	weight, rows float64
	spare        Histogram
}

// Counts are the weighted counts by category; not to be changed or kept.
func (s *Tally) Counts() []float64 { return s.sum }

// Rows is the plain number of draws.
func (s *Tally) Rows() float64 { return s.rows }

func (s *Tally) buffer(k int) Histogram {
	if len(s.spare) != k {
		s.spare = make(Histogram, k)
	}
	clear(s.spare)
	return s.spare
}

func (s *Tally) add(h Histogram, weight float64) {
	var n int64
	for i, c := range h[:min(len(h), len(s.sum))] {
		if c > 0 {
			s.sum[i] += float64(weight * float64(c))
			n += c
		}
	}
	s.rows += float64(n)
	s.weight += float64(weight * float64(n))
}

// Add adds the histograms of a span.
func (s *Tally) Add(sp Span[Histogram]) {
	for i, h := range sp.Rows {
		s.add(h, sp.At(i))
	}
}

// Merge adds weight × other.
func (s *Tally) Merge(other Stats[Histogram], weight float64) {
	t := other.(*Tally)
	for i, x := range t.sum {
		s.sum[i] += float64(weight * x)
	}
	s.weight, s.rows = s.weight+float64(weight*t.weight), s.rows+t.rows
}

// Zipf is the truth p_i ∝ (i + offset)^(−exponent), i = 1 … categories (Zipf–Mandelbrot).
type Zipf struct {
	Categories int     `json:"categories" default:"100" min:"1" max:"100000000" doc:"how many categories (vocabulary size)"`
	Exponent   float64 `json:"exponent" default:"1" min:"0"`
	Offset     float64 `json:"offset" default:"0" min:"0" doc:"Mandelbrot's shift of the rank"`
}

// Open computes the probabilities once.
func (z Zipf) Open(context.Context, *rand.Rand) (Source[Histogram], error) {
	if z.Categories < 1 {
		return nil, fmt.Errorf("zipf: %d categories", z.Categories)
	}
	p := make([]float64, z.Categories)
	for i := range p {
		p[i] = num.Exp(-float64(z.Exponent * num.Log(float64(i+1)+z.Offset)))
	}
	var total num.Accumulator
	for i := len(p) - 1; i >= 0; i-- { // small ones first
		total.Add(p[i])
	}
	if t := total.Sum(); !(t > 0) || math.IsInf(t, 0) {
		return nil, fmt.Errorf("zipf: exponent %g and offset %g leave no probability", z.Exponent, z.Offset)
	}
	for i := range p {
		p[i] /= total.Sum()
	}
	return Frequencies{P: p}, nil
}
