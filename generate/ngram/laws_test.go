package ngram_test

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"

	"modelcollapse/generate"
	"modelcollapse/generate/ngram"
)

// tinyRows are rows of a few words, Unknown, empty rows and rows that were cut among them.
func tinyRows(t *rapid.T, label string, vocabulary int) []generate.Tokens {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) generate.Tokens {
		var row generate.Tokens
		for range rapid.IntRange(0, 6).Draw(t, "length") {
			id := rapid.Uint32Range(0, uint32(vocabulary-3)).Draw(t, "id")
			if id > 0 {
				id += 2
			}
			row = append(row, id)
		}
		if rapid.IntRange(0, 9).Draw(t, "cut") > 0 {
			row = append(row, generate.End)
		}
		return row
	}), 0, 30).Draw(t, label)
}

// tinyModel is any model.
func tinyModel(t *rapid.T, vocabulary int) ngram.Model {
	m := ngram.Model{Order: rapid.IntRange(1, ngram.MaxOrder).Draw(t, "order"), Vocabulary: vocabulary,
		Smoothing: rapid.SampledFrom([]string{ngram.None, ngram.KneserNey, ngram.JelinekMercer}).Draw(t, "smoothing")}
	if m.Smoothing == ngram.JelinekMercer {
		m.Epsilon = rapid.Float64Range(0, 1).Draw(t, "epsilon")
		for range m.Order - 1 {
			m.Lambda = append(m.Lambda, rapid.Float64Range(0, 1).Draw(t, "lambda"))
		}
	}
	return m
}

func counted(order, vocabulary int, rows ...[]generate.Tokens) *ngram.Counts {
	c := ngram.NewCounts(order, vocabulary)
	for _, r := range rows {
		c.Add(generate.Span[generate.Tokens]{Rows: r, Weight: 1})
	}
	return c
}

// table is counts as a map, and as text.
func table(c *ngram.Counts) string {
	s := ""
	for k := 1; k <= c.Order(); k++ {
		for gram, n := range c.Each(k) {
			s += fmt.Sprintln(gram, n)
		}
	}
	return s
}

// TestCountsByHand compares with a map from n-grams to counts, over vocabularies that fit into packed windows and
// one that does not.
func TestCountsByHand(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		order := rapid.IntRange(1, ngram.MaxOrder).Draw(t, "order")
		vocabulary := rapid.SampledFrom([]int{4, 7, 40, 3000, 1 << 17}).Draw(t, "vocabulary")
		rows := tinyRows(t, "rows", vocabulary)
		want := map[string]uint32{}
		tokens := 0
		for _, row := range rows {
			text := append([]uint32{generate.Begin}, row...)
			tokens += len(row)
			for i := range text {
				for j := i + 1; j <= min(i+order, len(text)); j++ {
					want[fmt.Sprint(text[i:j])]++
				}
			}
		}
		c := counted(order, vocabulary, rows)
		if err := c.Err(); err != nil || c.Tokens() != uint64(tokens) || c.Rows() != float64(len(rows)) {
			t.Fatalf("%v; %d tokens, want %d", err, c.Tokens(), tokens)
		}
		n := 0
		for k := 1; k <= order; k++ {
			distinct := 0
			for gram, x := range c.Each(k) {
				distinct++
				if want[fmt.Sprint(gram)] != x || c.Count(gram) != x {
					t.Fatalf("%v: %d and %d, want %d", gram, x, c.Count(gram), want[fmt.Sprint(gram)])
				}
			}
			n += distinct
			if distinct != c.Distinct(k) {
				t.Fatalf("order %d: %d n-grams, Distinct says %d", k, distinct, c.Distinct(k))
			}
		}
		if n != len(want) {
			t.Fatalf("%d n-grams, want %d", n, len(want))
		}
	})
}

// TestMerge: statistics of parts add up, for any parts and whole weights, and the parts stay as they were.
func TestMerge(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		order := rapid.IntRange(1, ngram.MaxOrder).Draw(t, "order")
		vocabulary := rapid.SampledFrom([]int{5, 2000}).Draw(t, "vocabulary")
		a, b := tinyRows(t, "a", vocabulary), tinyRows(t, "b", vocabulary)
		weight := rapid.IntRange(0, 3).Draw(t, "weight")
		fixed := rapid.SampledFrom([]int{0, vocabulary}).Draw(t, "fixed")
		parts := [][]generate.Tokens{a}
		for range weight {
			parts = append(parts, b)
		}
		want := table(counted(order, vocabulary, parts...))
		left, right := counted(order, fixed, a), counted(order+rapid.IntRange(0, ngram.MaxOrder-order).Draw(t, "more"), fixed, b)
		before := table(right)
		left.Merge(right, float64(weight))
		if table(left) != want || left.Rows() != float64(len(a)+len(b)) {
			t.Fatalf("merge of %v and %d times %v", a, weight, b)
		}
		if left.Merge(left, 2); table(right) != before {
			t.Fatal("merge changed what it added")
		}
		weights := make([]float64, 0, len(a)+len(b))
		for range a {
			weights = append(weights, 1)
		}
		for range b {
			weights = append(weights, float64(weight))
		}
		span := counted(order, fixed)
		span.Add(generate.Span[generate.Tokens]{Rows: append(append([]generate.Tokens{}, a...), b...), Weight: 1, Weights: weights})
		if table(span) != want {
			t.Fatal("weights a row")
		}
	})
}

