package audit

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"modelcollapse/internal/rng"
)

// Sets that lack nothing have no gaps, those of tokens that come in bursts neither.
func TestNoGaps(t *testing.T) {
	lists := 0
	for seed := range uint64(20) {
		d, err := tableOf(Tables{Real: frame(t, csvOf(people(600, 2*seed+1))), Synthetic: frame(t, csvOf(people(600, 2*seed+2)))})
		if err != nil {
			t.Fatal(err)
		}
		var r Report
		if r.setGaps(d.gaps(), true); len(r.Gaps) > 0 {
			lists++
			t.Logf("table %d: %v", seed, r.Gaps)
		}
		w := writerOf(rng.Root(seed).Child("gaps", 0).Stream(), 3000)
		burst := func(n int) *Documents { // every tenth document repeats a word of its own, which others have seldom
			all := w.documents(n)
			for i := range all.Texts {
				if i%10 == 0 {
					all.Texts[i] += strings.Repeat(" name"+strconv.Itoa(w.word()), 30)
				}
			}
			return all
		}
		l, err := libraryOf(t.Context(), burst(300), burst(300), Options{Jobs: 2}, rng.Root(seed).Stream())
		if err != nil {
			t.Fatal(err)
		}
		if r.setGaps(gramsOf(l, 1).gaps(), true); len(r.Gaps) > 0 {
			lists++
			t.Logf("text %d: %d gaps, first %v", seed, len(r.Gaps), r.Gaps[0])
		}
	}
	if lists > 7 { // of 40 at 5 %: 0.07 % of more
		t.Errorf("%d of 40 lists hold a gap", lists)
	}
}

// Who has the numbers of an interval can be checked by its bounds: as many synthetic rows as are found.
func TestGapBounds(t *testing.T) {
	d, err := tableOf(Tables{Real: frame(t, csvOf(people(700, 1))), Synthetic: frame(t, csvOf(people(500, 2)))})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, g := range d.gaps() {
		if g.Kind == "category" {
			continue
		}
		low, high := math.Inf(-1), math.Inf(1)
		if g.Low != "" {
			low, _ = strconv.ParseFloat(g.Low, 64)
		}
		if g.High != "" {
			high, _ = strconv.ParseFloat(g.High, 64)
		}
		found := 0.0
		for j := range d.columns {
			for _, x := range d.columns[j].x[d.real : d.real+d.synth] {
				if d.columns[j].name == g.Name && (x > low && x < high || strings.HasPrefix(g.Value, "from ") && x == low || strings.Contains(g.Value, " up to ") && x == high) {
					found++
				}
			}
		}
		if n++; found != g.Found {
			t.Errorf("%s %s %q [%s, %s]: %g rows, want %g", g.Kind, g.Name, g.Value, g.Low, g.High, found, g.Found)
		}
	}
	if n != 3*20 {
		t.Errorf("%d intervals", n)
	}
}
