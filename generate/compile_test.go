package generate

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// users calls each with everything that generation g looks at.
func users(s Step, block func(At, bool), fit func(At)) {
	origin := func(o Origin) {
		if o.Fit != nil {
			fit(*o.Fit)
		}
		for _, b := range o.Past {
			for at := range b.Each {
				block(at, true)
			}
		}
	}
	for _, d := range s.Draws {
		for _, o := range d.From {
			origin(o)
		}
		if d.Given != nil {
			origin(*d.Given)
		}
	}
	for _, l := range s.Lessons {
		for at := range l.Each {
			block(at, false)
		}
		if l.Start != nil {
			fit(*l.Start)
		}
	}
}

// Nothing is forgotten before its last use, nor kept after it; everything exists before it is used.
func TestLastUses(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		byStats := rapid.Bool().Draw(t, "by statistics")
		p := compiledPlan(t, byStats)
		rows, blocks, fits := map[At]int{}, map[At]int{}, map[At]int{}
		for g, s := range p.Steps {
			users(s, func(at At, needsRows bool) {
				if at.Generation > g || at.Index >= len(p.Steps[at.Generation].Draws) {
					t.Fatalf("generation %d uses block %v", g, at)
				}
				if blocks[at] = g; needsRows || !byStats {
					rows[at] = g
				}
			}, func(at At) {
				if at.Generation >= g {
					t.Fatalf("generation %d uses fit %v", g, at)
				}
				fits[at] = g
			})
		}
		for g, s := range p.Steps {
			for i := range s.Draws {
				at := At{g, i}
				if want, ok := rows[at]; p.Rows(at) != want && (ok || p.Rows(at) != -1) {
					t.Fatalf("rows of %v are needed until %d, not %d", at, want, p.Rows(at))
				}
				if want, ok := blocks[at]; p.Block(at) != want && (ok || p.Block(at) != -1) {
					t.Fatalf("block %v is needed until %d, not %d", at, want, p.Block(at))
				}
			}
			for n := range s.Lessons {
				if want, ok := fits[At{g, n}]; p.Fit(At{g, n}) != want && (ok || p.Fit(At{g, n}) != -1) {
					t.Fatalf("fit %d of %d is needed until %d, not %d", n, g, want, p.Fit(At{g, n}))
				}
			}
		}
	})
}

// A pinned plan keeps what a living fit was learned from.
func TestPinnedFits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := compiledPlan(t, rapid.Bool().Draw(t, "by statistics"))
		p.PinFits()
		for g, s := range p.Steps {
			for n, l := range s.Lessons {
				until := max(g, p.Fit(At{g, n}))
				for at := range l.Each {
					if p.Rows(at) < until || p.Block(at) < until {
						t.Fatalf("fit %d of %d lives until %d, its block %v until %d", n, g, until, at, p.Rows(at))
					}
				}
			}
		}
	})
}

// Real blocks find their rows at offsets that do not overlap and leave no gap.
func TestRealRowsAreDealtOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := compiledPlan(t, true)
		total, offset := p.RealRows(0)
		owner := make([]int, total)
		for at, from := range offset {
			for i := range p.Draw(at).Reserve(0) {
				owner[from+i]++
			}
		}
		if i := slices.IndexFunc(owner, func(n int) bool { return n != 1 }); i >= 0 {
			t.Fatalf("real row %d has %d owners", i, owner[i])
		}
		if other, _ := p.RealRows(1); other != 0 {
			t.Fatalf("%d rows of a source that nobody named", other)
		}
	})
}

// What a lesson added, after what it had, is the lesson: as sets and in the order of a sum from scratch.
func TestGrownLessons(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := compiledPlan(t, true)
		for g := 1; g < len(p.Steps); g++ {
			old, now := p.Steps[g-1].Lessons[0], p.Steps[g].Lessons[0]
			added, ok := now.Grows(old)
			if !ok {
				continue
			}
			var grown, whole []string
			for _, l := range []Lesson{old, added} {
				for at, w := range l.Each {
					grown = append(grown, fmt.Sprint(at, w))
				}
			}
			for at, w := range now.Each {
				whole = append(whole, fmt.Sprint(at, w))
			}
			if !slices.Equal(grown, whole) {
				t.Fatalf("generation %d: %v, from scratch %v", g, grown, whole)
			}
		}
	})
	w, _ := Accumulate{}.Over(Constant(5), 3)
	if added, ok := w.Step(3).Lessons[0].Grows(w.Step(2).Lessons[0]); !ok || len(added.Shares) != 1 || added.Shares[0].Blocks != (Blocks{3, 4, 0}) {
		t.Errorf("accumulate added %+v, %v", added, ok)
	}
}

