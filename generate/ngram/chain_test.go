package ngram_test

import (
	"bytes"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"modelcollapse/generate"
	"modelcollapse/generate/ngram"
	"modelcollapse/internal/num"
	"modelcollapse/internal/rng"
)

// words gives a vocabulary of so many words to a truth that is asked for nothing else.
type words struct {
	generate.Source[generate.Tokens]
	n int
}

func (w words) Vocabulary() *generate.Vocabulary { return generate.NewVocabulary(make([]string, w.n)) }

func chainOf(t testing.TB, smoothing float64, vocabulary int, rows []generate.Tokens) *ngram.Chain {
	t.Helper()
	m, err := ngram.MarkovChain{Smoothing: smoothing}.Bind(words{n: vocabulary})
	if err != nil {
		t.Fatal(err)
	}
	f, err := m.Fit(t.Context(), generate.Task[generate.Tokens]{Train: sample(rows)})
	if err != nil {
		t.Fatal(err)
	}
	return f.(*ngram.Chain)
}

// By hand: a b </s>, a </s>, with two words more that never occur; 5 ids may follow.
func TestChainByHand(t *testing.T) {
	const a, b, c = generate.Words, generate.Words + 1, generate.Words + 2
	rows := []generate.Tokens{{a, b, generate.End}, {a, generate.End}}
	f := chainOf(t, .5, 4, rows)
	for _, x := range []struct {
		last, w uint32
		p       float64
	}{{generate.Begin, a, 2.5 / 4.5}, {generate.Begin, b, .5 / 4.5}, {a, b, 1.5 / 4.5}, {a, generate.End, 1.5 / 4.5}, {b, generate.End, 1.5 / 3.5},
		{c, a, .2}, {a, generate.Begin, 0}, {a, generate.Unknown, 0}, {a, 99, 0}} {
		if _, p := f.Transition(x.last, x.w); math.Abs(p-x.p) > 1e-15 {
			t.Errorf("%d after %d: %g, want %g", x.w, x.last, p, x.p)
		}
	}
	nats := make([]float64, 4)
	_ = f.Score(t.Context(), []generate.Tokens{{a, b, generate.End}, {a}, {a, generate.End, a}, {}}, nats)
	for i, want := range []float64{math.Log(2.5/4.5) + math.Log(1.5/4.5) + math.Log(1.5/3.5), math.Log(2.5 / 4.5), math.Inf(-1), 0} {
		if math.Abs(nats[i]-want) > 1e-14 && nats[i] != want {
			t.Errorf("row %d: %g, want %g", i, nats[i], want)
		}
	}
	if f.RowTokens() != 2.5 || f.Unsmoothed() || f.Degenerate() != "" {
		t.Errorf("%g tokens a row, unsmoothed %v, %q", f.RowTokens(), f.Unsmoothed(), f.Degenerate())
	}
	var stored bytes.Buffer
	if err := f.Save(&stored); err != nil {
		t.Fatal(err)
	}
	m, _ := ngram.MarkovChain{Smoothing: .5}.Bind(words{n: 4})
	again, err := m.(generate.Restorer[generate.Tokens]).Restore(&stored)
	if err != nil {
		t.Fatal(err)
	}
	if _, p := again.(*ngram.Chain).Transition(a, b); p != 1.5/4.5 {
		t.Errorf("restored: %g", p)
	}
	for _, bad := range []float64{-1, math.NaN(), math.Inf(1)} {
		if _, err := (ngram.MarkovChain{Smoothing: bad}).Bind(words{n: 4}); err == nil {
			t.Errorf("smoothing %g is accepted", bad)
		}
	}
}

// Whatever the rows: what may follow has probabilities that add to 1, the two ways of asking agree, and without smoothing rows
// score as under an n-gram model of order 2.
func TestChainLaws(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		vocabulary := rapid.IntRange(1, 6).Draw(rt, "words")
		lowest := rapid.SampledFrom([]uint32{generate.Unknown, generate.Words}).Draw(rt, "lowest")
		word := rapid.Custom(func(rt *rapid.T) uint32 {
			w := rapid.Uint32Range(generate.End, generate.End+uint32(vocabulary)).Draw(rt, "word")
			if w == generate.End {
				return max(lowest, generate.Words) * min(1, lowest)
			}
			return w
		})
		var rows []generate.Tokens
		for range rapid.IntRange(1, 6).Draw(rt, "rows") {
			rows = append(rows, append(rapid.SliceOfN(word, 0, 5).Draw(rt, "row"), generate.End))
		}
		f := chainOf(t, rapid.SampledFrom([]float64{0, .3}).Draw(rt, "smoothing"), vocabulary, rows)
		for last := range generate.Words + uint32(vocabulary) {
			next, p, others, rest := f.Next(last)
			total := float64(others) * rest
			for i, w := range next {
				total += p[i]
				if _, q := f.Transition(last, w); q != p[i] {
					rt.Errorf("%d after %d: %g and %g", w, last, p[i], q)
				}
			}
			if len(next)+others > 0 && math.Abs(total-1) > 1e-12 {
				rt.Errorf("after %d: %g", last, total)
			}
			sum := 0.0
			for w := range generate.Words + uint32(vocabulary) {
				below, at := f.Transition(last, w)
				if at > 0 && math.Abs(below-sum) > 1e-12 {
					rt.Errorf("%d after %d: %g lies below, want %g", w, last, below, sum)
				}
				sum += at
			}
		}
		if f.Unsmoothed() {
			m := ngram.Model{Order: 2, Smoothing: ngram.None, Vocabulary: int(generate.Words) + vocabulary}
			plain, _ := m.Fit(t.Context(), generate.Task[generate.Tokens]{Train: sample(rows)})
			one, two := make([]float64, len(rows)), make([]float64, len(rows))
			_ = f.Score(t.Context(), rows, one)
			_ = plain.(*ngram.Fitted).Score(t.Context(), rows, two)
			for i := range rows {
				if math.Abs(one[i]-two[i]) > 1e-6*(1+math.Abs(two[i])) { // n-grams keep 24 bits
					rt.Errorf("row %d: %g and by n-grams %g", i, one[i], two[i])
				}
			}
		}
	})
}

