package server_test

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"modelcollapse/generate"
	"modelcollapse/generate/corpus"
	"modelcollapse/generate/llm/server"
	"modelcollapse/generate/ngram"
	"modelcollapse/internal/rng"
)

// Texts that were cut in any way come back as they were sent, their rows have the scores of the fit, and what is drawn is cut into
// the tokens that were drawn.
func TestCorpora(t *testing.T) {
	path := filepath.Join(t.TempDir(), "poem.txt")
	if err := os.WriteFile(path, []byte(strings.Repeat("The sea, the sea.\nDon't go to sea  in 3.14 ships!\né and 世界\n", 20)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		tokens string
		lower  bool
	}{{"word", false}, {"word", true}, {"whitespace", false}, {"character", false}, {"byte", false}} {
		source, err := (&corpus.Text{Path: corpus.Paths{path}, Tokens: c.tokens, Lower: c.lower, Group: "line", Cut: generate.Cut{HeldOut: 0.1}}).Open(t.Context(), rng.Root(1).Stream())
		if err != nil {
			t.Fatal(err)
		}
		m, err := server.Fit(t.Context(), "toy", source, ngram.Model{Order: 3, Smoothing: ngram.KneserNey})
		if err != nil {
			t.Fatal(err)
		}
		h, err := server.New([]server.Model{m}, server.Options{})
		if err != nil {
			t.Fatal(err)
		}
		from := source.(*corpus.Corpus)
		nats := make([]float64, 1)
		for _, row := range from.Rows()[:20] {
			if err := m.Fit.(*ngram.Fitted).Score(t.Context(), []generate.Tokens{row}, nats); err != nil {
				t.Fatal(err)
			}
			prompt := "\n" + from.Text(row) + "\n"
			got := complete(t, h, fields{"prompt": prompt, "echo": true, "logprobs": 0, "max_tokens": 0}).Choices[0]
			sum := 0.0
			for _, x := range got.Logprobs.Nats[1:] {
				sum += *x
			}
			if got.Text != prompt || math.Abs(sum-nats[0]) > 1e-9 {
				t.Errorf("%s: %q: %g, want %g", c.tokens, got.Text, sum, nats[0])
			}
		}
		for seed := range 20 {
			got := complete(t, h, fields{"prompt": "", "seed": seed, "max_tokens": 50})
			again := complete(t, h, fields{"prompt": got.Choices[0].Text, "max_tokens": 0, "echo": true})
			if want := got.Usage.Answer; got.Choices[0].Finish == "stop" && again.Usage.Prompt != want-1 && c.tokens != "byte" { // bytes may be no text
				t.Errorf("%s: %q is %d tokens, drawn were %d", c.tokens, got.Choices[0].Text, again.Usage.Prompt, want-1)
			}
		}
	}
}
