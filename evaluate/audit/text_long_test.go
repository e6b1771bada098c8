//go:build long

package audit

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"modelcollapse/generate/read"
	"modelcollapse/internal/rng"
)

// Of 100 audits of one writer's sets at most 12 alarm at 5 %: more have a probability of 0.1 %.
func TestTextAlarmsAreRare(t *testing.T) {
	alarms := 0
	for seed := range uint64(100) {
		if r := audited(t, 100+seed, nil); len(r.with(Differs))+len(r.with(Slight)) > 0 {
			alarms++
		}
	}
	t.Logf("%d alarms of 100", alarms)
	if alarms > 12 {
		t.Errorf("%d of 100 audits alarm at 5 %%", alarms)
	}
}

// Parts of one real text do not alarm, and are caught once a model that is drawn from by its 20 likeliest words replaces one.
func TestTextsOfShakespeare(t *testing.T) {
	dir := os.Getenv("COLLAPSE_DATA")
	if dir == "" {
		t.Skip("COLLAPSE_DATA names no folder")
	}
	all, err := ReadDocuments(context.Background(), "real", read.Source{Path: read.Paths{filepath.Join(dir, "tinyshakespeare.txt")}}, "")
	if err != nil {
		t.Fatal(err)
	}
	var parts [3]Documents
	for k, i := range rng.Root(1).Stream().Perm(len(all.Texts)) {
		parts[k%4%3].Texts = append(parts[k%4%3].Texts, all.Texts[i])
	}
	sets := Texts{Real: &parts[0], Synthetic: &parts[1], HoldOut: &parts[2]}
	r, err := Text(context.Background(), sets, Options{Name: "a part"})
	if err != nil {
		t.Fatal(err)
	}
	shown(t, r)
	if len(r.with(Differs)) > 0 {
		t.Error("a part of the same text differs")
	}
	parts[1].Texts = topK(t, parts[0].Texts, len(parts[1].Texts), 20)
	if r, err = Text(context.Background(), sets, Options{Name: "top-k"}); err != nil {
		t.Fatal(err)
	}
	shown(t, r)
	differs(t, r, "types_found.1", "tail_loss.token")
}

func shown(t *testing.T, r *Report) {
	t.Logf("%s: %s", r.Outcome, r.Why)
	for _, x := range r.Results {
		if !x.Detail {
			t.Logf("%-26s %-10s found %9.4g null %9.4g ± %.2g adjusted %.3f detectable %.3g of %.3g", x.Name, x.Answer, float64(x.Found), float64(x.Null.Mean),
				float64(x.Null.SD), float64(x.Adjusted), float64(x.Detectable), x.Threshold)
		}
	}
	for _, w := range r.Words {
		t.Log(w)
	}
	for _, g := range r.Gaps[:min(10, len(r.Gaps))] {
		t.Logf("%q: expected %.0f, found %.0f", g.Value, g.Expected, g.Found)
	}
}
