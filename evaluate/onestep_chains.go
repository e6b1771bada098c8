package evaluate

import (
	"fmt"
	"slices"

	"modelcollapse/results"
)

// GaussianChains pairs the lines of fitted means and fitted variances (the series mean_drift and variance) by replicate,
// each up to its end. A step is the difference of two means, so their origin does not matter. An error is
// returned for a replicate that only one of them has, and for a generation that was left out: a law of one step needs both
// ends of it.
func GaussianChains(mean, variance results.Curves) ([]GaussianChain, error) {
	var chains []GaussianChain
	for i, r := range mean.Replicates {
		j := slices.Index(variance.Replicates, r)
		if j < 0 || len(variance.Replicates) != len(mean.Replicates) {
			return nil, fmt.Errorf("one-step law: %s has replicates %v, %s has %v: want the same", mean.Series, mean.Replicates, variance.Series, variance.Replicates)
		}
		c := GaussianChain{Mean: ended(mean.Lines[i]), Variance: ended(variance.Lines[j])}
		if len(c.Mean) != len(c.Variance) {
			return nil, fmt.Errorf("one-step law: replicate %d: %s ends after %d generations, %s after %d: want the same",
				r, mean.Series, len(c.Mean), variance.Series, len(c.Variance))
		}
		for g := range c.Mean {
			if results.IsMissing(c.Mean[g]) || results.IsMissing(c.Variance[g]) {
				return nil, fmt.Errorf("one-step law: replicate %d: generation %d was not measured: measure every generation", r, g)
			}
		}
		chains = append(chains, c)
	}
	return chains, nil
}

// ended cuts what is missing off the end of a line.
func ended(line []float64) []float64 {
	n := len(line)
	for n > 0 && results.IsMissing(line[n-1]) {
		n--
	}
	return line[:n]
}
