package audit

import (
	"testing"

	"modelcollapse/internal/rng"
)

// Even holds no larger part of the synthetic set than of the real one, Valid every synthetic row; a mirrored split is the split itself
// with its sides changed.
func TestSidesOfOneSide(t *testing.T) {
	for _, u := range []Units{{Real: 600, Synthetic: 200}, {Real: 200, Synthetic: 600}, {Real: 300, Synthetic: 300}} {
		k := rng.Root(3)
		p := newPlan(u, false, k)
		for _, s := range []Split{p.found, p.exchange(k, "exchange", 1)} {
			var even, valid [3]int
			for i := range s.Even {
				even[s.Even[i]]++
				valid[s.Valid[i]]++
			}
			if out := p.size - u.Synthetic*p.size/u.Real; even[Reference]+even[Candidate] != 2*p.size-max(0, out) {
				t.Errorf("%v: %v are even", u, even)
			}
			if valid[Candidate] != u.Synthetic || valid[Reference] != p.size {
				t.Errorf("%v: %v are valid", u, valid)
			}
			m := s.mirrored()
			for i := range s.Side {
				if s.Side[i] != Out && m.Side[i]+s.Side[i] != Reference+Candidate || (s.Side[i] == Out) != (m.Side[i] == Out) {
					t.Fatal("a mirrored split has other sides")
				}
			}
		}
	}
}