// TestSumsToOne: in every context, seen or not, the probabilities of all ids but Begin sum to 1; without
// smoothing too, once there is a word.
func TestSumsToOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const vocabulary = 7
		rows := tinyRows(t, "rows", vocabulary)
		m := tinyModel(t, vocabulary)
		f := fitRapid(t, m, rows)
		if tokensOf(rows) == 0 && (m.Smoothing == ngram.None || m.Smoothing == ngram.JelinekMercer && m.Epsilon == 0) {
			return
		}
		var context generate.Tokens
		for range rapid.IntRange(0, 7).Draw(t, "length") {
			context = append(context, rapid.SampledFrom([]uint32{0, 3, 4, 5, 6, 9}).Draw(t, "word"))
		}
		nats := make([]float64, len(context)+1)
		sum := 0.0
		for id := range uint32(vocabulary) {
			f.ScoreTokens(append(context[:len(context):len(context)], id), nats)
			sum += math.Exp(nats[len(context)])
		}
		if math.Abs(sum-1) > 1e-6 {
			t.Fatalf("after %v: %.9f", context, sum)
		}
	})
}

func fitRapid(t *rapid.T, m ngram.Model, rows []generate.Tokens) *ngram.Fitted {
	f, err := m.Fit(context.Background(), generate.Task[generate.Tokens]{Train: sample(rows)})
	if err != nil {
		t.Fatal(err)
	}
	return f.(*ngram.Fitted)
}

// TestFitStats: a fit to statistics of parts, counted to a higher order, and a fit that was stored are the fit
// to the rows.
func TestFitStats(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const vocabulary = 8
		a, b := tinyRows(t, "a", vocabulary), tinyRows(t, "b", vocabulary)
		m := tinyModel(t, vocabulary)
		all := append(append([]generate.Tokens{}, a...), b...)
		want := fitRapid(t, m, all)
		m.CountOrder = rapid.IntRange(0, ngram.MaxOrder).Draw(t, "counted")
		s := m.Empty()
		s.Add(generate.Span[generate.Tokens]{Rows: a, Weight: 1})
		s.Add(generate.Span[generate.Tokens]{Rows: b, Weight: 1})
		got, err := m.FitStats(context.Background(), generate.Task[generate.Tokens]{}, s)
		if err != nil {
			t.Fatal(err)
		}
		var file bytes.Buffer
		if err := want.Save(&file); err != nil {
			t.Fatal(err)
		}
		restored, err := m.Restore(&file)
		if err != nil {
			t.Fatal(err)
		}
		probe := tinyRows(t, "probe", vocabulary+3)
		for _, f := range []generate.Fitted[generate.Tokens]{got, restored} {
			same(t, want, f.(*ngram.Fitted), probe)
		}
	})
}

// same compares scores and draws to the bit.
func same(t *rapid.T, a, b *ngram.Fitted, probe []generate.Tokens) {
	x, y := make([]float64, len(probe)), make([]float64, len(probe))
	a.Score(context.Background(), probe, x)
	b.Score(context.Background(), probe, y)
	for i := range x {
		if math.Float64bits(x[i]) != math.Float64bits(y[i]) {
			t.Fatalf("%v: %v and %v", probe[i], x[i], y[i])
		}
	}
	if c := a.Counts(); c.Tokens() == 0 || c.UnigramCount(generate.End) < uint32(c.Rows()) {
		return // rows may never end
	}
	if fmt.Sprint(draw(a, 20, 1)) != fmt.Sprint(draw(b, 20, 1)) || a.Degenerate() != b.Degenerate() {
		t.Fatal("draws differ")
	}
}

// TestJoin: what occurs in either, with the counts of both.
func TestJoin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := counted(3, 0, tinyRows(t, "a", 6))
		b := counted(3, 0, tinyRows(t, "b", 8))
		for order := 1; order <= 3; order++ {
			both, n := counted(3, 0), 0
			both.Merge(a, 1)
			both.Merge(b, 1)
			a.Join(b, order, func(gram []uint32, mine, theirs uint32) {
				n++
				if mine != a.Count(gram) || theirs != b.Count(gram) {
					t.Fatalf("%v: %d and %d, want %d and %d", gram, mine, theirs, a.Count(gram), b.Count(gram))
				}
			})
			if n != both.Distinct(order) {
				t.Fatalf("%d n-grams of order %d, want %d", n, order, both.Distinct(order))
			}
		}
	})
}
