package evaluate

import (
	"context"
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"modelcollapse/generate"
	"modelcollapse/generate/ngram"
)

// jmByHand is Jelinek–Mercer of order 2 from maps: p2 = λ·f2 + (1−λ)·p1, p1 = (1−ε)·f1 + ε/(V−1); a context that does
// not occur skips its level.
func jmByHand(train, held []generate.Tokens, v int, lambda, epsilon float64) (nats []float64) {
	f1, f2, c2, total := map[uint32]float64{}, map[[2]uint32]float64{}, map[uint32]float64{}, 0.0
	for _, row := range train {
		prev := generate.Begin
		for _, w := range row {
			f1[w]++
			f2[[2]uint32{prev, w}]++
			c2[prev]++
			total++
			prev = w
		}
	}
	for _, row := range held {
		prev := generate.Begin
		for _, w := range row {
			p := (1-epsilon)*f1[w]/total + epsilon/float64(v-1)
			if c2[prev] > 0 {
				p = lambda*f2[[2]uint32{prev, w}]/c2[prev] + (1-lambda)*p
			}
			nats = append(nats, -math.Log(p))
			if prev = w; f1[w] == 0 {
				prev = generate.Unknown
			}
		}
	}
	return nats
}

// vocabularyTruth is a truth of n words.
type vocabularyTruth struct{ wordChain }

func (vocabularyTruth) Vocabulary() *generate.Vocabulary {
	return generate.NewVocabulary(strings.Split("a bb c d e f g h i j", " "))
}

func TestDataPerplexityAgainstHand(t *testing.T) {
	m := DataPerplexity{Scorers: []string{"jm"}, Order: 2, Lambda: []float64{.4}, Epsilon: .2}
	rapid.Check(t, func(rt *rapid.T) {
		real, train, held := drawnRows(rt, "real"), drawnRows(rt, "train"), drawnRows(rt, "held out")
		g, err := m.Start(context.Background(), Real[generate.Tokens]{Train: sampleOf(real), HeldOut: held, Truth: vocabularyTruth{}})
		if err != nil {
			rt.Fatal(err)
		}
		count := countWords(real).count
		all := func(uint32) bool { return true }
		in := func(ids []uint32) func(uint32) bool { return func(w uint32) bool { return slices.Contains(ids, w) } }
		first := 0.0
		for gen, rows := range [][]generate.Tokens{real, train} {
			got := put{}
			if err := g.Measure(context.Background(), View[generate.Tokens]{Generation: gen, Train: sampleOf(rows), HeldOut: held}, got); err != nil {
				rt.Fatal(err)
			}
			nats := jmByHand(rows, held, 13, .4, .2)
			mean := meanOf(held, nats, all)
			if gen == 0 {
				first = mean
			}
			// The tables of the n-grams hold 32-bit numbers.
			agrees(t, "perplexity", got["data_perplexity{jm}"], math.Exp(mean), 1e-6*math.Exp(mean))
			agrees(t, "drift", got["data_perplexity.drift{jm}"], mean-first, 1e-6)
			agrees(t, "bits per byte", got["data_perplexity.bits_per_byte{jm}"], mean*float64(len(nats))/math.Ln2/float64(bytesOf(held)), 1e-6)
			agrees(t, "rarest", got["data_perplexity.nll_rarest{jm}"], meanOf(held, nats, in(rarest(count))), 1e-6)
			agrees(t, "frequent", got["data_perplexity.nll_frequent{jm}"], meanOf(held, nats, in(frequent(count))), 1e-6)
		}
	})
}

// meanOf is the mean of nats over the tokens of rows that are in.
func meanOf(rows []generate.Tokens, nats []float64, in func(uint32) bool) float64 {
	sum, n := 0.0, 0.0
	for _, row := range rows {
		for i, w := range row {
			if in(w) {
				sum, n = sum+nats[i], n+1
			}
		}
		nats = nats[len(row):]
	}
	return sum / n
}

