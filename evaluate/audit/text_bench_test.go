package audit

import (
	"context"
	"testing"

	"modelcollapse/internal/rng"
)

// BenchmarkTexts audits 100,000 synthetic records against 100,000 real ones, by 200 splits and as many exchanges.
func BenchmarkTexts(b *testing.B) {
	w := writerOf(rng.Root(12).Stream(), 50000)
	sets := Texts{Real: w.documents(100000), Synthetic: w.documents(100000)}
	for b.Loop() {
		r, err := Text(context.Background(), sets, Options{Name: "speed"})
		if err != nil {
			b.Fatal(err)
		}
		b.Logf("%d tokens a side; %s: %s", r.Rows, r.Outcome, r.Why)
	}
}
