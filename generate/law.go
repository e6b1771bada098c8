package generate

// A Law says how the spread of rows follows from what a family learned, in squared units of the data, summed over
// columns where there are several. It is all that the linear oracle (evaluate.Linear) must know of a family whose fit is
// the mean of what it learned from, or a linear function of such means.
type Law interface {
	// Real is the variance of one real row.
	Real() float64
	// Fitted is E variance of a row drawn from a fit with Var θ = variance, that learned from so many rows of mean
	// second moment second about the truth.
	Fitted(variance, second, rows float64) float64
}

// A Lawful fit (as Model.Fits returns it) has a law where the truth is of its family, else an error that says what is
// not covered.
type Lawful[E any] interface {
	Law(truth Source[E]) (Law, error)
}

// An Anchored law (Law) is of a model that moves its estimate towards the fit it started from:
// θ = (1 − Anchor)·θ̂ + Anchor·θ_start. Without a start the anchor does nothing.
type Anchored interface{ Anchor() float64 }

// QVF is the law of a natural exponential family with quadratic variance function V(μ) = v0 + v1 μ + v2 μ² fitted by
// maximum likelihood (Morris 1982, Ann. Statist. 10): V0 = V(true mean) and V2 = v2, which is 0 for a normal of known
// variance and for Poisson, −1 for Bernoulli, 1/k for gamma of shape k, 1/r for negative binomial of r failures.
type QVF struct{ V0, V2 float64 }

// Real is V at the true mean.
func (l QVF) Real() float64 { return l.V0 }

// Fitted is E V(θ) = V0 + V2·Var θ, since E θ is the truth.
func (l QVF) Fitted(variance, _, _ float64) float64 { return l.V0 + float64(l.V2*variance) }

// LocationScale is the law of a family fitted by mean and variance, the variance divided by the rows less DDOF, and
// drawn from with Scale times that variance plus Noise: Scale 1 and Noise 0 for honest sampling, Scale λ for biased
// sampling, Noise h² for a kernel density of bandwidth h.
type LocationScale struct{ V0, DDOF, Scale, Noise float64 }

// Divisor is what is subtracted from the rows in the divisor of the variance.
func (l LocationScale) Divisor() float64 { return l.DDOF }

// Real is the true variance.
func (l LocationScale) Real() float64 { return l.V0 }

// Fitted is Scale·E(Σ(x − x̄)²)/(rows − DDOF) + Noise.
func (l LocationScale) Fitted(variance, second, rows float64) float64 {
	return float64(l.Scale*float64((second-variance)*rows))/(rows-l.DDOF) + l.Noise
}