// bytesOf is the bytes of rows in the words of vocabularyTruth, with a separator after each.
func bytesOf(rows []generate.Tokens) (n int) {
	for _, row := range rows {
		for _, w := range row {
			if w != generate.End {
				n += len(vocabularyTruth{}.Vocabulary().Word[w]) + 1
			}
		}
	}
	return n
}

// Statistics and rows are the same data, and repeating the data does not change what jm says; kn it changes.
func TestScorersOfStatisticsAndOfRepeatedData(t *testing.T) {
	rows := zipfRows(200, rootStream(3))
	held := zipfRows(50, rootStream(4))
	m := DataPerplexity{Scorers: []string{"jm", "kn"}, Order: 3, Lambda: []float64{.3, .6}, Epsilon: .1}
	r := Real[generate.Tokens]{Train: sampleOf(rows), HeldOut: held}
	counts := ngram.NewCounts(3, 0)
	counts.Add(generate.Span[generate.Tokens]{Rows: rows, Weight: 1})
	twice := append(sampleOf(rows), sampleOf(rows)...)
	var got []put
	for _, v := range []View[generate.Tokens]{{Train: sampleOf(rows)}, {Stats: counts}, {Train: twice}} {
		g, err := m.Start(context.Background(), r)
		if err != nil {
			t.Fatal(err)
		}
		v.HeldOut = held
		p := put{}
		if err := g.Measure(context.Background(), v, p); err != nil {
			t.Fatal(err)
		}
		got = append(got, p)
	}
	for series, x := range got[0] {
		agrees(t, series+" of statistics", got[1][series], x, 0)
	}
	agrees(t, "jm of repeated data", got[2]["data_perplexity{jm}"], got[0]["data_perplexity{jm}"], 1e-6*got[0]["data_perplexity{jm}"])
	if once, again := got[0]["data_perplexity{kn}"], got[2]["data_perplexity{kn}"]; math.Abs(once-again) < .01*once {
		t.Errorf("kn of repeated data: %g and %g", once, again)
	}
}

// Begin → a 3/4, b 1/4; a → b 2/3, End 1/3; b → End.
var bigramLines = []string{"ab", "ab", "a", "b"}

