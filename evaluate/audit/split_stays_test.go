package audit

import (
	"math"
	"testing"

	"modelcollapse/internal/rng"
)

// What exchanges leave of an effect on all candidates is what stays says, whatever the sizes are.
func TestStays(t *testing.T) {
	for _, u := range []Units{{Real: 400, Synthetic: 1600}, {Real: 400, Synthetic: 400}, {Real: 400, Synthetic: 100}, {Real: 300, Synthetic: 500}} {
		k := rng.Root(2)
		p := newPlan(u, false, k)
		sum := 0.0
		const times = 300
		for i := range times {
			var n, have [3]float64
			for row, side := range p.exchange(k, "exchange", i).Valid {
				if n[side]++; row >= u.Real {
					have[side]++
				}
			}
			sum += (have[Candidate]/n[Candidate] - have[Reference]/n[Reference]) / times
		}
		if math.Abs(sum-p.stays) > 0.02 {
			t.Errorf("%v: %g stays, said %g", u, sum, p.stays)
		}
	}
}
