package generate

import "fmt"

// Smoothed is a fit of Categorical with additive smoothing: q = (count + Alpha) / (total + Alpha·categories). It draws as
// Frequencies do; it is a type of its own because other laws hold of it: its mean moves, E q′ = (M·E q + Alpha) /
// (M + Alpha·categories) under replace at M draws, and no category is lost for good (mutation, in the words of
// Wright–Fisher; Ewens 2004, Mathematical Population Genetics, §3.2).
type Smoothed struct {
	Frequencies
	Alpha float64 // added to every count
}

// Smoothing is Alpha.
func (f Smoothed) Smoothing() float64 { return f.Alpha }

// Unsmoothed is false: what was not seen keeps a probability.
func (Smoothed) Unsmoothed() bool { return false }

// Law refuses: the fit is no mean of what it learned from.
func (f Smoothed) Law(Source[Histogram]) (Law, error) {
	return nil, fmt.Errorf("categorical with smoothing %g: its mean is pulled towards the uniform distribution", f.Alpha)
}