func TestCompileRefuses(t *testing.T) {
	truth, fit := Origin{Truth: true}, func(g int) Origin { return Origin{Fit: &At{g, 0}} }
	past := func(b Blocks) Origin { return Origin{Past: []Blocks{b}} }
	good := Step{[]Draw{drawOf(5, truth)}, learn(block(0, 0))}
	weight := learn(block(0, 0))
	weight[0].Shares[0].Weight = -1
	start := learn(block(0, 0))
	start[0].Start = &At{0, 0}
	for _, c := range []struct {
		why   string
		steps []Step
	}{
		{"nobody learns", []Step{{[]Draw{drawOf(5, truth)}, nil}}},
		{"0 rows", []Step{{[]Draw{drawOf(0, truth)}, learn(block(0, 0))}}},
		{"0 origins", []Step{{[]Draw{drawOf(5)}, learn(block(0, 0))}}},
		{"chances add to 0.5", []Step{{[]Draw{drawOf(5, Origin{Truth: true, Prob: .5})}, learn(block(0, 0))}}},
		{"2 cases", []Step{{[]Draw{drawOf(5, Origin{Truth: true, Fit: &At{}})}, learn(block(0, 0))}}},
		{"0 cases", []Step{{[]Draw{drawOf(5, Origin{})}, learn(block(0, 0))}}},
		{"does not exist yet", []Step{{[]Draw{drawOf(5, fit(0))}, learn(block(0, 0))}}},
		{"fit 0 of generation 1 does not exist yet", []Step{good, {[]Draw{drawOf(5, fit(1))}, learn(block(1, 0))}}},
		{"do not exist yet", []Step{{good.Draws, learn(block(1, 0))}}},
		{"do not exist yet", []Step{{good.Draws, learn(Blocks{0, 0, 0})}}},
		{"no block 1", []Step{{good.Draws, learn(block(0, 1))}}},
		{"no block 0", []Step{{[]Draw{drawOf(5, past(block(0, 0)))}, learn(block(0, 0))}}},
		{"6 rows without replacement from 5", []Step{good, {[]Draw{drawOf(6, past(block(0, 0)))}, learn(block(1, 0))}}},
		{"nothing to learn from", []Step{{good.Draws, []Lesson{{}}}}},
		{"weight -1", []Step{{good.Draws, weight}}},
		{"fit 0 of generation 0 does not exist yet", []Step{{good.Draws, start}}},
	} {
		w := Steps(func(g int) Step {
			if g < len(c.steps) {
				return c.steps[g]
			}
			return Step{[]Draw{drawOf(5, truth)}, learn(block(g, 0))}
		})
		_, err := Compile(w, 2, func(int) bool { return false })
		if err == nil || !strings.Contains(err.Error(), c.why) || !strings.HasPrefix(err.Error(), "generation ") {
			t.Errorf("%s: %v", c.why, err)
		}
	}
	w, _ := Replace{}.Over(Constant(5), 0)
	if _, err := Compile(w, 0, nil); err == nil {
		t.Error("no generation after generation 0 was accepted")
	}
}

// A block that two models learn from has no learner of its own.
func TestLearner(t *testing.T) {
	two := Steps(func(g int) Step {
		s := Step{[]Draw{drawOf(5, parent(g)), drawOf(5, parent(g))}, learn(block(g, 0))}
		s.Lessons = append(s.Lessons, Lesson{Model: 1, Shares: []Share{{Blocks: block(g, 0)}, {Blocks: block(g, 1), Weight: 2}}})
		return s
	})
	p, err := Compile(two, 2, func(int) bool { return true })
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := p.Learner(At{1, 0}); ok {
		t.Error("block 0 has two learners")
	}
	if m, ok := p.Learner(At{1, 1}); !ok || m != 1 {
		t.Errorf("block 1 has learner %d, %v", m, ok)
	}
	if n := p.Learned(1, 1); n != 10 {
		t.Errorf("node 1 learns from %d", n)
	}
}
