package ngram

import (
	"fmt"

	"modelcollapse/generate"
)

// Bind takes the vocabulary of the real data, so that it stays the same when words die out, and tunes the
// weights of Jelinek-Mercer smoothing if the config asks for that: on Tune rows that are disjoint from all
// others, with counts of all training rows.
func (m Model) Bind(truth generate.Source[generate.Tokens]) (generate.Model[generate.Tokens], error) {
	lexical, ok := truth.(generate.Lexical)
	if !ok {
		return nil, fmt.Errorf("ngram: %T has no vocabulary: n-grams are learned from text", truth)
	}
	m.Vocabulary = lexical.Vocabulary().Len()
	if !m.Tune {
		return m, nil
	}
	if err := m.Validate(); err != nil {
		return nil, fmt.Errorf("ngram: %w", err)
	}
	finite, ok := truth.(generate.Finite[generate.Tokens])
	if !ok || len(finite.Tune()) == 0 {
		return nil, fmt.Errorf("ngram: tune: the data have no tuning rows: reserve some, or give lambda")
	}
	c := NewCounts(m.Order, m.Vocabulary)
	c.Add(generate.Span[generate.Tokens]{Rows: finite.Rows(), Weight: 1})
	return m.Tuned(c, finite.Tune())
}

// Tuned is m with lambda and epsilon that maximise the likelihood of rows, given the counts of other rows.
func (m Model) Tuned(c *Counts, rows []generate.Tokens) (Model, error) {
	if c.err != nil {
		return m, fmt.Errorf("ngram: tune: %w", c.err)
	}
	plain, err := Model{Order: m.Order, Smoothing: None, Vocabulary: m.Vocabulary}.fit(c.trie, c.rows)
	if err != nil {
		return m, err
	}
	m.Tune = false
	m.Lambda, m.Epsilon = tune(plain, rows)
	return m, nil
}