// Chains of chains: every transform of every step is uniform, of those that smooth and those that do not, and of the truth.
func TestChainOneStepLaw(t *testing.T) {
	truth, err := generate.Markov{Words: 12, Successors: 5, Exponent: 1, Length: 6}.Open(t.Context(), rng.Root(1).Stream())
	if err != nil {
		t.Fatal(err)
	}
	u := map[string][]float64{}
	for arm, smoothing := range []float64{0, .2} {
		m, err := ngram.MarkovChain{Smoothing: smoothing}.Bind(truth)
		if err != nil {
			t.Fatal(err)
		}
		for chain := range 60 {
			from, coin := truth, rng.Root(9).Child("arm", arm).Child("coin", chain).Stream()
			for g := range 6 {
				rows, err := from.Draw(t.Context(), nil, 40, rng.Root(2).Child("arm", arm).Child("chain", chain).Child("generation", g).Stream())
				if err != nil {
					t.Fatal(err)
				}
				f, err := m.Fit(t.Context(), generate.Task[generate.Tokens]{Train: sample(rows)})
				if err != nil {
					t.Fatal(err)
				}
				o := generate.Outcome[generate.Tokens]{N: len(rows), Rows: rows, Fit: f}
				for _, x := range from.(generate.Innovator[generate.Tokens]).Innovations(nil, o, coin) {
					name := x.Name
					if g == 0 {
						name = "real " + name
					}
					u[name] = append(u[name], x.U)
				}
				from = f
			}
		}
	}
	for _, name := range []string{"real transitions", "transitions", "first_word"} {
		x := u[name]
		if len(x) < 500 {
			t.Errorf("%s: %d transforms", name, len(x))
		}
		slices.Sort(x)
		d := 0.0
		for i, v := range x {
			d = max(d, float64(i+1)/float64(len(x))-v, v-float64(i)/float64(len(x)))
		}
		if p := num.KolmogorovP(d, len(x)); p < 1e-4 {
			t.Errorf("%s: %d transforms are not uniform, p = %.1g", name, len(x), p)
		}
	}
}

// A chain that draws another law than it claims is seen.
func TestChainOneStepSees(t *testing.T) {
	rows := toyRows()
	f, other := chainOf(t, 0, 7, rows), chainOf(t, 2, 7, rows)
	coin, small := rng.Root(3).Stream(), 0
	for i := range 20 {
		drawn, _ := other.Draw(t.Context(), nil, 400, rng.Root(4).Child("draw", i).Stream())
		for _, x := range f.Innovations(nil, generate.Outcome[generate.Tokens]{N: 400, Rows: drawn}, coin) {
			if x.U < .01 || x.U > .99 {
				small++
			}
		}
	}
	if small < 15 { // 2 of 100 by chance
		t.Errorf("%d of 100 transforms in the outer hundredths", small)
	}
}

// Drawing: transitions come as often as their probability says, with and without smoothing, and rows end.
func TestChainDraws(t *testing.T) {
	for _, smoothing := range []float64{0, .5} {
		f := chainOf(t, smoothing, 7, toyRows())
		rows, err := f.Draw(t.Context(), nil, 20_000, rng.Root(5).Stream())
		if err != nil {
			t.Fatal(err)
		}
		count, from := map[[2]uint32]float64{}, map[uint32]float64{}
		for _, row := range rows {
			last := generate.Begin
			for _, w := range row {
				count[[2]uint32{last, w}]++
				from[last]++
				last = w
			}
			if last != generate.End {
				t.Fatal("a row without an end")
			}
		}
		chi2, df := 0.0, 0.0
		for last, m := range from {
			for w := range generate.Words + 7 {
				_, p := f.Transition(last, w)
				got := count[[2]uint32{last, w}]
				if p == 0 && got > 0 {
					t.Errorf("%d follows %d", w, last)
				}
				if m*p >= 5 {
					chi2, df = chi2+(got-m*p)*(got-m*p)/(m*p), df+1
				}
			}
			df--
		}
		if p := num.ChiSquaredSurvival(chi2, df); p < 1e-4 {
			t.Errorf("smoothing %g: chi-square %.0f on %.0f", smoothing, chi2, df)
		}
	}
	if f := chainOf(t, 0, 3, nil); f.Degenerate() == "" {
		t.Error("no rows")
	} else if rows, err := f.Draw(t.Context(), nil, 2, rng.Root(1).Stream()); err != nil || len(rows) != 2 || len(rows[0]) != 1 {
		t.Errorf("a fit of nothing draws %v, %v", rows, err)
	}
}
