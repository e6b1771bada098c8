package evaluate

import (
	"math"
	"testing"
)

// By hand: 1, 2, 6 have mean 3 and variance (4 + 1 + 9)/2.
func TestSampleVariance(t *testing.T) {
	g, err := SampleVariance{}.Start(t.Context(), Real[float64]{})
	if err != nil {
		t.Fatal(err)
	}
	got := namedSink{}
	if err := g.Measure(t.Context(), View[float64]{Probe: []float64{1, 2, 6}}, got); err != nil {
		t.Fatal(err)
	}
	if got["sample_variance.mean"] != 3 || math.Abs(got["sample_variance"]-7) > 1e-15 {
		t.Errorf("%v", got)
	}
}

type namedSink map[string]float64

func (s namedSink) Put(name string, x float64)  { s[name] = x }
func (namedSink) Attach(string, string, []byte) {}
