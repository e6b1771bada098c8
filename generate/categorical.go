package generate

import (
	"context"
	"fmt"
	"io"
	"math"
)

// Categorical fits the shares of categories: (count + Smoothing) / (total + Smoothing·categories), which is maximum
// likelihood at Smoothing 0. A smoothed generator is not an evaluator that smooths (cross_entropy): what it draws is
// pulled towards the uniform distribution in every generation, and no category dies for good.
type Categorical struct {
	Smoothing float64 `json:"smoothing" default:"0" min:"0" max:"1000000000000" doc:"added to every count before shares are taken; 0: maximum likelihood"`

	categories int
	memory     *memory // of fits that were closed
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
	m.categories, m.memory = len(d.Probabilities()), &memory{}
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
		return Smoothed{Frequencies{P: p}.known(), m.Smoothing}
	}
	return Frequencies{P: p}.known()
}

// Weighs is true: shares of counts may be weighted.
func (Categorical) Weighs() bool { return true }

// Version tells the draws of Spread from the earlier ones of Multinomial.
func (Categorical) Version() string { return "2" }

// Empty is a tally of no draws.
func (m Categorical) Empty() Stats[Histogram] { return &Tally{categories: m.categories} }

// FitStats divides every count by the total, both smoothed.
func (m Categorical) FitStats(_ context.Context, _ Task[Histogram], st Stats[Histogram]) (Fitted[Histogram], error) {
	s := st.(*Tally)
	if m.Smoothing == 0 {
		return s.shares(m.memory), nil
	}
	p := s.Counts()
	total := s.weight + float64(m.Smoothing*float64(len(p)))
	for i, x := range p {
		p[i] = (x + m.Smoothing) / total
	}
	return m.of(p), nil
}

// Restore reads what Frequencies.Save wrote.
func (m Categorical) Restore(r io.Reader) (Fitted[Histogram], error) {
	p, err := readMany[float64](r)
	return m.of(p), err
}
