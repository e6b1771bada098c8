package evaluate

import (
	"math"
	"testing"

	"modelcollapse/generate"
	"modelcollapse/generate/ngram"
	"modelcollapse/internal/rng"
)

func markovTruth(t testing.TB) generate.Source[generate.Tokens] {
	t.Helper()
	truth, err := generate.Markov{Words: 9, Successors: 4, Exponent: 1, Length: 5}.Open(t.Context(), rng.Root(1).Stream())
	if err != nil {
		t.Fatal(err)
	}
	return truth
}

func fittedChain(t testing.TB, truth generate.Source[generate.Tokens], smoothing float64, rows int) *ngram.Chain {
	t.Helper()
	m, err := ngram.MarkovChain{Smoothing: smoothing}.Bind(truth)
	if err != nil {
		t.Fatal(err)
	}
	drawn, _ := truth.Draw(t.Context(), nil, rows, rng.Root(2).Stream())
	f, err := m.Fit(t.Context(), generate.Task[generate.Tokens]{Train: generate.Sample[generate.Tokens]{{Rows: drawn, Weight: 1}}})
	if err != nil {
		t.Fatal(err)
	}
	return f.(*ngram.Chain)
}

func measureTokens(t testing.TB, m Metric[generate.Tokens], truth generate.Source[generate.Tokens], f generate.Fitted[generate.Tokens]) put {
	t.Helper()
	if err := m.Can(f); err != nil {
		t.Fatal(err)
	}
	g, err := m.Start(t.Context(), Real[generate.Tokens]{Truth: truth})
	if err != nil {
		t.Fatal(err)
	}
	p := put{}
	if err := g.Measure(t.Context(), View[generate.Tokens]{Model: f}, p); err != nil {
		t.Fatal(err)
	}
	described(t, m.Axes(), p)
	return p
}

// Without smoothing a fit visits contexts as often as its training rows did; with it the rate is what drawn rows cost.
func TestEntropyRate(t *testing.T) {
	truth := markovTruth(t)
	f := fittedChain(t, truth, 0, 50)
	c, want, total := f.Counts(), 0.0, 0.0
	for h := range uint32(c.Vocabulary()) {
		if h == generate.End {
			continue
		}
		_, p, _, _ := f.Next(h)
		n := float64(c.UnigramCount(h))
		for _, x := range p {
			want -= n * x * math.Log(x)
		}
		total += n
	}
	agrees(t, "entropy rate", measureTokens(t, EntropyRate{}, truth, f)["entropy_rate"], want/total, 1e-11)
	for _, chain := range []generate.Fitted[generate.Tokens]{fittedChain(t, truth, .3, 50), truth} {
		rate := measureTokens(t, EntropyRate{}, truth, chain)["entropy_rate"]
		rows, _ := chain.Draw(t.Context(), nil, 20_000, rng.Root(3).Stream())
		nats := make([]float64, len(rows))
		_ = chain.(generate.Scorer[generate.Tokens]).Score(t.Context(), rows, nats)
		sum, squares := 0.0, 0.0
		for i, row := range rows {
			x := -nats[i] - rate*float64(len(row)) // mean 0
			sum, squares = sum+x, squares+x*x
		}
		if z := sum / math.Sqrt(squares); math.Abs(z) > 4.5 {
			t.Errorf("%T: rate %g, z = %.1f", chain, rate, z)
		}
	}
}

// Against all probabilities at once, over visits by plain iteration.
func TestTransitionTV(t *testing.T) {
	truth := markovTruth(t)
	c := truth.(generate.Transitions)
	ids := truth.(generate.Lexical).Vocabulary().Len()
	visits, now := make([]float64, ids), make([]float64, ids)
	now[generate.Begin] = 1
	for range 400 {
		next := make([]float64, ids)
		for h, x := range now {
			visits[h] += x
			for w := range ids {
				if h != int(generate.End) {
					_, p := c.Transition(uint32(h), uint32(w))
					next[w] += x * p
				}
			}
		}
		next[generate.End] = 0
		now = next
	}
	for _, smoothing := range []float64{0, .4} {
		f := fittedChain(t, truth, smoothing, 12)
		want, total := 0.0, 0.0
		for h, v := range visits {
			if v == 0 {
				continue
			}
			d := 0.0
			for w := range ids {
				_, p := c.Transition(uint32(h), uint32(w))
				_, q := f.Transition(uint32(h), uint32(w))
				if _, known, _, _ := f.Next(uint32(h)); known == nil && smoothing == 0 {
					q = 0
					p *= 2 // nothing is left
				}
				d += math.Abs(p-q) / 2
			}
			want, total = want+v*d, total+v
		}
		agrees(t, "transition_tv", measureTokens(t, TransitionTV{}, truth, f)["transition_tv"], want/total, 1e-12)
	}
	agrees(t, "of the truth", measureTokens(t, TransitionTV{}, truth, truth)["transition_tv"], 0, 1e-12)
	for _, m := range []Metric[generate.Tokens]{EntropyRate{}, TransitionTV{}} {
		if m.Can(&ngram.Fitted{}) == nil {
			t.Errorf("%T of n-grams", m)
		}
		if _, err := m.Start(t.Context(), Real[generate.Tokens]{}); err == nil {
			t.Errorf("%T without a truth", m)
		}
	}
}
