package ngram_test

import (
	"context"
	"math"
	"runtime"
	"slices"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
	"pgregory.net/rapid"

	"modelcollapse/generate"
	"modelcollapse/generate/ngram"
	"modelcollapse/internal/rng"
)

// TestSearchIsExpansion: both ways of drawing take the same occurrence, so they give the same rows.
func TestSearchIsExpansion(t *testing.T) {
	for _, m := range toyModels() {
		for _, times := range []float64{1, 3000} { // counts too large for an entry
			c := m.Empty()
			c.Add(generate.Span[generate.Tokens]{Rows: toyRows(), Weight: times})
			var drawn [2][]generate.Tokens
			for i := range drawn {
				f, err := m.FitStats(context.Background(), generate.Task[generate.Tokens]{}, c)
				if err != nil {
					t.Fatal(err)
				}
				if i == 1 {
					f.(*ngram.Fitted).SearchOnly()
				}
				drawn[i] = draw(f.(*ngram.Fitted), 500, 3)
			}
			if !slices.EqualFunc(drawn[0], drawn[1], slices.Equal[generate.Tokens]) {
				t.Fatalf("%s, order %d, %g times: rows differ", m.Smoothing, m.Order, times)
			}
		}
	}
}

// TestWorkersDoNotMatter: the rows are a function of the stream alone.
func TestWorkersDoNotMatter(t *testing.T) {
	c := smallCorpus(t)
	m := ngram.Model{Order: 3, Smoothing: ngram.KneserNey}
	var want []generate.Tokens
	before := runtime.GOMAXPROCS(0)
	defer runtime.GOMAXPROCS(before)
	for _, n := range []int{1, 2, 7} {
		runtime.GOMAXPROCS(n)
		got := draw(fit(t, m, c.train), 200, 5)
		if want != nil && !slices.EqualFunc(got, want, slices.Equal[generate.Tokens]) {
			t.Fatalf("other rows with %d workers", n)
		}
		want = got
	}
}

// TestExpectedCounts: without smoothing, the expected count of each word a row is that of the training rows, whatever
// the order: counts are a martingale over generations.
func TestExpectedCounts(t *testing.T) {
	c := smallCorpus(t)
	const n = 20_000
	for order := 1; order <= 4; order++ {
		f := fit(t, ngram.Model{Order: order}, c.train)
		v := f.Counts().Vocabulary()
		sum, squares := make([]float64, v), make([]float64, v)
		for _, row := range draw(f, n, uint64(order)) {
			for i, id := range row {
				if slices.Contains(row[:i], id) {
					continue
				}
				x := 0.0
				for _, other := range row[i:] {
					if other == id {
						x++
					}
				}
				sum[id] += x
				squares[id] += x * x
			}
		}
		chi, df := 0.0, 0.0
		for id := range uint32(v) {
			mean := sum[id] / n
			variance := squares[id]/n - mean*mean
			want := float64(f.Counts().UnigramCount(id)) / f.Counts().Rows()
			if id == generate.Begin || id == generate.End || want*n < 50 {
				continue
			}
			z := (mean - want) / math.Sqrt(variance/n)
			chi, df = chi+z*z, df+1
		}
		if p := (distuv.ChiSquared{K: df}).Survival(chi); p < 1e-4 {
			t.Errorf("order %d: %.0f words, sum of z² %.1f, p = %.2g", order, df, chi, p)
		}
	}
}

// TestDrawIsTotal: n rows for any fit, each closed, of known words, and each with a score above −Inf.
func TestDrawIsTotal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const vocabulary = 8
		rows := tinyRows(t, "rows", vocabulary)
		for i, row := range rows {
			if len(row) == 0 || row[len(row)-1] != generate.End {
				rows[i] = append(row, generate.End)
			}
		}
		m := tinyModel(t, vocabulary)
		f := fitRapid(t, m, rows)
		if m.Smoothing == ngram.JelinekMercer && f.Counts().Words() == 0 && m.Epsilon > .9 {
			return // rows of uniform noise, of any length
		}
		before := []generate.Tokens{{3, generate.End}}
		got, err := f.Draw(context.Background(), before, 40, rng.Root(9).Stream())
		if err != nil || len(got) != 41 {
			t.Fatalf("%d rows, %v", len(got), err)
		}
		nats := make([]float64, len(got))
		if err := f.Score(context.Background(), got, nats); err != nil {
			t.Fatal(err)
		}
		for i, row := range got {
			if len(row) == 0 || slices.Index(row, generate.End) != len(row)-1 || i > 0 && len(rows) > 0 && math.IsInf(nats[i], -1) {
				t.Fatalf("%v: %v nats", row, nats[i])
			}
		}
	})
}
