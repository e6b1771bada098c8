package evaluate

import (
	"context"
	"fmt"

	"modelcollapse/generate"
	"modelcollapse/results"
)

// TwoSample is the accuracy of a classifier that tells fresh rows from held-out real ones (Lopez-Paz and Oquab 2017, Revisiting
// classifier two-sample tests, ICLR, arXiv 1610.06545): a logistic regression with a ridge of 1, trained on every other row of
// Rows a side and tried on the rest, and the other way round. 0.5: it cannot tell; by chance it lies about
// 0.5/√(2·Rows) from there. It sees numbers, standardised, their squares and, of up to 8 columns, products; which numbers
// are missing; and the 30 categories of a column that are most frequent. What differs in another way it does not see.
type TwoSample struct {
	Rows int `json:"rows" default:"1000" min:"10" max:"100000" doc:"rows a side; accuracies of different numbers of rows do not compare"`
}

// Needs are fresh rows and held-out ones.
func (TwoSample) Needs() Needs { return Needs{Probe: true, HeldOut: true} }

// Can is nil: every model can be drawn from.
func (TwoSample) Can(generate.Fitted[generate.Record]) error { return nil }

func (m TwoSample) series() string { return fmt.Sprintf("two_sample@%d", m.Rows) }

// Axes is the accuracy, with the rows a side in its name.
func (m TwoSample) Axes() []results.Axis {
	return []results.Axis{{Series: m.series(), Label: fmt.Sprintf("accuracy of telling fresh rows from real ones (%d a side; 0.5: cannot)", m.Rows), Better: -1, Zero: 0.5}}
}

// Start asks whether there are enough rows.
func (m TwoSample) Start(_ context.Context, r Real[generate.Record]) (Gauge[generate.Record], error) {
	schema, err := generate.SchemaOf(r.Truth)
	if err != nil {
		return nil, fmt.Errorf("two_sample: %w", err)
	}
	if have := min(len(r.HeldOut), r.Probe); have < m.Rows {
		return nil, fmt.Errorf("two_sample: rows: %d: there are %d held-out rows and a probe of %d: write {kind: two_sample, rows: %d}",
			m.Rows, len(r.HeldOut), r.Probe, have)
	}
	return fitGauge[generate.Record](func(_ context.Context, v View[generate.Record], to Sink) error {
		to.Put(m.series(), tellApart(schema, v.Probe[:m.Rows], v.HeldOut[:m.Rows]))
		return nil
	}), nil
}

// tellApart is the accuracy over both halves; a row of which nothing is known counts a half.
func tellApart(schema generate.Schema, fresh, real []generate.Record) float64 {
	right := 0.0
	for fold := range 2 {
		var train, try []generate.Record
		var label, want []float64
		for side, rows := range [][]generate.Record{fresh, real} {
			for i, row := range rows {
				if i%2 == fold {
					train, label = append(train, row), append(label, float64(side))
				} else {
					try, want = append(try, row), append(want, float64(side))
				}
			}
		}
		f := featuresOf(schema, train)
		w := ridgeLogistic(f.all(train), label, f.dim, 1)
		for i, row := range f.all(try) {
			switch t := row.times(w); {
			case t == 0:
				right += 0.5
			case t > 0 == (want[i] == 1):
				right++
			}
		}
	}
	return right / float64(len(fresh)+len(real))
}
