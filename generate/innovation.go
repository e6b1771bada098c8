package generate

import "math/rand/v2"

// An Outcome is what became of N draws from one source, before interventions.
type Outcome[E any] struct {
	N     int
	Rows  []E       // nil where only statistics were drawn
	Stats Stats[E]  // of the draws; nil where the model that learns from them needs rows
	Given Stats[E]  // of the rows that the plan gave them; nil: none were given
	Fit   Fitted[E] // what the model makes of these draws alone; nil: it was not asked
}

// An Innovation is the probability integral transform of what a generation brought, given all that came before it:
// uniform on (0, 1), and independent of all earlier ones, if the draws and the fit are what they claim to be.
type Innovation struct {
	Name string // of the statistic, for example "mean"
	U    float64
}

// An Innovator (Fitted, Source) knows the law of one step. It appends the transforms of what its draws became; discrete
// statistics are randomised with u, which is used for nothing else. It looks at o.Fit where the estimator is to be
// judged too, and appends nothing where the step says nothing, as after a collapse to a point.
type Innovator[E any] interface {
	Innovations(dst []Innovation, o Outcome[E], u *rand.Rand) []Innovation
}

// A Fitless Innovator never looks at Outcome.Fit, so that nobody fits it.
type Fitless interface{ Fitless() }

// A Subsampler (Stats, of a pool) knows the law of the statistics of a sample of its rows, and appends their transforms.
type Subsampler[E any] interface {
	Subsampled(dst []Innovation, sample Stats[E], replacement bool, u *rand.Rand) []Innovation
}

// Randomised is the transform of a discrete statistic: F(x−1) + V·P(x), with V uniform, is uniform itself.
func Randomised(below, at float64, u *rand.Rand) float64 { return below + float64(at*u.Float64()) }
