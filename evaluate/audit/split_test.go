package audit

import (
	"testing"

	"pgregory.net/rapid"

	"modelcollapse/internal/rng"
)

// Sides of every split are disjoint, of equal size but for a group, whole groups, and of the right sets; an exchange keeps how many stand
// where.
func TestSplits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		u := Units{Real: rapid.IntRange(4, 60).Draw(t, "real"), Synthetic: rapid.IntRange(2, 60).Draw(t, "synthetic")}
		if rapid.Bool().Draw(t, "grouped") {
			for range u.Real + u.Synthetic {
				u.Group = append(u.Group, rapid.IntRange(0, 1000).Draw(t, "group")/5)
			}
		}
		k := rng.Root(rapid.Uint64().Draw(t, "seed"))
		p := newPlan(u, false, k)
		if want := min(u.Synthetic, u.Real/2); p.size != want {
			t.Fatalf("size %d, want %d", p.size, want)
		}
		check := func(name string, s Split, real bool) {
			groups := map[int]Side{}
			n := [3]int{}
			for i, side := range s.Side {
				if n[side]++; u.Group != nil {
					set := 0
					if i >= u.Real {
						set = 1
					}
					g := u.Group[i]*2 + set
					if had, ok := groups[g]; ok && had != side {
						t.Fatalf("%s parts a group", name)
					}
					groups[g] = side
				}
				if real && i >= u.Real && (side != Out || s.Whole[i] != Out) {
					t.Fatalf("%s: row %d is synthetic", name, i)
				}
				if side != Out && s.Whole[i] != side {
					t.Fatalf("%s: row %d stands elsewhere in the whole", name, i)
				}
			}
			if u.Group == nil && (n[Reference] != p.size || n[Candidate] != p.size) {
				t.Fatalf("%s: %v of %d", name, n, p.size)
			}
		}
		check("found", p.found, false)
		check("null", p.null(k, 3), true)
		check("exchange", p.exchange(k, "exchange", 3), false)
		var had, has [3]int
		for i, s := range p.exchange(k, "exchange", 4).Whole {
			had[p.found.Whole[i]]++
			has[s]++
		}
		if u.Group == nil && had != has {
			t.Fatalf("an exchange has %v on its sides, found %v", has, had)
		}
	})
}
