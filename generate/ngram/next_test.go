package ngram_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"modelcollapse/generate"
	"modelcollapse/generate/ngram"
)

var _ generate.Continuer = (*ngram.Fitted)(nil)

// Next is the scorer's law to the bit, in order, and adds to 1: any model, any rows, any prefix.
func TestNextIsTheScorersLaw(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		vocabulary := rapid.SampledFrom([]int{4, 7, 40, 300}).Draw(t, "vocabulary")
		m, rows := tinyModel(t, vocabulary), tinyRows(t, "rows", vocabulary)
		fitted, err := m.Fit(t.Context(), generate.Task[generate.Tokens]{Train: generate.Sample[generate.Tokens]{{Rows: rows, Weight: 1}}})
		if err != nil {
			t.Fatal(err)
		}
		f := fitted.(*ngram.Fitted)
		for _, row := range append(tinyRows(t, "prefixes", vocabulary), nil) {
			if n := len(row); n > 0 && row[n-1] == generate.End {
				row = row[:n-1]
			}
			nats, sum := make([]float64, len(row)+1), 0.0
			kept := generate.Choice{Token: 99, P: 2}
			choices := f.Next([]generate.Choice{kept}, row)
			if choices[0] != kept {
				t.Fatal("what was there is gone")
			}
			seen := map[uint32]bool{}
			for i, c := range choices[1:] {
				f.ScoreTokens(append(row[:len(row):len(row)], c.Token), nats)
				if want := nats[len(row)]; math.Abs(math.Log(c.P)-want) > 1e-12*(1+math.Abs(want)) || seen[c.Token] {
					t.Fatalf("%v then %d: %g, want %g", row, c.Token, math.Log(c.P), want)
				}
				if before := choices[i]; i > 0 && (before.P < c.P || before.P == c.P && before.Token > c.Token) {
					t.Fatalf("%v: %v before %v", row, before, c)
				}
				seen[c.Token], sum = true, sum+c.P
			}
			if len(rows) > 0 && math.Abs(sum-1) > 1e-6 && total(f) > 0 {
				t.Fatalf("%v: the probabilities of %v add to %g", row, choices[1:], sum)
			}
		}
	})
}

// total is how many tokens a fit saw.
func total(f *ngram.Fitted) uint64 { return f.Counts().Tokens() }
