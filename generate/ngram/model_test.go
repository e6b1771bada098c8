package ngram_test

import (
	"bytes"
	"context"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"modelcollapse/generate"
	"modelcollapse/generate/ngram"
	"modelcollapse/internal/rng"
)

// The capabilities that the engine finds by assertion.
var (
	_ generate.Model[generate.Tokens]       = ngram.Model{}
	_ generate.Incremental[generate.Tokens] = ngram.Model{}
	_ generate.Restorer[generate.Tokens]    = ngram.Model{}
	_ generate.Bound[generate.Tokens]       = ngram.Model{}
	_ generate.Weigher                      = ngram.Model{}
	_ generate.Fitted[generate.Tokens]      = (*ngram.Fitted)(nil)
	_ generate.Scorer[generate.Tokens]      = (*ngram.Fitted)(nil)
	_ generate.Saver                        = (*ngram.Fitted)(nil)
	_ generate.Degenerate                   = (*ngram.Fitted)(nil)
	_ generate.Stats[generate.Tokens]       = (*ngram.Counts)(nil)
)

func TestValidate(t *testing.T) {
	for _, c := range []struct {
		model ngram.Model
		says  string // "" for a valid one
	}{
		{ngram.Model{Order: 3, Smoothing: ngram.None}, ""},
		{ngram.Model{Order: 1, Smoothing: ngram.JelinekMercer, Epsilon: 1}, ""},
		{ngram.Model{Order: 3, Smoothing: ngram.JelinekMercer, Tune: true}, ""},
		{ngram.Model{Order: 0}, "order: 0"},
		{ngram.Model{Order: 7}, "order: 7"},
		{ngram.Model{Order: 3, Smoothing: "laplace"}, "smoothing"},
		{ngram.Model{Order: 3, Smoothing: ngram.KneserNey, Tune: true}, "tune"},
		{ngram.Model{Order: 3, Smoothing: ngram.JelinekMercer, Lambda: []float64{.5}}, "lambda: 1 weights for order 3"},
		{ngram.Model{Order: 2, Smoothing: ngram.JelinekMercer, Lambda: []float64{math.NaN()}}, "lambda[0]"},
		{ngram.Model{Order: 2, Smoothing: ngram.JelinekMercer, Lambda: []float64{.5}, Epsilon: -1}, "epsilon"},
		{ngram.Model{Order: 2, Smoothing: ngram.JelinekMercer, Lambda: []float64{.5}, Tune: true}, "give one of them"},
	} {
		err := c.model.Validate()
		if (err == nil) != (c.says == "") || err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%+v: %v, want %q", c.model, err, c.says)
		}
	}
}

// TestRefusals: what cannot be counted is an error of the fit, never a panic.
func TestRefusals(t *testing.T) {
	end := generate.End
	for name, s := range map[string]generate.Span[generate.Tokens]{
		"whole numbers":  {Rows: []generate.Tokens{{3, end}}, Weight: 0.5},
		"weighs -1":      {Rows: []generate.Tokens{{3, end}}, Weight: -1},
		"weighs NaN":     {Rows: []generate.Tokens{{3, end}}, Weight: math.NaN()},
		"more than":      {Rows: []generate.Tokens{{3, end}}, Weight: 1e12},
		"row 1: token 0": {Rows: []generate.Tokens{{3, end}, {generate.Begin, end}}, Weight: 1},
		"stands last":    {Rows: []generate.Tokens{{end, 3, end}}, Weight: 1},
		"only 5 ids":     {Rows: []generate.Tokens{{5, end}}, Weight: 1},
	} {
		m := ngram.Model{Order: 2, Vocabulary: 5}
		_, err := m.Fit(context.Background(), generate.Task[generate.Tokens]{Train: generate.Sample[generate.Tokens]{s}})
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("want an error that says %q, got %v", name, err)
		}
	}
	open := ngram.NewCounts(2, 0)
	open.Add(generate.Span[generate.Tokens]{Rows: []generate.Tokens{{math.MaxUint32, end}}, Weight: 1})
	if open.Err() == nil {
		t.Error("an id of 2^32 − 1 was counted")
	}
	low := ngram.NewCounts(2, 0)
	if _, err := (ngram.Model{Order: 3}).FitStats(context.Background(), generate.Task[generate.Tokens]{}, low); err == nil {
		t.Error("order 3 from counts of order 2")
	}
	if low.Merge(ngram.NewCounts(1, 0), 1); low.Err() == nil {
		t.Error("counts of order 1 merged into counts of order 2")
	}
}

