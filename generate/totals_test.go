package generate

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// Whatever the blocks, their totals are those of all rows, and a block that weighs is as many copies.
func TestTotalsOfBlocksAreThoseOfAllRows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sample := spans().Draw(t, "sample")
		s, weight, sum, rows := &Totals{}, 0.0, 0.0, 0.0
		for i, span := range sample {
			part, by := &Totals{}, float64(i%3)
			part.Add(span)
			before := *part
			s.Merge(part, by)
			if *part != before {
				t.Fatal("Merge changed what it read")
			}
			rows += float64(len(span.Rows))
			for j, x := range span.Rows {
				weight, sum = weight+by*span.At(j), sum+by*span.At(j)*x
			}
		}
		if s.Rows() != rows || math.Abs(s.weight-weight) > 1e-12 || math.Abs(s.Sum()-sum) > 1e-9 {
			t.Fatalf("%g rows, weight %g, sum %g, want %g, %g, %g", s.Rows(), s.weight, s.Sum(), rows, weight, sum)
		}
	})
	s := &Totals{}
	s.Add(Span[float64]{Rows: []float64{math.NaN(), 3}, Weight: 1, Weights: []float64{0, 2}})
	if s.Rows() != 2 || s.Mean() != 3 {
		t.Errorf("a row without weight counts: %g rows, mean %g", s.Rows(), s.Mean())
	}
}
