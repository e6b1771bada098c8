package ngram_test

import (
	"context"
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"testing"

	"modelcollapse/generate"
	"modelcollapse/generate/ngram"
)

func fit(t testing.TB, m ngram.Model, rows []generate.Tokens) *ngram.Fitted {
	t.Helper()
	f, err := m.Fit(context.Background(), generate.Task[generate.Tokens]{Train: sample(rows)})
	if err != nil {
		t.Fatal(err)
	}
	return f.(*ngram.Fitted)
}

// perplexities of rows over words and Ends, with Unknown words and without them.
func perplexities(f *ngram.Fitted, rows []generate.Tokens) (including, excluding float64, tokens, unknown int) {
	var all, known float64
	var nats []float64
	for _, row := range rows {
		nats = append(nats[:0], make([]float64, len(row))...)
		f.ScoreTokens(row, nats)
		for i, id := range row {
			tokens++
			all -= nats[i]
			if id == generate.Unknown {
				unknown++
			} else {
				known -= nats[i]
			}
		}
	}
	return math.Exp(all / float64(tokens)), math.Exp(known / float64(tokens-unknown)), tokens, unknown
}

func near(t *testing.T, what string, got, want, relative float64) {
	t.Helper()
	if !(math.Abs(got-want) <= relative*math.Abs(want)) {
		t.Errorf("%s: got %.10g, want %.10g (relative error %.2g)", what, got, want, got/want-1)
	}
}

type reference struct {
	Orders map[string]struct {
		Levels []struct {
			NGrams    int
			Discounts []float64
		}
		Including float64 `json:"perplexity_including_oov"`
		Excluding float64 `json:"perplexity_excluding_oov"`
		Unknown   int     `json:"oov"`
		Tokens    int
	}
	Entries map[string][]struct {
		NGram   string
		Prob    float64  `json:"log10_prob"`
		Backoff *float64 `json:"log10_backoff"`
	} `json:"trigram_entries"`
}

func readReference(t *testing.T) (r reference) {
	if err := json.Unmarshal([]byte(readFile(t, "testdata/reference.json")), &r); err != nil {
		t.Fatal(err)
	}
	return r
}

func TestKenLM(t *testing.T) {
	c := smallCorpus(t)
	for name, want := range readReference(t).Orders {
		order, _ := strconv.Atoi(name)
		f := fit(t, ngram.Model{Order: order, Smoothing: ngram.KneserNey, Vocabulary: c.vocabulary.Len()}, c.train)
		for k, level := range want.Levels {
			got := f.Counts().Distinct(k + 1)
			if k == 0 {
				got++ // KenLM counts <unk> among the unigrams
			}
			if got != level.NGrams {
				t.Errorf("order %d: %d n-grams of order %d, want %d", order, got, k+1, level.NGrams)
			}
			for i, d := range f.Discounts(k + 1) {
				near(t, "discount", d, level.Discounts[i], 1e-5)
			}
		}
		including, excluding, tokens, unknown := perplexities(f, c.test)
		if tokens != want.Tokens || unknown != want.Unknown {
			t.Errorf("order %d: %d tokens, %d unknown", order, tokens, unknown)
		}
		near(t, name+" including", including, want.Including, 1e-6)
		near(t, name+" excluding", excluding, want.Excluding, 1e-6)
	}
}

func TestKenLMEntries(t *testing.T) {
	c := smallCorpus(t)
	f := fit(t, ngram.Model{Order: 3, Smoothing: ngram.KneserNey}, c.train)
	id := map[string]uint32{"<s>": generate.Begin, "</s>": generate.End}
	for _, entries := range readReference(t).Entries {
		for _, e := range entries {
			var gram []uint32
			for _, w := range strings.Fields(e.NGram) {
				x, ok := id[w]
				if !ok {
					x = c.vocabulary.ID(w)
				}
				gram = append(gram, x)
			}
			prob, backoff, ok := f.Entry(gram)
			if !ok {
				t.Fatalf("no %q", e.NGram)
			}
			near(t, e.NGram, prob, math.Pow(10, e.Prob), 1e-6)
			if e.Backoff != nil {
				near(t, e.NGram+" backoff", backoff, math.Pow(10, *e.Backoff), 1e-6)
			}
		}
	}
}

func TestKenLMLarge(t *testing.T) {
	for _, want := range []struct {
		corpus               string
		order                int
		discounts            [3]float64
		top                  int
		including, excluding float64
	}{
		{"wikitext-2", 2, [3]float64{0.700044, 1.12347, 1.50544}, 619591, 269.8572442, 269.8572442},
		{"wikitext-2", 3, [3]float64{0.837583, 1.25118, 1.44388}, 1398959, 230.8862998, 230.8862998},
		{"tinyshakespeare", 2, [3]float64{0.813835, 1.14876, 1.29822}, 109828, 596.7474814, 294.2877833},
		{"tinyshakespeare", 3, [3]float64{0.922061, 1.27736, 1.45847}, 156000, 582.9169599, 286.7770503},
	} {
		t.Run(want.corpus+strconv.Itoa(want.order), func(t *testing.T) {
			c := largeCorpus(t, want.corpus)
			f := fit(t, ngram.Model{Order: want.order, Smoothing: ngram.KneserNey, Vocabulary: c.vocabulary.Len()}, c.train)
			if got := f.Counts().Distinct(want.order); got != want.top {
				t.Errorf("%d n-grams, want %d", got, want.top)
			}
			for i, d := range f.Discounts(want.order) {
				near(t, "discount", d, want.discounts[i], 1e-5)
			}
			including, excluding, _, _ := perplexities(f, c.test)
			near(t, "including", including, want.including, 1e-6)
			near(t, "excluding", excluding, want.excluding, 1e-6)
			t.Logf("perplexity %.9g, relative error %.2g", including, including/want.including-1)
		})
	}
}
