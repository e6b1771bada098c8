package evaluate

import (
	"context"
	"encoding/json"
	"fmt"
	"math"

	"modelcollapse/generate"
	"modelcollapse/generate/ngram"
	"modelcollapse/internal/num"
	"modelcollapse/results"
)

// DataPerplexity judges the training data of a generation: scorers are refitted on them and score held-out real text,
// so it is defined for every generator and does not depend on its sampler. For each scorer S it puts
//
//	data_perplexity{S}   exp(−Σ ln p / tokens); words and End are tokens, words outside the vocabulary too
//	data_perplexity.drift{S}  ln data_perplexity{S} − ln data_perplexity{S} at generation 0 of the node, in nats a token
//	data_perplexity.bits_per_byte{S}     the same cost over the bytes of the text, a separator after each word; of a truth with a vocabulary
//	data_perplexity.nll_rarest{S}        mean −ln p of the held-out words of the rarest decile of real mass, in nats a word
//	data_perplexity.nll_frequent{S}      the same of the most frequent decile; deciles are fixed once, from the real training data
//
// It attaches how many tokens, words outside the vocabulary and bytes were scored, and weights that were tuned.
//
// The scorer jm (Jelinek–Mercer, fixed weights) does not change when the data are repeated: compare workflows with it. kn
// (modified Kneser–Ney) estimates its discounts from counts of counts, which the near-copies in accumulated data destroy,
// so that it reports a collapse that is not there: show it beside jm.
type DataPerplexity struct {
	Scorers []string  `json:"scorers" default:"[\"jm\"]" enum:"jm,kn" doc:"jm: Jelinek–Mercer with fixed weights; kn: modified Kneser–Ney"`
	Order   int       `json:"order" default:"3" min:"1" max:"6" doc:"order of the scorers, whatever the order of the generator"`
	Lambda  []float64 `json:"lambda" default:"[0.3,0.6]" doc:"jm: weights of the relative frequencies, the highest order first; order − 1 numbers"`
	Epsilon float64   `json:"epsilon" default:"0.1" min:"0" max:"1" doc:"jm: share of the uniform distribution in the unigrams"`
	Tune    bool      `json:"tune" default:"false" doc:"jm: choose lambda and epsilon once, on the tuning rows of the data, in place of those given"`
}

// CountOrder is the order up to which a generator that learns from statistics must count, for the scorers to share them.
func (m DataPerplexity) CountOrder() int { return m.Order }

// Needs are what each generation learned from, the real training rows, held-out rows and perhaps tuning rows.
func (m DataPerplexity) Needs() Needs {
	return Needs{Stats: true, Real: true, HeldOut: true, Tune: m.Tune}
}

// Can is nil: every model learns from rows.
func (DataPerplexity) Can(generate.Fitted[generate.Tokens]) error { return nil }

// Axes are five series a scorer.
func (m DataPerplexity) Axes() (a []results.Axis) {
	for _, s := range m.Scorers {
		in := "{" + s + "}"
		a = append(a,
			results.Axis{Series: "data_perplexity" + in, Label: "data perplexity (per token, End counted; " + s + ")", Log: true, Better: -1, Role: results.RoleRisk},
			results.Axis{Series: "data_perplexity.drift" + in, Label: "perplexity drift (nats a token; " + s + ")", Better: -1},
			results.Axis{Series: "data_perplexity.bits_per_byte" + in, Label: "bits a byte of held-out text (" + s + ")", Better: -1},
			results.Axis{Series: "data_perplexity.nll_rarest" + in, Label: "NLL of the rarest decile (nats a word; " + s + ")", Better: -1},
			results.Axis{Series: "data_perplexity.nll_frequent" + in, Label: "NLL of the most frequent decile (nats a word; " + s + ")", Better: -1})
	}
	return a
}

// Start fixes the deciles and counts what will be scored.
func (m DataPerplexity) Start(_ context.Context, r Real[generate.Tokens]) (Gauge[generate.Tokens], error) {
	g := &dataPerplexity{beginning: beginning{}, order: m.Order, vocabulary: vocabularyOf(r.Truth)}
	var err error
	if g.scorers, err = (scorers{m.Scorers, m.Order, m.Lambda, m.Epsilon}).models(g.vocabulary); err != nil {
		return nil, fmt.Errorf("data_perplexity: scorers: %w", err)
	}
	g.scored = scoredText(r)
	if m.Tune {
		if err := g.tune(r); err != nil {
			return nil, fmt.Errorf("data_perplexity: tune: %w", err)
		}
	}
	real := countSample(r.Train)
	g.decile = make([]decile, len(real.count))
	for _, w := range frequent(real.count) {
		g.decile[w] = inFrequent
	}
	for _, w := range rarest(real.count) {
		g.decile[w] |= inRarest
	}
	return g, nil
}