// TestImpossible: rows that no text has are −Inf, ids that nobody knows are Unknown.
func TestImpossible(t *testing.T) {
	end := generate.End
	for _, m := range toyModels() {
		f := fit(t, m, toyRows())
		rows := []generate.Tokens{{generate.Begin, end}, {3, end, 3}, {3, generate.Begin, end}, {1 << 30, end}, {generate.Unknown, end}, {}}
		nats := make([]float64, len(rows))
		if err := f.Score(context.Background(), rows, nats); err != nil {
			t.Fatal(err)
		}
		for i := range 3 {
			if !math.IsInf(nats[i], -1) {
				t.Errorf("%v: %v nats", rows[i], nats[i])
			}
		}
		if nats[3] != nats[4] || math.IsInf(nats[3], -1) != (m.Smoothing == ngram.None) || nats[5] != 0 {
			t.Errorf("%s, order %d: %v", m.Smoothing, m.Order, nats)
		}
	}
}

func TestDegenerate(t *testing.T) {
	end := generate.End
	for want, rows := range map[string][]generate.Tokens{
		"no rows":        nil,
		"no words":       {{end}, {end}},
		"rows never end": {{3, 4}},
		"one word":       {{3, end}, {3, 3, end}},
		"":               {{3, end}, {4, end}},
	} {
		f := fit(t, ngram.Model{Order: 3}, rows)
		if got := f.Degenerate(); got != want {
			t.Errorf("%v: %q, want %q", rows, got, want)
		}
		if want == "rows never end" {
			rows := draw(f, 2, 1)
			if len(rows[0]) != ngram.MaxSentence || rows[0][ngram.MaxSentence-1] != end {
				t.Errorf("a row of %d tokens", len(rows[0]))
			}
		}
	}
}

func TestDrawStops(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	f := fit(t, ngram.Model{Order: 2}, toyRows())
	if _, err := f.Draw(ctx, nil, 10, rng.Root(1).Stream()); err == nil {
		t.Error("drew after the end of its context")
	}
	if err := f.Score(ctx, toyRows(), make([]float64, 60)); err == nil {
		t.Error("scored after the end of its context")
	}
}

// TestJelinekMercerByHand follows the recursion for one trigram. It does not change when the data are repeated.
func TestJelinekMercerByHand(t *testing.T) {
	const a, b, c, end = 3, 4, 5, generate.End
	rows := []generate.Tokens{{a, b, end}, {a, b, c, end}, {c, end}}
	m := ngram.Model{Order: 3, Smoothing: ngram.JelinekMercer, Lambda: []float64{.3, .6}, Epsilon: .1, Vocabulary: 6}
	p1 := .9*2/9 + .1/5    // c is 2 of 9 tokens; five ids can come
	p2 := .6*1/2 + .4*p1   // b is followed by End and by c
	p3 := .3*1/2 + .7*p2   // so is a b
	unseen := .6*0 + .4*p1 // a is followed by b alone; c a was never a context
	for _, times := range []int{1, 2, 5} {
		var all []generate.Tokens
		for range times {
			all = append(all, rows...)
		}
		f := fit(t, m, all)
		nats := make([]float64, 3)
		f.ScoreTokens(generate.Tokens{a, b, c}, nats)
		near(t, "a b c", math.Exp(nats[2]), p3, 1e-6)
		f.ScoreTokens(generate.Tokens{c, a, c}, nats)
		near(t, "c a c", math.Exp(nats[2]), unseen, 1e-6)
	}
}

// source is a truth with a vocabulary and tuning rows.
type source struct {
	corpus
	tune []generate.Tokens
}

func (s *source) Rows() []generate.Tokens    { return s.train }
func (s *source) HeldOut() []generate.Tokens { return s.test }
func (s *source) Tune() []generate.Tokens    { return s.tune }
func (s *source) Draw(context.Context, []generate.Tokens, int, *rand.Rand) ([]generate.Tokens, error) {
	return nil, nil
}

