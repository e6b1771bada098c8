package evaluate

import (
	"context"
	"fmt"

	"modelcollapse/generate"
	"modelcollapse/internal/num"
	"modelcollapse/results"
)

// EntropyRate is the entropy of a row under the fit itself over its mean number of tokens, in nats a token: Σ_h v(h) H(h) /
// Σ_h v(h), v the expected visits of a row to each context. Exact, of a first-order chain.
type EntropyRate struct{}

// TransitionTV is the total variation between the fit's transitions and the truth's, ½ Σ_w |q(w|h) − p(w|h)|, averaged over
// contexts as often as the truth visits them; 1 for a context that the fit never continues.
type TransitionTV struct{}

// chainFit asks for a first-order chain.
func chainFit(metric string, fits any) (generate.Transitions, error) {
	if c, ok := fits.(generate.Transitions); ok {
		return c, nil
	}
	return nil, fmt.Errorf("%s: %T does not know its transitions: use markov_chain, or data of kind markov", metric, fits)
}

// Needs is nothing but the model.
func (EntropyRate) Needs() Needs { return Needs{} }

// Needs is nothing but the model.
func (TransitionTV) Needs() Needs { return Needs{} }

// Can refuses a model that is no first-order chain.
func (EntropyRate) Can(fits generate.Fitted[generate.Tokens]) error {
	_, err := chainFit("entropy_rate", fits)
	return err
}

// Can refuses a model that is no first-order chain.
func (TransitionTV) Can(fits generate.Fitted[generate.Tokens]) error {
	_, err := chainFit("transition_tv", fits)
	return err
}

// Axes is the rate.
func (EntropyRate) Axes() []results.Axis {
	return []results.Axis{{Series: "entropy_rate", Label: "entropy rate (nats a token)"}}
}

// Axes is the distance.
func (TransitionTV) Axes() []results.Axis {
	return []results.Axis{{Series: "transition_tv", Label: "total variation of transitions from the truth", Better: -1}}
}

// Start counts the ids.
func (EntropyRate) Start(_ context.Context, r Real[generate.Tokens]) (Gauge[generate.Tokens], error) {
	ids, err := idsOf(r.Truth)
	if err != nil {
		return nil, fmt.Errorf("entropy_rate: %w", err)
	}
	return entropyRate{ids}, nil
}

type entropyRate struct{ ids int }

// Measure solves for the visits.
func (g entropyRate) Measure(_ context.Context, v View[generate.Tokens], to Sink) error {
	c, err := chainFit("entropy_rate", v.Model)
	if err != nil {
		return err
	}
	var total, visits num.Accumulator
	for h, x := range chainVisits(c, g.ids) {
		if x == 0 {
			continue
		}
		_, p, others, rest := c.Next(uint32(h))
		total.Add(float64(x * (num.Entropy(p) + float64(float64(others)*plogp(rest)))))
		visits.Add(x)
	}
	to.Put("entropy_rate", total.Sum()/visits.Sum())
	return nil
}

// Start solves for the truth's visits.
func (TransitionTV) Start(_ context.Context, r Real[generate.Tokens]) (Gauge[generate.Tokens], error) {
	truth, err := chainFit("transition_tv", r.Truth)
	if err != nil {
		return nil, err
	}
	ids, err := idsOf(r.Truth)
	if err != nil {
		return nil, fmt.Errorf("transition_tv: %w", err)
	}
	return &transitionTV{truth, chainVisits(truth, ids), make([]float64, ids)}, nil
}

type transitionTV struct {
	truth  generate.Transitions
	visits []float64
	p      []float64 // by id, 0 between contexts
}

// Measure goes through the contexts.
func (g *transitionTV) Measure(_ context.Context, v View[generate.Tokens], to Sink) error {
	c, err := chainFit("transition_tv", v.Model)
	if err != nil {
		return err
	}
	var total, visits num.Accumulator
	for h, x := range g.visits {
		if x > 0 {
			total.Add(float64(x * g.distance(c, uint32(h))))
			visits.Add(x)
		}
	}
	to.Put("transition_tv", total.Sum()/visits.Sum())
	return nil
}

// distance is 1 − Σ min(p, q) over what follows h in the truth.
func (g *transitionTV) distance(c generate.Transitions, h uint32) float64 {
	next, p, _, _ := g.truth.Next(h)
	for i, w := range next {
		g.p[w] += p[i]
	}
	var both num.Accumulator
	seen, q, _, rest := c.Next(h)
	for i, w := range seen {
		both.Add(min(q[i], g.p[w]))
		g.p[w] = 0
	}
	for _, w := range next {
		both.Add(min(rest, g.p[w]))
		g.p[w] = 0
	}
	return max(0, 1-both.Sum())
}

// idsOf is the size of the vocabulary, the specials among them.
func idsOf(truth generate.Source[generate.Tokens]) (int, error) {
	l, ok := truth.(generate.Lexical)
	if !ok {
		return 0, fmt.Errorf("%T has no vocabulary", truth)
	}
	return l.Vocabulary().Len(), nil
}
