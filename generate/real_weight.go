package generate

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
)

// A RealWeight is the weight w of a block of real rows as a whole, the synthetic block weighing 1 − w: a number below 1,
// 0 meaning that all rows count alike; or golden, the weight of He et al.
type RealWeight struct {
	weight float64
	golden bool
}

// Weighing is the weight w.
func Weighing(w float64) RealWeight { return RealWeight{weight: w} }

// Golden is the weight of He et al. 2025 (arXiv 2502.18049): w* = (√(1+4k) − 1)/(2k) for k synthetic rows a fresh real
// one, the reciprocal of the golden ratio for k = 1. It minimises the limit of the variance of a mean learned from fresh
// real rows and the last fit's, which is then w* times that of the real rows alone.
func Golden() RealWeight { return RealWeight{golden: true} }

// Forms are a number and the word golden.
func (RealWeight) Forms() []any { return []any{float64(0), "golden"} }

// UnmarshalJSON reads either form.
func (w *RealWeight) UnmarshalJSON(b []byte) error {
	*w = RealWeight{}
	if b = bytes.TrimSpace(b); string(b) == `"golden"` {
		w.golden = true
		return nil
	}
	return json.Unmarshal(b, &w.weight)
}

// MarshalJSON writes what UnmarshalJSON reads.
func (w RealWeight) MarshalJSON() ([]byte, error) {
	if w.golden {
		return []byte(`"golden"`), nil
	}
	return json.Marshal(w.weight)
}

// Of is the weight of real rows beside synthetic ones; 0: all rows count alike.
func (w RealWeight) Of(real, synthetic int) float64 {
	if !w.golden {
		return w.weight
	}
	k := float64(synthetic) / float64(real)
	return 2 / (1 + math.Sqrt(1+float64(4*k))) // the same without its cancellation for small k
}

// Check reports a weight outside [0, 1).
func (w RealWeight) Check() error {
	if w.golden || w.weight >= 0 && w.weight < 1 {
		return nil
	}
	return fmt.Errorf("real_weight: %g: must be at least 0, and below 1, where nothing would be learned from a fit", w.weight)
}

// blended is the lesson from a synthetic and a real block of so many rows.
func (w RealWeight) blended(synthetic Blocks, synthetics int, real Blocks, reals int) []Lesson {
	weight := w.Of(reals, synthetics)
	if weight == 0 {
		return learn(synthetic, real)
	}
	return []Lesson{weighed(true, Share{synthetic, 1 - weight}, Share{real, weight})}
}