// tune gives jm the weights under which the real training data make the tuning rows most probable.
func (g *dataPerplexity) tune(r Real[generate.Tokens]) error {
	if len(r.Tune) == 0 {
		return fmt.Errorf("the data have no tuning rows: reserve some, or give lambda and epsilon")
	}
	counts, err := gramsOf(r.Train, g.order, g.vocabulary)
	if err != nil {
		return err
	}
	for i, s := range g.scorers {
		if s.model.Smoothing != ngram.JelinekMercer {
			continue
		}
		if g.scorers[i].model, err = s.model.Tuned(counts, r.Tune); err != nil {
			return err
		}
		g.scored.Lambda, g.scored.Epsilon = g.scorers[i].model.Lambda, g.scorers[i].model.Epsilon
	}
	return nil
}

type dataPerplexity struct {
	beginning
	order, vocabulary int
	scorers           []namedScorer
	decile            []decile // by word
	scored            scored
}

// A decile says to which of the two deciles a word belongs; in a small corpus it may be both.
type decile uint8

const (
	inRarest decile = 1 << iota
	inFrequent
)

// scored is what a perplexity is about.
type scored struct {
	Tokens     int `json:"tokens"`               // words and Ends
	Ends       int `json:"ends"`                 // counted among the tokens
	Unknown    int `json:"outside_vocabulary"`   // scored by the uniform floor
	Bytes      int `json:"bytes,omitempty"`      // 0: no vocabulary
	Vocabulary int `json:"vocabulary,omitempty"` // ids, the three specials among them

	Lambda  []float64 `json:"lambda,omitempty"` // of jm, where they were tuned
	Epsilon float64   `json:"epsilon,omitempty"`
}

func scoredText(r Real[generate.Tokens]) (s scored) {
	l, named := r.Truth.(generate.Lexical)
	s.Vocabulary = vocabularyOf(r.Truth)
	for _, row := range r.HeldOut {
		s.Tokens += len(row)
		for _, w := range row {
			switch {
			case w == generate.End:
				s.Ends++
				continue
			case w == generate.Unknown:
				s.Unknown++
			}
			if named && int(w) < s.Vocabulary {
				s.Bytes += len(l.Vocabulary().Word[w]) + 1
			}
		}
	}
	return s
}

// Measure refits every scorer and scores the held-out rows.
func (g *dataPerplexity) Measure(ctx context.Context, v View[generate.Tokens], to Sink) error {
	counts, err := trainingGrams(v, g.order, g.vocabulary)
	if err != nil {
		return fmt.Errorf("data_perplexity: %w", err)
	}
	for _, s := range g.scorers {
		f, err := s.fit(ctx, counts)
		if err != nil {
			return fmt.Errorf("data_perplexity: %w", err)
		}
		if err := g.score(ctx, v, s.name, f, to); err != nil {
			return err
		}
	}
	if v.Generation == 0 && v.Node == 0 {
		b, err := json.Marshal(g.scored)
		if err != nil {
			return err
		}
		to.Attach("data_perplexity.scored", "application/json", b)
	}
	return nil
}

// tokenScorer is the log probabilities of the tokens of a row, in nats.
type tokenScorer interface {
	ScoreTokens(row generate.Tokens, nats []float64)
}

// costs are what text costs a scorer: all tokens, and the words of the two deciles.
type costs struct{ all, rare, frequent cost }

type cost struct {
	nats num.Accumulator
	n    int
}

func (c *cost) add(nats float64) {
	c.nats.Add(nats)
	c.n++
}

// mean is in nats a token; NaN of none.
func (c *cost) mean() float64 { return c.nats.Sum() / float64(c.n) }

func (g *dataPerplexity) score(ctx context.Context, v View[generate.Tokens], name string, f tokenScorer, to Sink) error {
	c, err := g.cost(ctx, v.HeldOut, f)
	if err != nil {
		return err
	}
	in := "{" + name + "}"
	ppl := num.Exp(c.all.mean())
	to.Put("data_perplexity"+in, ppl)
	if first, ok := g.first(v.Generation, v.Node, "data_perplexity"+in, ppl); ok {
		to.Put("data_perplexity.drift"+in, num.Log(ppl)-num.Log(first))
	}
	if g.scored.Bytes > 0 {
		to.Put("data_perplexity.bits_per_byte"+in, c.all.nats.Sum()/float64(math.Ln2*float64(g.scored.Bytes)))
	}
	to.Put("data_perplexity.nll_rarest"+in, c.rare.mean())
	to.Put("data_perplexity.nll_frequent"+in, c.frequent.mean())
	return nil
}

func (g *dataPerplexity) cost(ctx context.Context, rows []generate.Tokens, f tokenScorer) (c costs, err error) {
	var nats []float64
	for i, row := range rows {
		if i&1023 == 0 && ctx.Err() != nil {
			return c, ctx.Err()
		}
		if len(nats) < len(row) {
			nats = make([]float64, 2*len(row))
		}
		f.ScoreTokens(row, nats)
		for j, w := range row {
			c.all.add(-nats[j])
			if int(w) >= len(g.decile) {
				continue
			}
			if g.decile[w]&inRarest != 0 {
				c.rare.add(-nats[j])
			}
			if g.decile[w]&inFrequent != 0 {
				c.frequent.add(-nats[j])
			}
		}
	}
	return c, nil
}
