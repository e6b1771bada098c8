package generate

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// The median halves the weight, whatever the order and the blocks, and is that of as many copies as a whole weight says.
func TestMedian(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sample := spans().Draw(t, "sample")
		var copies []float64
		for x, w := range sample.All() {
			for range int(w * 8) { // weights are multiples of an eighth
				copies = append(copies, x)
			}
		}
		slices.Sort(copies)
		want := math.NaN()
		if n := len(copies); n > 0 {
			want = (copies[(n-1)/2] + copies[n/2]) / 2
		}
		if got := median(sample); !(math.Abs(got-want) < 1e-12 || math.IsNaN(got) && math.IsNaN(want)) {
			t.Fatalf("%v: %g, want %g", sample, got, want)
		}
	})
}
