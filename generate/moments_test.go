package generate

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// spans are rows in blocks with weights a block, and sometimes a row.
func spans() *rapid.Generator[Sample[float64]] {
	return rapid.Custom(func(t *rapid.T) (s Sample[float64]) {
		for range rapid.IntRange(1, 5).Draw(t, "blocks") {
			rows := rapid.SliceOfN(rapid.Float64Range(-100, 100), 0, 6).Draw(t, "rows")
			span := Span[float64]{Rows: rows, Weight: rapid.SampledFrom([]float64{1, 1, 2, .5}).Draw(t, "weight")}
			if rapid.Bool().Draw(t, "weighted") {
				span.Weights = rapid.SliceOfN(rapid.SampledFrom([]float64{0, 1, 3, .25}), len(rows), len(rows)).Draw(t, "weights")
			}
			s = append(s, span)
		}
		return s
	})
}

// Whatever the blocks, their moments are those of all rows by the textbook formula.
func TestMomentsOfBlocksAreThoseOfAllRows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sample := spans().Draw(t, "sample")
		s, w, mean, n := &Moments{}, 0.0, 0.0, 0.0
		for _, span := range sample {
			part := &Moments{}
			part.Add(span)
			before := *part
			s.Merge(part, 1)
			if *part != before {
				t.Fatal("Merge changed what it read")
			}
		}
		for x, weight := range sample.All() {
			w, mean, n = w+weight, mean+weight*x, n+1
		}
		if s.Rows() != n {
			t.Fatalf("%g rows of %g", s.Rows(), n)
		}
		if w == 0 {
			return
		}
		mean /= w
		variance := 0.0
		for x, weight := range sample.All() {
			variance += weight * (x - mean) * (x - mean) / w
		}
		if math.Abs(s.Mean()-mean) > 1e-10 || math.Abs(s.Variance()-variance) > 1e-9 {
			t.Fatalf("mean %g, variance %g, want %g, %g", s.Mean(), s.Variance(), mean, variance)
		}
	})
}

// A weight of a block is as many copies of its rows.
func TestMomentsMergeByWeight(t *testing.T) {
	a, b, part := &Moments{}, &Moments{}, &Moments{}
	a.Add(Span[float64]{Rows: []float64{1, 5, 9}, Weight: 1})
	b.Add(Span[float64]{Rows: []float64{1, 5, 9}, Weight: 1})
	part.Add(Span[float64]{Rows: []float64{2, 4}, Weight: 1})
	a.Merge(part, 3)
	for range 3 {
		b.Merge(part, 1)
	}
	near(t, "moments", []float64{a.Mean(), a.Variance()}, []float64{b.Mean(), b.Variance()}, 1e-15)
}

// Far from 0 the variance keeps its digits (a sum of squares would have none left).
func TestMomentsFarFromZero(t *testing.T) {
	s := &Moments{}
	for i := range 1000 {
		s.Add(Span[float64]{Rows: []float64{1e9 + float64(i%2)}, Weight: 1})
	}
	near(t, "variance", []float64{s.Variance()}, []float64{.25}, 1e-6)
}
