package evaluate

import (
	"context"
	"fmt"
	"slices"

	"modelcollapse/generate"
	"modelcollapse/generate/ngram"
)

// scorers are the smoothed n-gram models that judge data: refitted on whatever is to be judged, and named in the series.
//
// jm is Jelinek–Mercer with fixed weights. It does not change when the data are repeated, so it is the one to compare
// workflows with. kn is modified Kneser–Ney; its discounts are estimated from counts of counts, which near-copies in
// accumulated data destroy, so that it reports a collapse that is not there. Both count End, and give a word outside
// the vocabulary the share of one word of the uniform floor.
type scorers struct {
	names   []string
	order   int
	lambda  []float64
	epsilon float64
}

// A namedScorer is a scorer's name in series and its model.
type namedScorer struct {
	name  string
	model ngram.Model
}

// models are the scorers over a vocabulary of so many ids; 0: as many as the data have.
func (s scorers) models(vocabulary int) (all []namedScorer, err error) {
	if len(s.names) == 0 {
		return nil, fmt.Errorf("none given: name jm, kn or both")
	}
	for i, name := range s.names {
		m := ngram.Model{Order: s.order, Vocabulary: vocabulary, Smoothing: ngram.KneserNey}
		switch {
		case slices.Contains(s.names[:i], name):
			return nil, fmt.Errorf("%s is named twice", name)
		case name == "jm":
			m.Smoothing, m.Lambda, m.Epsilon = ngram.JelinekMercer, s.lambda, s.epsilon
		case name != "kn":
			return nil, fmt.Errorf("%q: must be jm or kn", name)
		}
		if err := m.Validate(); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		all = append(all, namedScorer{name, m})
	}
	return all, nil
}

// vocabularyOf is the number of ids of the truth; 0 when it has no vocabulary.
func vocabularyOf(truth generate.Source[generate.Tokens]) int {
	if l, ok := truth.(generate.Lexical); ok {
		return l.Vocabulary().Len()
	}
	return 0
}

// trainingGrams are the counts of what the model learned from: its statistics, or its rows counted once for all scorers.
func trainingGrams(v View[generate.Tokens], order, vocabulary int) (*ngram.Counts, error) {
	switch s := v.Stats.(type) {
	case *ngram.Counts:
		return s, nil
	case nil:
	default:
		return nil, fmt.Errorf("%T are no counts of n-grams: set execution: rows", s)
	}
	return gramsOf(v.Train, order, vocabulary)
}

func gramsOf(s generate.Sample[generate.Tokens], order, vocabulary int) (*ngram.Counts, error) {
	c := ngram.NewCounts(order, vocabulary)
	for _, span := range s {
		c.Add(span)
	}
	return c, c.Err()
}

// fit is the scorer of counts.
func (s namedScorer) fit(ctx context.Context, c *ngram.Counts) (*ngram.Fitted, error) {
	f, err := s.model.FitStats(ctx, generate.Task[generate.Tokens]{}, c)
	if err != nil {
		return nil, fmt.Errorf("scorer %s: %w", s.name, err)
	}
	return f.(*ngram.Fitted), nil
}
