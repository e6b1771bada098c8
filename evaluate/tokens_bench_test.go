package evaluate

import (
	"context"
	"fmt"
	"testing"

	"modelcollapse/generate"
	"modelcollapse/generate/ngram"
)

// One Measure of every metric on a probe of 200,000 tokens, 20,000 held out.
func BenchmarkTokenMetrics(b *testing.B) {
	ctx := context.Background()
	real, probe, held := zipfRows(20_000, rootStream(1)), zipfRows(18_182, rootStream(2)), zipfRows(2_000, rootStream(3))
	f, err := ngram.Model{Order: 3, Smoothing: ngram.None}.Fit(ctx, generate.Task[generate.Tokens]{Train: sampleOf(real)})
	if err != nil {
		b.Fatal(err)
	}
	r := Real[generate.Tokens]{Kind: generate.TokenRows, Train: sampleOf(real), HeldOut: held, Probe: 200_000}
	v := View[generate.Tokens]{Model: f, Baseline: f, Stats: f.(*ngram.Fitted).Counts(), Probe: probe, HeldOut: held}
	for _, m := range tokenMetrics() {
		g, err := m.Start(ctx, r)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(fmt.Sprintf("%T", m), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := g.Measure(ctx, v, put{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
