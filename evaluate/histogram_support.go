package evaluate

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"modelcollapse/generate"
	"modelcollapse/internal/num"
	"modelcollapse/results"
)

// Support is the number of categories with q > 0.
type Support struct{ exactNeeds }

// HistogramSupportLoss is the share of the true categories that the model has lost, 1 − |supp q ∩ supp p| / |supp p|,
// among the true ranks From … To (rank 1 is the most probable; equal ones by index).
type HistogramSupportLoss struct {
	exactNeeds
	From int `json:"from" default:"1" min:"1" doc:"first true rank looked at; 1 is the most probable"`
	To   int `json:"to" default:"0" min:"0" doc:"last true rank looked at; 0: the last"`
}

// HistogramMissingMass is Σ p over the categories with q = 0.
type HistogramMissingMass struct{ exactNeeds }

// Axes is the number of living categories.
func (Support) Axes() []results.Axis {
	return []results.Axis{{Series: "support", Label: "living categories", Better: 1}}
}

// Axes is the lost share.
func (m HistogramSupportLoss) Axes() []results.Axis {
	label := "lost share of true categories"
	if m.From > 1 || m.To > 0 {
		label = fmt.Sprintf("lost share of true categories, ranks %d–%d", m.From, m.To)
	}
	return []results.Axis{{Series: "support_loss", Label: label, Better: -1}}
}

// Axes is the lost mass.
func (HistogramMissingMass) Axes() []results.Axis {
	return []results.Axis{{Series: "missing_mass", Label: "true mass of lost categories", Better: -1}}
}

// Start finds the truth.
func (Support) Start(_ context.Context, r Real[generate.Histogram]) (Gauge[generate.Histogram], error) {
	return ofShares(r, "support", func(q []float64) float64 {
		n := 0
		for _, x := range q {
			if x > 0 {
				n++
			}
		}
		return float64(n)
	})
}

func (Support) sums([]float64) ([]categorySum, error) {
	return []categorySum{marksLiving.sum("support", equally)}, nil
}

// Start finds the truth.
func (HistogramMissingMass) Start(_ context.Context, r Real[generate.Histogram]) (Gauge[generate.Histogram], error) {
	return whole(r, "missing_mass", missingMass)
}

// missingMass is Σ p over the categories with q = 0.
func missingMass(p, q []float64) float64 {
	var sum num.Accumulator
	for i, x := range q {
		if x == 0 {
			sum.Add(p[i])
		}
	}
	return sum.Sum()
}

func (HistogramMissingMass) sums([]float64) ([]categorySum, error) {
	return []categorySum{marksDead.sum("missing_mass", byMass)}, nil
}

// Start ranks the true categories.
func (m HistogramSupportLoss) Start(_ context.Context, r Real[generate.Histogram]) (Gauge[generate.Histogram], error) {
	p, err := truthOf(r)
	if err != nil {
		return nil, fmt.Errorf("support_loss: %w", err)
	}
	in, n, err := m.window(p)
	if err != nil {
		return nil, err
	}
	return whole(r, "support_loss", func(_, q []float64) float64 {
		lost := 0
		for i, x := range q {
			if x == 0 && in[i] {
				lost++
			}
		}
		return float64(lost) / float64(n)
	})
}

func (m HistogramSupportLoss) sums(p []float64) ([]categorySum, error) {
	in, n, err := m.window(p)
	if err != nil {
		return nil, err
	}
	s := marksDead.sum("support_loss", equally)
	s.factor, s.in = 1/float64(n), in
	return []categorySum{s}, nil
}

// window marks the categories of the ranks looked at; n is how many there are.
func (m HistogramSupportLoss) window(p []float64) (in []bool, n int, err error) {
	rank, to := byRank(p), m.To
	if to == 0 {
		to = len(rank)
	}
	if m.From < 1 || to > len(rank) || m.From > to {
		return nil, 0, fmt.Errorf("support_loss: ranks %d to %d: there are %d true categories", m.From, to, len(rank))
	}
	in = make([]bool, len(p))
	for _, i := range rank[m.From-1 : to] {
		in[i] = true
	}
	return in, to - m.From + 1, nil
}

// byRank are the categories of positive probability, by falling probability, equal ones by index.
func byRank(p []float64) (rank []int) {
	for i, x := range p {
		if x > 0 {
			rank = append(rank, i)
		}
	}
	slices.SortFunc(rank, func(a, b int) int { return cmp.Or(cmp.Compare(p[b], p[a]), cmp.Compare(a, b)) })
	return rank
}
