package generate

import (
	"testing"

	"pgregory.net/rapid"
)

// Ranges answer what going through every block of every range answers.
func TestUsesOfRanges(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const generations, indices = 12, 3
		var u uses
		var p Plan
		latest, rows := map[At]int{}, map[At]int{}
		for g := range generations {
			for i := range indices {
				if n := rapid.IntRange(0, 5).Draw(t, "rows"); n > 0 {
					p.sized(i).add(g, n)
					rows[At{g, i}] = n
				}
			}
		}
		for range rapid.IntRange(0, 20).Draw(t, "uses") {
			lo := rapid.IntRange(0, generations-1).Draw(t, "lo")
			b := Blocks{lo, rapid.IntRange(lo+1, generations).Draw(t, "hi"), rapid.IntRange(0, indices-1).Draw(t, "index")}
			until := rapid.IntRange(0, generations-1).Draw(t, "until")
			u.add(b, until)
			count, lacks := 0, -1
			for at := range b.Each {
				if old, ok := latest[at]; !ok || old < until {
					latest[at] = until
				}
				if rows[at] == 0 && lacks < 0 {
					lacks = at.Generation
				}
				count += rows[at]
			}
			if g, ok := p.sized(b.Index).lacks(b); ok != (lacks >= 0) || ok && g != lacks {
				t.Fatalf("%v: the first lacking is %d, said %d %v", b, lacks, g, ok)
			}
			if got := p.Count(b); got != count {
				t.Fatalf("%v: %d rows, said %d", b, count, got)
			}
		}
		u.settle(generations)
		for g := range generations {
			for i := range indices + 1 {
				at, want := At{g, i}, -1
				if l, ok := latest[at]; ok {
					want = l
				}
				if got := u.last(at); got != want {
					t.Fatalf("%v is needed until %d, said %d", at, want, got)
				}
			}
		}
	})
}
