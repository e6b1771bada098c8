package evaluate

import (
	"context"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"modelcollapse/generate"
)

// put collects what a gauge puts.
type put map[string]float64

func (p put) Put(series string, x float64)                  { p[series] = x }
func (p put) Attach(name, mediaType string, content []byte) {}

func rowsOf(lines ...string) (rows []generate.Tokens) {
	for _, line := range lines {
		var row generate.Tokens
		for _, c := range strings.ReplaceAll(line, " ", "") {
			row = append(row, generate.Words+uint32(c-'a'))
		}
		rows = append(rows, append(row, generate.End))
	}
	return rows
}

func sampleOf(rows []generate.Tokens) generate.Sample[generate.Tokens] {
	return generate.Sample[generate.Tokens]{{Rows: rows, Weight: 1}}
}

// measure starts m and measures one view of generation 0.
func measure(t testing.TB, m Metric[generate.Tokens], real, probe, heldOut []generate.Tokens) put {
	t.Helper()
	r := Real[generate.Tokens]{Kind: generate.TokenRows, Train: sampleOf(real), HeldOut: heldOut, Probe: generate.TokenRows.UnitsOf(probe)}
	g, err := m.Start(context.Background(), r)
	if err != nil {
		t.Fatal(err)
	}
	p := put{}
	if err := g.Measure(context.Background(), View[generate.Tokens]{Probe: probe, HeldOut: heldOut}, p); err != nil {
		t.Fatal(err)
	}
	return p
}

func agrees(t testing.TB, what string, got, want, tol float64) {
	t.Helper()
	if got != want && !(math.Abs(got-want) <= tol) && !(math.IsNaN(got) && math.IsNaN(want)) {
		t.Errorf("%s: %.12g, want %.12g", what, got, want)
	}
}

// Real words a×12, b×6, c×1, d×1: the classes of counts ≤ 1 hold 2 of 20, a tenth: A = {c, d}, p = .05 each.
var realLines = []string{"aaaa bb c", "aaaa bb d", "aaaa bb"}

func TestTokenTailLossByHand(t *testing.T) {
	real := rowsOf(realLines...)
	for _, c := range []struct {
		name, probe string
		want        float64
	}{
		{"both at their share", "c d aaaaaaaaaaaaaaaaaa", 0},
		{"one lost", "c aaaaaaaaaaaaaaaaaaa", .5},
		{"all lost", "aaaaaaaaaabbbbbbbbbb", 1},
		{"more than enough of one does not pay for the other", "cccccccccc aaaaaaaaaa", .5},
		{"half of c's share in a probe twice as long", "c aaaaaaaaaaaaaaaaaaa aaaaaaaaaaaaaaaaaaaa", 1 - .5*20/40},
		{"nothing drawn", "", 1},
	} {
		p := measure(t, TokenTailLoss{}, real, rowsOf(c.probe), nil)
		agrees(t, c.name, p["tail_loss"], c.want, 1e-15)
		agrees(t, c.name+": excess", p["tail_loss.excess"], 0, 0)
	}
	// Pairs: aa×9, ab×3, bb×3, bc, bd: 17. A tenth is 1.7: A = {bc, bd}, p = 1/17 each.
	p := measure(t, TokenTailLoss{Bigrams: true}, real, rowsOf("bc", "bc", "a", "d"), nil)
	agrees(t, "bigram", p["tail_loss.bigram"], .5, 1e-15)
}

func TestTokenTailLossExcessAndRecall(t *testing.T) {
	ctx := context.Background()
	r := Real[generate.Tokens]{Train: sampleOf(rowsOf(realLines...))}
	views := []View[generate.Tokens]{{Probe: rowsOf("c aaaaaaaaaaaaaaaaaaa")}, {Generation: 1, Probe: rowsOf("b")}}
	first, _ := TokenTailLoss{}.Start(ctx, r)
	for _, v := range views {
		p := put{}
		if err := first.Measure(ctx, v, p); err != nil {
			t.Fatal(err)
		}
		agrees(t, "excess", p["tail_loss.excess"], float64(v.Generation)*.5, 1e-15)
	}
	again, _ := TokenTailLoss{}.Start(ctx, r)
	p := put{}
	again.Measure(ctx, views[1], p)
	if _, ok := p["tail_loss.excess"]; ok {
		t.Error("an excess over a generation 0 that nobody saw")
	}
	again.(Recaller).Recall(recorded("tail_loss", .5))
	again.Measure(ctx, views[1], p)
	agrees(t, "excess after recall", p["tail_loss.excess"], .5, 1e-15)
}

