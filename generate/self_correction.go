package generate

import (
	"context"
	"fmt"
	"math"
)

// SelfCorrection moves every synthetic row towards the truth, x → (x + γT(x))/(1 + γ), T the optimal transport map from
// what drew it to the truth (Gillman et al. 2024, arXiv 2402.07087, §3: an oracle that corrects what a model says). Of
// normals T is linear, so that a corrected normal is a normal: it is drawn from directly, its law is known, and no row
// need be looked at.
type SelfCorrection struct {
	Gamma float64 `json:"gamma" default:"1" min:"0" doc:"strength γ: 0 corrects nothing, and the larger, the closer rows come to the truth's"`

	truth Normal
}

// Name is self_correction.
func (SelfCorrection) Name() string { return "self_correction" }

// Apply is never called: SelfCorrection is a Sampler.
func (c SelfCorrection) Apply(context.Context, Batch[float64]) error { return notApplied(c) }

// Bind takes the truth's moments.
func (c SelfCorrection) Bind(truth Source[float64]) (_ Intervention[float64], err error) {
	var ok bool
	if c.truth, ok = truth.(Normal); !ok {
		err = fmt.Errorf("the transport map to %T is not known: use a normal truth, such as gaussian", truth)
	}
	return c, err
}

// Sampled is N((μ + γμ₀)/(1 + γ), ((σ + γσ₀)/(1 + γ))²) of a fit N(μ, σ²) and a truth N(μ₀, σ₀²). The map of a point is
// μ₀.
func (c SelfCorrection) Sampled(from Source[float64]) (Source[float64], error) {
	f, ok := from.(Normal)
	if !ok {
		return nil, fmt.Errorf("the transport map from %T is not known: use a normal model, such as gaussian", from)
	}
	if c.Gamma == 0 {
		return f, nil
	}
	mean, sd := c.towards(f.Mean, c.truth.Mean), math.Sqrt(f.Variance)
	if f.Variance > 0 {
		sd = c.towards(sd, math.Sqrt(c.truth.Variance))
	}
	return Normal{mean, float64(sd * sd), f.ddof}, nil
}

// towards is (x + γ·to)/(1 + γ).
func (c SelfCorrection) towards(x, to float64) float64 {
	return x + float64((to-x)*(c.Gamma/(1+c.Gamma)))
}
