package ngram

import (
	"context"
	"fmt"
	"io"

	"modelcollapse/generate"
)

// Smoothing of a Model.
const (
	None          = "none"           // maximum likelihood
	KneserNey     = "kneser_ney"     // modified, interpolated (Chen and Goodman 1998), as lmplz of KenLM has it
	JelinekMercer = "jelinek_mercer" // recursive interpolation by fixed weights (Jelinek and Mercer 1980)
)

// Model is a word n-gram model and its config.
type Model struct {
	Order     int       `json:"order" default:"3" min:"1" max:"6" doc:"words an n-gram; each word is drawn given the order − 1 before it"`
	Smoothing string    `json:"smoothing" default:"none" enum:"none,kneser_ney,jelinek_mercer" doc:"none: maximum likelihood; kneser_ney: modified and interpolated; jelinek_mercer: interpolation by fixed weights, which does not change when the data are repeated"`
	Lambda    []float64 `json:"lambda,omitempty" min:"0" max:"1" doc:"jelinek_mercer: weight of the relative frequency in each order from the highest down to 2, so order − 1 numbers"`
	Epsilon   float64   `json:"epsilon" default:"0.1" min:"0" max:"1" doc:"jelinek_mercer: share of the uniform distribution in the unigrams"`
	Tune      bool      `json:"tune" default:"false" doc:"jelinek_mercer: choose lambda and epsilon on the tuning rows of the data, once, in place of lambda"`

	// Vocabulary is the number of ids, the specials among them; Bind sets it. 0: as many as the counts have.
	Vocabulary int `json:"-"`
	// CountOrder is the order up to which Empty counts, if it is above Order: so that a scorer of a higher order
	// can share the statistics.
	CountOrder int `json:"-"`
}

// Validate reports a config that cannot be fitted.
func (m Model) Validate() error {
	if m.Order < 1 || m.Order > MaxOrder {
		return fmt.Errorf("order: %d: must lie in [1, %d]", m.Order, MaxOrder)
	}
	switch m.Smoothing {
	case None, KneserNey, "":
		if len(m.Lambda) > 0 || m.Tune {
			return fmt.Errorf("lambda, tune: belong to smoothing %s, not to %q", JelinekMercer, m.Smoothing)
		}
		return nil
	case JelinekMercer:
		return m.validateWeights()
	}
	return fmt.Errorf("smoothing: %q: must be one of %s, %s, %s", m.Smoothing, None, KneserNey, JelinekMercer)
}

func (m Model) validateWeights() error {
	if !(m.Epsilon >= 0 && m.Epsilon <= 1) {
		return fmt.Errorf("epsilon: %g: must lie in [0, 1]", m.Epsilon)
	}
	if m.Tune && len(m.Lambda) > 0 {
		return fmt.Errorf("tune: lambda is given too: give one of them")
	}
	if !m.Tune && len(m.Lambda) != m.Order-1 {
		return fmt.Errorf("lambda: %d weights for order %d: give order − 1, the highest order first, or set tune: true", len(m.Lambda), m.Order)
	}
	for i, x := range m.Lambda {
		if !(x >= 0 && x <= 1) {
			return fmt.Errorf("lambda[%d]: %g: must lie in [0, 1]", i, x)
		}
	}
	return nil
}

// Fits is a *Fitted that knows its config and nothing else.
func (m Model) Fits() generate.Fitted[generate.Tokens] { return &Fitted{model: m} }

// Weighs is false: n-grams are counted.
func (Model) Weighs() bool { return false }

// Empty is *Counts of no rows.
func (m Model) Empty() generate.Stats[generate.Tokens] {
	return NewCounts(max(m.Order, m.CountOrder), m.Vocabulary)
}

// Fit counts the n-grams of t.Train.
func (m Model) Fit(ctx context.Context, t generate.Task[generate.Tokens]) (generate.Fitted[generate.Tokens], error) {
	c := NewCounts(m.Order, m.Vocabulary)
	for _, span := range t.Train {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		c.Add(span)
	}
	return m.FitStats(ctx, t, c)
}

// FitStats is the model of *Counts of at least its order: the same, to the bit, as Fit of the rows that were
// counted. It shares their arrays, which nobody writes, and computes only what is asked of it later.
func (m Model) FitStats(_ context.Context, _ generate.Task[generate.Tokens], s generate.Stats[generate.Tokens]) (generate.Fitted[generate.Tokens], error) {
	c, ok := s.(*Counts)
	if !ok {
		return nil, fmt.Errorf("ngram: cannot be fitted to %T: needs counts of n-grams", s)
	}
	if c.err != nil {
		return nil, fmt.Errorf("ngram: %w", c.err)
	}
	return m.fit(c.trie, c.rows)
}

func (m Model) fit(t *trie, rows float64) (*Fitted, error) {
	if err := m.Validate(); err != nil {
		return nil, fmt.Errorf("ngram: %w", err)
	}
	if m.Tune {
		return nil, fmt.Errorf("ngram: tune: the weights are not chosen yet: bind the model to the real data first")
	}
	if t.order() < m.Order {
		return nil, fmt.Errorf("ngram: order %d needs counts up to that order; these end at %d", m.Order, t.order())
	}
	return &Fitted{model: m, trie: t.upTo(m.Order), rows: rows}, nil
}

// Restore reads what Fitted.Save wrote for a model of the same config.
func (m Model) Restore(r io.Reader) (generate.Fitted[generate.Tokens], error) {
	t, rows, err := readTrie(r)
	if err != nil {
		return nil, fmt.Errorf("ngram: stored fit: %w", err)
	}
	return m.fit(t, rows)
}
