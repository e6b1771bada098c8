package evaluate

import (
	"context"
	"slices"

	"modelcollapse/generate"
	"modelcollapse/results"
)

// TokenTailLoss is the share of the real tail that the model no longer covers:
//
//	tail_loss = 1 − Σ_{x∈A} min(p(x), q(x)) / Σ_{x∈A} p(x), in [0, 1]
//
// p(x) is the share of type x among the words of the real training data, q(x) its share in fresh rows of the model
// (the probe), and A the types of the rarest decile of real mass, fixed once from the real training data (whole
// classes of equal counts, so its mass is a tenth or more). The closing mark is neither in A nor counted.
// tail_loss.bigram is the same over pairs of neighbouring words. tail_loss.excess and tail_loss.bigram.excess are
// the differences from generation 0 of the same node: generation 0 is the sampling null, not 0.
//
// For an unsmoothed model under replace, or with a share of real rows drawn again from the real training data, the
// Galton–Watson law of counts predicts tail_loss, as long as A is made of rare types and its chain is cheap.
type TokenTailLoss struct {
	Bigrams bool `json:"bigrams" default:"true" doc:"also over pairs of neighbouring words: tail_loss.bigram"`
}

// Needs are the real training rows and a probe.
func (TokenTailLoss) Needs() Needs { return Needs{Real: true, Probe: true} }

// Can is nil: every model can be drawn from.
func (TokenTailLoss) Can(generate.Fitted[generate.Tokens]) error { return nil }

// Axes are tail loss and its excess.
func (m TokenTailLoss) Axes() []results.Axis {
	a := []results.Axis{
		{Series: "tail_loss", Label: "tail loss (rarest decile of real words)", Better: -1},
		{Series: "tail_loss.excess", Label: "tail loss above generation 0", Better: -1, Role: results.RoleTail},
	}
	if m.Bigrams {
		a = append(a, results.Axis{Series: "tail_loss.bigram", Label: "tail loss (rarest decile of real word pairs)", Better: -1},
			results.Axis{Series: "tail_loss.bigram.excess", Label: "tail loss of word pairs above generation 0", Better: -1})
	}
	return a
}

// Start fixes A and p.
func (m TokenTailLoss) Start(_ context.Context, r Real[generate.Tokens]) (Gauge[generate.Tokens], error) {
	g := &tokenTail{beginning: beginning{}}
	real := countSample(r.Train)
	g.words = newTail(real.count, rarest(real.count), real.total)
	g.probe = float64(r.Probe) / float64(tokensOf(r.Train))
	if unsmoothed(r.Fits) {
		g.steps, g.applies = resamplings(r.Plan)
	}
	if m.Bigrams {
		g.startBigrams(r.Train)
	}
	return g, nil
}

type tokenTail struct {
	beginning
	words  tail
	seen   wordCounts // reused
	bigram *grams     // numbers the types of the bigram tail
	pairs  tail

	probe   float64 // its tokens over those of the real training data
	steps   []Resampling
	applies bool // the plan and the model have the law
}

// startBigrams counts all real pairs, and keeps a table of the rare ones alone.
func (g *tokenTail) startBigrams(train generate.Sample[generate.Tokens]) {
	key, count, total := countPairs(train)
	g.bigram = newGrams(2)
	var rare []int64
	for _, i := range rarest(count) {
		g.bigram.levels[0].add(key[i])
		rare = append(rare, count[i])
	}
	g.pairs = newTail(rare, nil, total)
}

// countPairs is the different pairs of neighbouring words, as keys, with their counts and the number of all.
func countPairs(s generate.Sample[generate.Tokens]) (key []uint64, count []int64, total int64) {
	for _, span := range s {
		newGrams(2).walk(span.Rows, func(_ int, k uint64) (uint32, bool) {
			key = append(key, k)
			return 0, false
		})
	}
	slices.Sort(key)
	total = int64(len(key))
	different := key[:0]
	for _, k := range key {
		if n := len(different); n == 0 || different[n-1] != k {
			different, count = append(different, k), append(count, 0)
		}
		count[len(count)-1]++
	}
	return different, count, total
}

// Measure puts tail loss and its excess over generation 0.
func (g *tokenTail) Measure(_ context.Context, v View[generate.Tokens], to Sink) error {
	clear(g.seen.count)
	g.seen.total = 0
	g.seen.add(v.Probe)
	loss := g.words.loss(g.seen.of, g.seen.total)
	g.since(v.Generation, v.Node, to, "tail_loss", loss, "tail_loss.excess")
	if g.bigram != nil {
		count := make([]int64, len(g.pairs.count))
		g.bigram.find(v.Probe, func(_ int, id uint32) { count[id]++ })
		loss = g.pairs.loss(func(id uint32) int64 { return count[id] }, possible(v.Probe, 2))
		g.since(v.Generation, v.Node, to, "tail_loss.bigram", loss, "tail_loss.bigram.excess")
	}
	return nil
}

// Predict is the Galton–Watson line of the words; pairs have none.
func (g *tokenTail) Predict() ([]results.Prediction, error) {
	if !g.applies {
		return nil, nil
	}
	x, ok := tailCoverage(countClasses(g.words.count), g.words.total, g.steps, g.probe)
	if !ok {
		return nil, nil
	}
	source := "Galton–Watson with Poisson offspring, whole counts (our own)"
	loss := within(burst, lineOf("tail_loss", "Galton–Watson", source, affine(x, 1, -1/float64(g.words.mass))))
	return append(loss, excess(loss, "tail_loss.excess")...), nil
}

// A tail is the types of A with their real counts.
type tail struct {
	id    []uint32 // nil: 0, 1, 2, …
	count []int64  // one a type of A
	total int64    // the real mass of all types, in counts
	mass  int64    // of A
}

// newTail keeps the types in of a count; nil keeps all.
func newTail(count []int64, in []uint32, total int64) tail {
	t := tail{id: in, total: total, count: count}
	if in != nil {
		t.count = make([]int64, len(in))
		for i, id := range in {
			t.count[i] = count[id]
		}
	}
	for _, c := range t.count {
		t.mass += c
	}
	return t
}

// loss is 1 − Σ min(p, q) / Σ p over the tail, q = of(type) / total. Without a tail it is NaN; a model that draws
// nothing has lost it all.
func (t tail) loss(of func(uint32) int64, total int64) float64 {
	scale := 0.0 // real counts that one drawn count stands for
	if total > 0 {
		scale = float64(t.total) / float64(total)
	}
	kept := 0.0
	for i, c := range t.count {
		id := uint32(i)
		if t.id != nil {
			id = t.id[i]
		}
		kept += min(float64(c), float64(float64(of(id))*scale))
	}
	return 1 - kept/float64(t.mass)
}