func bigramModel(t *testing.T) generate.Fitted[generate.Tokens] {
	t.Helper()
	f, err := ngram.Model{Order: 2, Smoothing: ngram.None}.Fit(context.Background(), generate.Task[generate.Tokens]{Train: sampleOf(rowsOf(bigramLines...))})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestModelPerplexity(t *testing.T) {
	ctx := context.Background()
	m := ModelPerplexity[generate.Tokens]{}
	if m.Can(wordChain{}) == nil || m.Can(bigramModel(t)) != nil {
		t.Error("what has a likelihood, and what has none")
	}
	g, err := m.Start(ctx, Real[generate.Tokens]{Kind: generate.TokenRows})
	if err != nil {
		t.Fatal(err)
	}
	p := put{}
	if err := g.Measure(ctx, View[generate.Tokens]{Model: bigramModel(t), HeldOut: rowsOf("ab", "b")}, p); err != nil {
		t.Fatal(err)
	}
	agrees(t, "perplexity", p["model_perplexity"], math.Pow(1./2*1/4, -1./5), 1e-6)
	if err := g.Measure(ctx, View[generate.Tokens]{Model: bigramModel(t), HeldOut: rowsOf("ba")}, p); err != nil {
		t.Fatal(err)
	}
	agrees(t, "of what cannot be drawn", p["model_perplexity"], math.Inf(1), 0)
}

func TestSurprise(t *testing.T) {
	ctx := context.Background()
	m := Surprise{Judges: []string{"model", "kn"}, Order: 2, Lambda: []float64{.5}, Epsilon: .1}
	g, err := m.Start(ctx, Real[generate.Tokens]{Train: sampleOf(rowsOf(bigramLines...))})
	if err != nil {
		t.Fatal(err)
	}
	p := put{}
	v := View[generate.Tokens]{Baseline: bigramModel(t), Probe: append(rowsOf("ab", "b"), rowsOf("a")[0][:1])}
	if err := g.Measure(ctx, v, p); err != nil {
		t.Fatal(err)
	}
	ab, b, a := math.Log(2)/3, math.Log(4)/2, math.Log(4./3) // of whole rows, and of one that was cut
	agrees(t, "surprise", p["surprise"], (3*ab+2*b+a)/6, 1e-6)
	agrees(t, "q05", p["surprise.q05"], ab, 1e-6)
	agrees(t, "q50", p["surprise.q50"], a, 1e-6)
	agrees(t, "q95", p["surprise.q95"], b, 1e-6)
	v.Probe = append(v.Probe, rowsOf("ba")...)
	if err := g.Measure(ctx, v, p); err != nil {
		t.Fatal(err)
	}
	if !math.IsInf(p["surprise"], 1) || math.IsInf(p["surprise.q50"], 1) || math.IsInf(p["surprise{kn}"], 0) || math.IsNaN(p["surprise{kn}"]) {
		t.Errorf("a row that generation 0 cannot write: %v", p)
	}
}

func TestScorersRefuse(t *testing.T) {
	for want, m := range map[string]DataPerplexity{
		"must be jm or kn": {Scorers: []string{"gpt"}, Order: 3},
		"none given":       {Order: 3},
		"named twice":      {Scorers: []string{"kn", "kn"}, Order: 3},
		"lambda":           {Scorers: []string{"jm"}, Order: 4, Lambda: []float64{.3, .6}},
		"order":            {Scorers: []string{"kn"}, Order: 9},
	} {
		if _, err := m.Start(context.Background(), Real[generate.Tokens]{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", want, err)
		}
	}
}

func TestScoredText(t *testing.T) {
	r := Real[generate.Tokens]{Truth: vocabularyTruth{}, HeldOut: append(rowsOf("ab", "a"), generate.Tokens{generate.Unknown, generate.End})}
	b, err := json.Marshal(scoredText(r))
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"tokens":7,"ends":3,"outside_vocabulary":1,"bytes":13,"vocabulary":13}`; string(b) != want {
		t.Errorf("%s, want %s", b, want)
	}
}

func TestFirstTokens(t *testing.T) {
	rows := rowsOf("ab", "c", "defg")
	for tokens, want := range map[int]int{0: 3, 1: 1, 3: 1, 4: 2, 5: 2, 6: 3, 100: 3} {
		if got := len(firstTokens(rows, tokens)); got != want {
			t.Errorf("%d tokens: %d rows, want %d", tokens, got, want)
		}
	}
}

// Tuned weights are no worse on the tuning rows than any given ones, and are attached.
func TestDataPerplexityTuned(t *testing.T) {
	ctx := context.Background()
	real, tune := zipfRows(300, rootStream(5)), zipfRows(100, rootStream(6))
	perplexity := func(m DataPerplexity) float64 {
		g, err := m.Start(ctx, Real[generate.Tokens]{Train: sampleOf(real), HeldOut: tune, Tune: tune})
		if err != nil {
			t.Fatal(err)
		}
		p := put{}
		if err := g.Measure(ctx, View[generate.Tokens]{Train: sampleOf(real), HeldOut: tune}, p); err != nil {
			t.Fatal(err)
		}
		return p["data_perplexity{jm}"]
	}
	m := DataPerplexity{Scorers: []string{"jm"}, Order: 2, Lambda: []float64{.5}, Epsilon: .1, Tune: true}
	best := perplexity(m)
	m.Tune = false
	for _, lambda := range []float64{.02, .1, .5} {
		for _, epsilon := range []float64{.1, .4} {
			m.Lambda, m.Epsilon = []float64{lambda}, epsilon
			if x := perplexity(m); x < best*(1-1e-4) {
				t.Errorf("lambda %g, epsilon %g: %g, tuned %g", lambda, epsilon, x, best)
			}
		}
	}
	m.Tune = true
	if _, err := m.Start(ctx, Real[generate.Tokens]{Train: sampleOf(real)}); err == nil || !strings.Contains(err.Error(), "no tuning rows") {
		t.Errorf("%v", err)
	}
}