func TestTokenMetricsByHand(t *testing.T) {
	real, probe := rowsOf(realLines...), rowsOf("ab", "abd")
	held := rowsOf("abc", "abd", "e")
	agrees(t, "survival", measure(t, RareSurvival{MaxCount: 5}, real, probe, nil)["rare_survival"], .5, 0)
	agrees(t, "support loss", measure(t, TokenSupportLoss{}, real, probe, nil)["support_loss"], .25, 0)
	agrees(t, "missing mass", measure(t, TokenMissingMass{}, real, probe, nil)["missing_mass"], .05, 0)
	agrees(t, "entropy", measure(t, TokenEntropy{}, real, probe, nil)["entropy"], -.8*math.Log(.4)-.2*math.Log(.2), 1e-15)
	agrees(t, "entropy of nothing", measure(t, TokenEntropy{}, real, nil, nil)["entropy"], math.NaN(), 0)
	lost := measure(t, LostTypeMass{Order: 3}, real, probe, held)
	agrees(t, "lost words", lost["lost_type_mass.unigram"], 2./7, 0)
	agrees(t, "lost pairs", lost["lost_type_mass.bigram"], 1./4, 0)
	agrees(t, "lost triples", lost["lost_type_mass.trigram"], 1./2, 0)
	d := measure(t, Distinct{Order: 4}, real, probe, nil)
	agrees(t, "distinct words", d["distinct.1@7"], 3./5, 0)
	agrees(t, "distinct pairs", d["distinct.2@7"], 2./3, 0)
	agrees(t, "distinct triples", d["distinct.3@7"], 1, 0)
	agrees(t, "no quadruples", d["distinct.4@7"], math.NaN(), 0)
}

// drawnRows are rows over a small alphabet.
func drawnRows(t *rapid.T, label string) []generate.Tokens {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) generate.Tokens {
		row := rapid.SliceOfN(rapid.Uint32Range(generate.Words, generate.Words+8), 1, 12).Draw(t, "row")
		return append(row, generate.End)
	}), 1, 20).Draw(t, label)
}

// Tail loss and lost shares lie in [0, 1], are 0 of a sample against itself, and care neither for the order of rows nor
// for what the words are called; distinct-n agrees with a map.
func TestTokenMetricLaws(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		real, probe := drawnRows(rt, "real"), drawnRows(rt, "probe")
		shift := rapid.Uint32Range(1, 1000).Draw(rt, "shift")
		for _, m := range []Metric[generate.Tokens]{TokenTailLoss{Bigrams: true}, TokenSupportLoss{}, TokenMissingMass{},
			LostTypeMass{Order: 3}, RareSurvival{MaxCount: 5}, Distinct{Order: 3}} {
			got := measure(t, m, real, probe, real)
			moved := measure(t, m, renamed(real, shift), renamed(reversed(probe), shift), renamed(real, shift))
			for series, x := range got {
				if x < 0 || x > 1 {
					rt.Errorf("%s = %g", series, x)
				}
				if x != moved[series] && !math.IsNaN(x) {
					rt.Errorf("%s: %g, after renaming %g", series, x, moved[series])
				}
			}
			for series, x := range measure(t, m, real, real, real) {
				if lost := strings.HasPrefix(series, "tail") || strings.Contains(series, "lo") || series == "missing_mass"; lost && x > 0 {
					rt.Errorf("%s of a sample against itself: %g", series, x)
				}
			}
		}
		pairs := map[[2]uint32]bool{}
		for _, row := range probe {
			for i := 1; i < len(row)-1; i++ {
				pairs[[2]uint32{row[i-1], row[i]}] = true
			}
		}
		sorted, hashed := distinctGrams(probe, 3, 1<<16), distinctGrams(probe, 3, 1<<32)
		if sorted[2] != len(pairs) || hashed[2] != len(pairs) || sorted[3] != hashed[3] {
			rt.Errorf("sorted %v, hashed %v, a map has %d pairs", sorted, hashed, len(pairs))
		}
	})
}

func reversed(rows []generate.Tokens) (out []generate.Tokens) {
	for i := range rows {
		out = append(out, rows[len(rows)-1-i])
	}
	return out
}

// renamed moves every word's id.
func renamed(rows []generate.Tokens, by uint32) (out []generate.Tokens) {
	for _, row := range rows {
		var r generate.Tokens
		for _, w := range row {
			if w >= generate.Words {
				w += by
			}
			r = append(r, w)
		}
		out = append(out, r)
	}
	return out
}
