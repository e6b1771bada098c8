package evaluate

import (
	"context"
	"fmt"

	"modelcollapse/generate"
	"modelcollapse/results"
)

// Collapsed is 1 once at most one category is left, else 0: its mean is the share of chains that have collapsed
// totally. Exactly one category is left when one has all the counts, and no two have, so its expectation is a sum over
// categories.
type Collapsed struct{ exactNeeds }

// Fixation is 1 once the category of true rank Rank alone is left, else 0. Under replace its mean goes to that
// category's true probability: what is left in the end is a draw of the truth (Ewens 2004, Mathematical Population
// Genetics, §3.2).
type Fixation struct {
	exactNeeds
	Rank int `json:"rank" default:"1" min:"1" doc:"true rank of the category; 1 is the most probable"`
}

// Axes is the share of collapsed chains.
func (Collapsed) Axes() []results.Axis {
	return []results.Axis{{Series: "collapsed", Label: "share with one category left", Better: -1}}
}

// Axes is the share of chains that ended in the category.
func (m Fixation) Axes() []results.Axis {
	return []results.Axis{{Series: "fixation", Label: fmt.Sprintf("share with the category of rank %d alone", m.Rank)}}
}

// Start finds the truth.
func (Collapsed) Start(_ context.Context, r Real[generate.Histogram]) (Gauge[generate.Histogram], error) {
	return ofShares(r, "collapsed", atMostOne)
}

func (Collapsed) sums([]float64) ([]categorySum, error) {
	return []categorySum{marksAlone.sum("collapsed", equally)}, nil
}

// Start ranks the categories.
func (m Fixation) Start(_ context.Context, r Real[generate.Histogram]) (Gauge[generate.Histogram], error) {
	p, err := truthOf(r)
	if err != nil {
		return nil, fmt.Errorf("fixation: %w", err)
	}
	in, err := m.category(p)
	if err != nil {
		return nil, err
	}
	return whole(r, "fixation", func(_, q []float64) float64 {
		for i, x := range q {
			if in[i] && x == 1 {
				return 1
			}
		}
		return 0
	})
}

func (m Fixation) sums(p []float64) ([]categorySum, error) {
	in, err := m.category(p)
	if err != nil {
		return nil, err
	}
	s := marksAlone.sum("fixation", equally)
	s.in = in
	return []categorySum{s}, nil
}

// category marks the category of the rank.
func (m Fixation) category(p []float64) (in []bool, err error) {
	in, _, err = HistogramSupportLoss{From: m.Rank, To: m.Rank}.window(p)
	if err != nil {
		return nil, fmt.Errorf("fixation: rank %d: the truth has fewer categories", m.Rank)
	}
	return in, nil
}

func atMostOne(q []float64) float64 {
	living := 0
	for _, x := range q {
		if x > 0 {
			if living++; living > 1 {
				return 0
			}
		}
	}
	return 1
}
