package ngram_test

import (
	"context"
	"fmt"
	"math"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"modelcollapse/generate"
	"modelcollapse/generate/ngram"
	"modelcollapse/internal/rng"
)

func draw(f *ngram.Fitted, n int, seed uint64) []generate.Tokens {
	rows, err := f.Draw(context.Background(), nil, n, rng.Root(seed).Stream())
	if err != nil {
		panic(err)
	}
	return rows
}

// toyRows are 60 rows of five words; some words and contexts are rare.
func toyRows() (rows []generate.Tokens) {
	r := rng.Root(7).Stream()
	for range 60 {
		var row generate.Tokens
		for last := uint32(3); len(row) == 0 || r.IntN(4) > 0; {
			if last = 3 + uint32(r.IntN(5)*r.IntN(5)/4+int(last))%5; r.IntN(30) == 0 {
				last = 7
			}
			row = append(row, last)
		}
		rows = append(rows, append(row, generate.End))
	}
	return rows
}

const toyVocabulary = 10 // two words never occur

func toyModels() (models []ngram.Model) {
	for order := 1; order <= ngram.MaxOrder; order++ {
		models = append(models, ngram.Model{Order: order, Vocabulary: toyVocabulary, Smoothing: ngram.None},
			ngram.Model{Order: order, Vocabulary: toyVocabulary, Smoothing: ngram.KneserNey},
			ngram.Model{Order: order, Vocabulary: toyVocabulary, Smoothing: ngram.JelinekMercer, Epsilon: .2, Lambda: []float64{.3, .6, .5, .7, .4}[:order-1]})
	}
	return models
}

// law is the scorer's distribution of the next id after a prefix, given that it is not Unknown, if Unknown was
// not learned.
func law(f *ngram.Fitted, prefix generate.Tokens) []float64 {
	p := make([]float64, f.Counts().Vocabulary())
	nats := make([]float64, len(prefix)+1)
	for id := range p {
		f.ScoreTokens(append(prefix[:len(prefix):len(prefix)], uint32(id)), nats)
		p[id] = math.Exp(nats[len(prefix)])
	}
	if f.Counts().UnigramCount(generate.Unknown) == 0 {
		known := 1 - p[generate.Unknown]
		p[generate.Unknown] = 0
		for id := range p {
			p[id] /= known
		}
	}
	return p
}

// chiSquare sums over cells; those that expect less than 5 are one cell.
type chiSquare struct {
	sum, df              float64
	restSeen, restExpect float64
}

func (c *chiSquare) add(seen, expect float64) {
	if expect < 5 {
		c.restSeen, c.restExpect = c.restSeen+seen, c.restExpect+expect
		return
	}
	c.sum += (seen - expect) * (seen - expect) / expect
	c.df++
}

// p is the chance of a larger sum, after so many linear constraints.
func (c *chiSquare) p(constraints float64) float64 {
	if c.restExpect >= 5 {
		c.add(c.restSeen, c.restExpect)
	} else if c.restExpect == 0 && c.restSeen > 0 {
		return 0
	}
	if c.df-constraints < 1 {
		return 1
	}
	return distuv.ChiSquared{K: c.df - constraints}.Survival(c.sum)
}

// TestSamplerFollowsScorer compares the frequency of the next word in each context, and of whole rows, with the
// model's own probabilities: samplers of all orders and smoothings, by occurrences and by running counts.
func TestSamplerFollowsScorer(t *testing.T) {
	const n = 30_000
	rows := toyRows()
	for i, m := range toyModels() {
		f := fit(t, m, rows)
		if i%2 == 1 {
			f.SearchOnly()
		}
		drawn := draw(f, n, uint64(i))
		name := fmt.Sprint(m.Smoothing, m.Order)
		if p := nextWords(f, m.Order, drawn); p < 1e-3 {
			t.Errorf("%s: next words: p = %.2g", name, p)
		}
		if p := wholeRows(f, drawn); p < 1e-3 {
			t.Errorf("%s: rows: p = %.2g", name, p)
		}
	}
}

func nextWords(f *ngram.Fitted, order int, drawn []generate.Tokens) float64 {
	type tally struct {
		prefix generate.Tokens
		seen   []float64
		total  float64
	}
	tallies := map[string]*tally{}
	var keys []string
	for _, row := range drawn {
		for i, id := range row {
			key := fmt.Sprint(row[max(0, i-order+1):i], i < order-1)
			h := tallies[key]
			if h == nil {
				h = &tally{prefix: row[:i], seen: make([]float64, f.Counts().Vocabulary())}
				tallies[key], keys = h, append(keys, key)
			}
			h.seen[id]++
			h.total++
		}
	}
	var sum, df float64
	for _, key := range keys {
		h := tallies[key]
		var c chiSquare
		for id, p := range law(f, h.prefix) {
			if p == 0 && h.seen[id] > 0 {
				return 0
			}
			c.add(h.seen[id], h.total*p)
		}
		if c.restExpect >= 5 {
			c.add(c.restSeen, c.restExpect)
		}
		if c.df > 1 { // the rest, if small, is left out: then the cells are independent enough
			sum, df = sum+c.sum, df+c.df-1
		}
	}
	if df == 0 {
		return 1
	}
	return distuv.ChiSquared{K: df}.Survival(sum)
}

func wholeRows(f *ngram.Fitted, drawn []generate.Tokens) float64 {
	seen := map[string]float64{}
	first := map[string]generate.Tokens{}
	var keys []string
	for _, row := range drawn {
		if key := fmt.Sprint(row); seen[key] == 0 {
			first[key], keys, seen[key] = row, append(keys, key), 1
		} else {
			seen[key]++
		}
	}
	var c chiSquare
	n, left := float64(len(drawn)), 1.0
	for _, key := range keys {
		row, p := first[key], 1.0
		if len(row) > 4 {
			continue
		}
		for i, id := range row {
			p *= law(f, row[:i])[id]
		}
		if n*p >= 5 {
			c.add(seen[key], n*p)
			left -= p
		}
	}
	others := n
	for _, key := range keys {
		if row := first[key]; len(row) <= 4 {
			p := 1.0
			for i, id := range row {
				p *= law(f, row[:i])[id]
			}
			if n*p >= 5 {
				others -= seen[key]
			}
		}
	}
	c.add(others, n*left)
	return c.p(1)
}
