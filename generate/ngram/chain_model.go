package ngram

import (
	"context"
	"fmt"
	"io"
	"math"

	"modelcollapse/generate"
)

// MarkovChain is a first-order chain over words with additive smoothing: after context h, word w or the end has probability
// (c(hw) + Smoothing)/(c(h·) + Smoothing·V), V the words of the real data and End. Without smoothing that is a Model of order
// 2; this one tells its transitions exactly and knows the law of a step.
type MarkovChain struct {
	Smoothing float64 `json:"smoothing" default:"0" min:"0" doc:"added to every transition count before probabilities are taken; 0: maximum likelihood"`

	counts Model
}

// Bind takes the vocabulary of the real data.
func (m MarkovChain) Bind(truth generate.Source[generate.Tokens]) (generate.Model[generate.Tokens], error) {
	if !(m.Smoothing >= 0) || math.IsInf(m.Smoothing, 0) {
		return nil, fmt.Errorf("markov_chain: smoothing: %g: must be a finite number, 0 or more", m.Smoothing)
	}
	bound, err := Model{Order: 2, Smoothing: None}.Bind(truth)
	if err != nil {
		return nil, fmt.Errorf("markov_chain: %w", err)
	}
	m.counts = bound.(Model)
	return m, nil
}

// order2 is the model that counts.
func (m MarkovChain) order2() Model {
	m.counts.Order, m.counts.Smoothing = 2, None
	return m.counts
}

// Counting is m with statistics counted up to at least order n, so that a scorer of that order can share them.
func (m MarkovChain) Counting(n int) generate.Model[generate.Tokens] {
	m.counts.CountOrder = max(m.counts.CountOrder, n)
	return m
}

// Fits is a *Chain of no rows.
func (m MarkovChain) Fits() generate.Fitted[generate.Tokens] { return &Chain{alpha: m.Smoothing} }

// Weighs is false: transitions are counted.
func (MarkovChain) Weighs() bool { return false }

// Empty is *Counts of no rows.
func (m MarkovChain) Empty() generate.Stats[generate.Tokens] { return m.order2().Empty() }

// Fit counts the transitions of t.Train.
func (m MarkovChain) Fit(ctx context.Context, t generate.Task[generate.Tokens]) (generate.Fitted[generate.Tokens], error) {
	f, err := m.order2().Fit(ctx, t)
	if err != nil {
		return nil, fmt.Errorf("markov_chain: %w", err)
	}
	return m.chain(f.(*Fitted)), nil
}

// FitStats is the chain of *Counts of order 2 or more.
func (m MarkovChain) FitStats(ctx context.Context, t generate.Task[generate.Tokens], s generate.Stats[generate.Tokens]) (generate.Fitted[generate.Tokens], error) {
	f, err := m.order2().FitStats(ctx, t, s)
	if err != nil {
		return nil, fmt.Errorf("markov_chain: %w", err)
	}
	return m.chain(f.(*Fitted)), nil
}

// Restore reads what Chain.Save wrote for a model of the same config.
func (m MarkovChain) Restore(r io.Reader) (generate.Fitted[generate.Tokens], error) {
	f, err := m.order2().Restore(r)
	if err != nil {
		return nil, err
	}
	return m.chain(f.(*Fitted)), nil
}

func (m MarkovChain) chain(f *Fitted) *Chain {
	c := &Chain{fitted: f, alpha: m.Smoothing, running: make([]uint64, len(f.trie.level[1].count)+1)}
	for i, n := range f.trie.level[1].count {
		c.running[i+1] = c.running[i] + uint64(n)
	}
	c.first = generate.Words
	if f.trie.level[0].count[generate.Unknown] > 0 {
		c.first = generate.Unknown
	}
	return c
}
