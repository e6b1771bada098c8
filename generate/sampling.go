package generate

import (
	"context"
	"fmt"
	"math"
)

// Sampling is how a fit is drawn from. The zero value is honest sampling, and so is every setting at its default. First
// the temperature, then top_k, then top_p; each leaves probabilities that add to 1.
type Sampling struct {
	Temperature float64 `json:"temperature" default:"1" min:"0" doc:"log densities and log probabilities are divided by it; 1 is honest"`
	TopK        int     `json:"top_k" default:"0" min:"0" doc:"keep the k most probable categories or tokens; 0 keeps all, 1 is greedy"`
	TopP        float64 `json:"top_p" default:"1" min:"0" max:"1" doc:"keep the smallest set of categories or tokens with this much probability; 1 keeps all"`
	Spread      float64 `json:"spread" default:"1" min:"0" doc:"variance of what is drawn, relative to the fit's; 1 is honest"`
}

// Validate refuses a setting that a config wrote as 0 where 0 is the honest zero value.
func (s Sampling) Validate() error {
	for _, x := range []struct {
		name    string
		value   float64
		instead string
	}{
		{"temperature", s.Temperature, "top_k: 1 is greedy"},
		{"top_p", s.TopP, "top_k: 1 is greedy"},
		{"spread", s.Spread, "a small number will do"},
	} {
		if !(x.value > 0) || math.IsInf(x.value, 0) {
			return fmt.Errorf("%s: %g: must be finite and above 0; %s", x.name, x.value, x.instead)
		}
	}
	if s.TopP > 1 || s.TopK < 0 {
		return fmt.Errorf("top_k %d, top_p %g: want top_k at least 0 and top_p at most 1", s.TopK, s.TopP)
	}
	return nil
}

// settled is s with defaults in place of zeros, checked.
func (s Sampling) settled() (Sampling, error) {
	for _, x := range []*float64{&s.Temperature, &s.TopP, &s.Spread} {
		if *x == 0 {
			*x = 1
		}
	}
	return s, s.Validate()
}

// Honest reports that s changes nothing.
func (s Sampling) Honest() bool {
	s, err := s.settled()
	return err == nil && s == Sampling{Temperature: 1, TopP: 1, Spread: 1}
}

// scale is what a normal's variance is multiplied by: a density to the power 1/τ is that of τ times the variance. An
// error names the settings that a normal gives no meaning to.
func (s Sampling) scale() (float64, error) {
	s, err := s.settled()
	switch {
	case err != nil:
		return 0, err
	case s.TopK != 0:
		return 0, fmt.Errorf("top_k: a density has no k most probable values: use temperature or spread")
	case s.TopP != 1:
		return 0, fmt.Errorf("top_p: a density is not truncated: use temperature or spread")
	}
	return float64(s.Temperature * s.Spread), nil
}

// Discrete is s with defaults in place of zeros, for a distribution over categories or tokens; an error names the
// setting that has no meaning there.
func (s Sampling) Discrete() (Sampling, error) {
	s, err := s.settled()
	if err == nil && s.Spread != 1 {
		err = fmt.Errorf("spread: categories and tokens have no variance: use temperature, top_k or top_p")
	}
	return s, err
}

// Decoding draws from a fit with other settings. What is drawn from is a fit of the same family where the family has
// one (a normal, categories), so that its law stays known and statistics are still drawn instead of rows.
//
// Spread below 1 is the biased sampling of Alemohammad et al. 2024 (arXiv 2307.01850), who call it λ; temperature on
// categories leads to the "heat death" of Marchi et al. 2024 (arXiv 2404.02325).
type Decoding[E any] struct{ Sampling }

// Name is sampling.
func (Decoding[E]) Name() string { return "sampling" }

// Apply is never called: Decoding is a Sampler.
func (d Decoding[E]) Apply(context.Context, Batch[E]) error { return notApplied(d) }

func notApplied(iv interface{ Name() string }) error {
	return fmt.Errorf("%s changes what is drawn from, not rows", iv.Name())
}

// Sampled is the fit itself where sampling is honest.
func (d Decoding[E]) Sampled(from Source[E]) (Source[E], error) {
	if d.Honest() {
		return from, nil
	}
	t, ok := from.(Tempered[E])
	if !ok {
		return nil, fmt.Errorf("%T cannot be drawn from with other settings: leave sampling out", from)
	}
	return t.With(d.Sampling)
}

// Reshape multiplies the variance of drawn rows; nil for settings that do not act on a variance.
func (d Decoding[E]) Reshape(honest Law) Law {
	by, err := d.scale()
	anchored, ok := honest.(Anchored)
	spread, fits := honest.(LocationScale)
	switch {
	case err != nil:
		return nil
	case by == 1:
		return honest
	case ok:
		return anchoredSpread{spreadLaw{honest, by}, anchored}
	case fits:
		spread.Scale, spread.Noise = float64(spread.Scale*by), float64(spread.Noise*by)
		return spread
	}
	return spreadLaw{honest, by}
}

// spreadLaw is a law whose fits are drawn from with by times their variance.
type spreadLaw struct {
	Law
	by float64
}

// Fitted is by times the honest variance.
func (l spreadLaw) Fitted(variance, second, rows float64) float64 {
	return float64(l.by * l.Law.Fitted(variance, second, rows))
}

// anchoredSpread is a spreadLaw whose model has an anchor.
type anchoredSpread struct {
	spreadLaw
	Anchored
}

// With multiplies the variance by temperature and spread: a normal again.
func (f Normal) With(s Sampling) (Source[float64], error) {
	by, err := s.scale()
	if err != nil {
		return nil, fmt.Errorf("a normal: %w", err)
	}
	return Normal{f.Mean, float64(f.Variance * by), f.ddof}, nil
}

// With multiplies the covariance by temperature and spread: a normal again.
func (f JointNormal) With(s Sampling) (Source[Vector], error) {
	by, err := s.scale()
	if err != nil {
		return nil, fmt.Errorf("a normal: %w", err)
	}
	f.factor = f.factor.scaled(math.Sqrt(by))
	return f, nil
}
