package generate

import (
	"context"
	"fmt"

	"modelcollapse/internal/rng"
)

// JudgeOf is what a truth knows of right and wrong rows: by itself, or of labelled rows by the right label of an input.
func JudgeOf[E any](truth Source[E]) (func(row E) bool, error) {
	switch t := truth.(type) {
	case Judge[E]:
		return t.True, nil
	case Labeller:
		return func(row E) bool {
			l, ok := any(row).(Labelled)
			return ok && l.Y == t.TrueLabel(l.X)
		}, nil
	}
	return nil, fmt.Errorf("%T does not know which rows are right: use a truth that does, such as arithmetic", truth)
}

// NoisyVerifier keeps a right row with chance φ and a wrong one with chance ψ (Feng et al. 2025, arXiv 2406.07515).
// What is right the truth knows. Of labels that are wrong with chance p, a learner can do without the truth as soon as
// p is below φ/(φ+ψ), and at no number of rows above.
type NoisyVerifier[E any] struct {
	Right  float64 `json:"right" default:"0.9" min:"0" max:"1" doc:"chance that a right row is kept (φ)"`
	Wrong  float64 `json:"wrong" default:"0.1" min:"0" max:"1" doc:"chance that a wrong row is kept (ψ)"`
	OnReal bool    `json:"real" default:"false" doc:"look at real rows too, which may carry noise of their own"`

	name  string
	judge func(E) bool
}

// Name is noisy_verifier, or that of what it was made by.
func (v NoisyVerifier[E]) Name() string {
	if v.name != "" {
		return v.name
	}
	return "noisy_verifier"
}

// Real is as the config says, in every generation.
func (v NoisyVerifier[E]) Real(int) bool { return v.OnReal }

// Bind asks the truth what is right.
func (v NoisyVerifier[E]) Bind(truth Source[E]) (_ Intervention[E], err error) {
	v.judge, err = JudgeOf(truth)
	return v, err
}

// Apply drops by chance.
func (v NoisyVerifier[E]) Apply(_ context.Context, b Batch[E]) error {
	for i, row := range b.Rows {
		chance := v.Wrong
		if v.judge(row) {
			chance = v.Right
		}
		if !(b.Rand.Float64() < chance) {
			b.Weights[i] = 0
		}
	}
	return nil
}

// Checker keeps true rows of text and drops false ones; with chance Wrong it does the opposite.
type Checker struct {
	Wrong float64 `json:"wrong" default:"0" min:"0" max:"1" doc:"chance to err, on true rows and on false ones alike"`
}

// Name is checker.
func (Checker) Name() string { return "checker" }

// Bind is the verifier with φ = 1 − wrong and ψ = wrong.
func (c Checker) Bind(truth Source[Tokens]) (Intervention[Tokens], error) {
	return NoisyVerifier[Tokens]{Right: 1 - c.Wrong, Wrong: c.Wrong, name: c.Name()}.Bind(truth)
}

// Apply is called of what Bind returns.
func (c Checker) Apply(context.Context, Batch[Tokens]) error {
	return fmt.Errorf("checker: not bound to a truth")
}

// CountVerifier is NoisyVerifier for counted categories. Right ones are those of the truth's support, or its first few.
type CountVerifier struct {
	Right  float64 `json:"right" default:"0.9" min:"0" max:"1" doc:"chance that a draw of a right category is kept (φ)"`
	Wrong  float64 `json:"wrong" default:"0.1" min:"0" max:"1" doc:"chance that a draw of a wrong one is kept (ψ)"`
	OnReal bool    `json:"real" default:"false" doc:"look at real draws too"`
	First  int     `json:"first" default:"0" min:"0" doc:"how many categories, from the first on, are right; 0: those with probability in the truth"`

	keep []float64
}

// Name is noisy_verifier.
func (CountVerifier) Name() string { return "noisy_verifier" }

// Real is as the config says, in every generation.
func (v CountVerifier) Real(int) bool { return v.OnReal }

// Bind works out the chance of every category.
func (v CountVerifier) Bind(truth Source[Histogram]) (Intervention[Histogram], error) {
	d, ok := truth.(Distribution)
	if !ok {
		return nil, fmt.Errorf("%T does not know its categories: use a truth such as zipf", truth)
	}
	p := d.Probabilities()
	if v.First > len(p) {
		return nil, fmt.Errorf("first: %d of %d categories", v.First, len(p))
	}
	v.keep = make([]float64, len(p))
	for i := range p {
		if v.keep[i] = v.Wrong; v.First > 0 && i < v.First || v.First == 0 && p[i] > 0 {
			v.keep[i] = v.Right
		}
	}
	return v, nil
}

// Apply thins the categories.
func (v CountVerifier) Apply(_ context.Context, b Batch[Histogram]) error {
	return thin(b, func(i int) float64 { return v.keep[i] })
}

// thin replaces every histogram by one in which each draw of category i stayed with a chance.
func thin(b Batch[Histogram], chance func(i int) float64) error {
	for r, h := range b.Rows {
		kept := make(Histogram, len(h))
		for i, c := range h {
			if c > 0 {
				kept[i] = rng.Binomial(b.Rand, c, chance(i))
			}
		}
		b.Rows[r] = kept
	}
	return nil
}