// TestTune: the tuned weights are at least as good on the tuning rows as every point of a grid.
func TestTune(t *testing.T) {
	s := &source{corpus: *smallCorpus(t)}
	s.train, s.tune = s.train[:2700], s.train[2700:]
	m := ngram.Model{Order: 3, Smoothing: ngram.JelinekMercer, Tune: true}
	if _, err := m.Fit(context.Background(), generate.Task[generate.Tokens]{}); err == nil {
		t.Error("fitted before it was tuned")
	}
	bound, err := m.Bind(s)
	if err != nil {
		t.Fatal(err)
	}
	tuned := bound.(ngram.Model)
	t.Logf("lambda %v, epsilon %v", tuned.Lambda, tuned.Epsilon)
	best := tuneScore(t, tuned, s)
	for _, l3 := range []float64{.1, .3, .5, .7, .9} {
		for _, l2 := range []float64{.1, .3, .5, .7, .9} {
			for _, e := range []float64{.001, .01, .05, .2, .5} {
				m := tuned
				m.Lambda, m.Epsilon = []float64{l3, l2}, e
				if x := tuneScore(t, m, s); x > best+0.5 {
					t.Errorf("lambda %v, epsilon %v: %.2f nats, tuned %.2f", m.Lambda, e, x, best)
				}
			}
		}
	}
	s.tune = nil
	if _, err := m.Bind(s); err == nil {
		t.Error("tuned on nothing")
	}
	if _, err := m.Bind(textless{}); err == nil {
		t.Error("bound to data without a vocabulary")
	}
}

type textless struct{}

func (textless) Draw(context.Context, []generate.Tokens, int, *rand.Rand) ([]generate.Tokens, error) {
	return nil, nil
}

func tuneScore(t *testing.T, m ngram.Model, s *source) (sum float64) {
	nats := make([]float64, len(s.tune))
	if err := fit(t, m, s.train).Score(context.Background(), s.tune, nats); err != nil {
		t.Fatal(err)
	}
	for _, x := range nats {
		sum += x
	}
	return sum
}

// FuzzRestore: whatever is read gives an error, or a fit that scores and draws.
func FuzzRestore(f *testing.F) {
	for _, m := range []ngram.Model{{Order: 1}, {Order: 2}, {Order: 3, Smoothing: ngram.KneserNey}} {
		fitted, _ := m.Fit(context.Background(), generate.Task[generate.Tokens]{Train: sample(toyRows()[:4])})
		var b bytes.Buffer
		fitted.(*ngram.Fitted).Save(&b)
		f.Add(b.Bytes())
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		got, err := ngram.Model{Order: 2, Smoothing: ngram.KneserNey}.Restore(bytes.NewReader(b))
		if err != nil {
			return
		}
		fitted := got.(*ngram.Fitted)
		if fitted.Counts().Vocabulary() < 1000 {
			fitted.ScoreTokens(generate.Tokens{3, 4, 2}, make([]float64, 3))
			ctx, cancel := context.WithCancel(context.Background())
			cancel()
			fitted.Draw(ctx, nil, 1, rng.Root(1).Stream())
		}
	})
}

// TestTruncated: every truncation of a stored fit is an error.
func TestTruncated(t *testing.T) {
	var b bytes.Buffer
	if err := fit(t, ngram.Model{Order: 3}, toyRows()).Save(&b); err != nil {
		t.Fatal(err)
	}
	for n := range b.Len() {
		if _, err := (ngram.Model{Order: 3}).Restore(bytes.NewReader(b.Bytes()[:n])); err == nil {
			t.Fatalf("restored from %d of %d bytes", n, b.Len())
		}
	}
}

// FuzzRows: whatever is counted gives an error, or a fit that scores, draws and can be merged.
func FuzzRows(f *testing.F) {
	f.Add([]byte("\x03\x04\x02\x02\x00\x02"), uint8(0))
	f.Add([]byte("\x02\x02\x02"), uint8(4))
	f.Add([]byte("\x01\x09"), uint8(8))
	f.Fuzz(func(t *testing.T, text []byte, model uint8) {
		var rows []generate.Tokens
		row := generate.Tokens{}
		for _, b := range text {
			if b > 100 {
				rows, row = append(rows, row), generate.Tokens{}
			} else if row = append(row, uint32(b%11)); b == byte(generate.End) {
				rows, row = append(rows, row), generate.Tokens{}
			}
		}
		m := toyModels()[int(model)%18]
		c := m.Empty()
		c.Add(sample(rows)[0])
		c.Merge(c, float64(model%4))
		got, err := m.FitStats(context.Background(), generate.Task[generate.Tokens]{}, c)
		if err != nil {
			return
		}
		fitted := got.(*ngram.Fitted)
		if err := fitted.Score(context.Background(), append(rows, row), make([]float64, len(rows)+1)); err != nil {
			t.Fatal(err)
		}
		if n := len(draw(fitted, 2, 1)); n != 2 {
			t.Fatalf("%d rows", n)
		}
	})
}
