package evaluate

import (
	"math"
	"slices"

	"modelcollapse/internal/num"
)

// A Resampling is how the count of a type in the data of one generation descends from its count in the data of the
// generation before and from its count in the real data.
type Resampling struct {
	Synthetic   float64 // rows drawn from the last fit, over the rows that it learned from; 1 under replace at constant size
	Real        float64 // rows drawn again from the real training data, over the rows of that data; 0: none
	Replacement bool    // those are drawn with replacement, or come fresh from a truth of which the counts are the rates
}

// Extinction is b such that a type of real count c is absent with probability b^c from the data of generation
// len(steps) when probe is 0, and from a sample of that generation's model that holds probe times the tokens of
// its training data when probe is positive (or +Inf for the data itself, an endless sample).
//
// Counts of rare types are Poisson given the counts before, so the process is Galton–Watson with Poisson offspring,
// critical when Synthetic is 1, with immigration from the real data: with s the generating function's argument,
// start from s = e^(−probe) (0 for the data itself) and p = 1, and go back through the steps:
// p ← p·(1 − Real + Real·s)^c, or p·exp(Real·c·(s − 1)) with replacement, then s ← exp(Synthetic·(s − 1));
// absent: p·s^c. Without real rows it is q_{t+1} = exp(q_t − 1), q_0 = 0, at t = len(steps), and at t = len(steps) + 1 of
// a probe as large as the data; Suresh et al. 2024 (arXiv 2412.17646) bound it; the form with real rows is our own. It
// neglects terms of the order of c / tokens, and takes tokens as independent: text in which a word comes in bursts loses
// somewhat more.
func Extinction(steps []Resampling, probe float64) float64 {
	s, logP := 0.0, 0.0
	if probe > 0 {
		s = num.Exp(-probe)
	}
	for i := len(steps) - 1; i >= 0; i-- {
		if r := steps[i].Real; r > 0 && steps[i].Replacement {
			logP += float64(r * (s - 1))
		} else if r > 0 {
			logP += num.Log1p(float64(r * (s - 1)))
		}
		s = num.Exp(float64(steps[i].Synthetic * (s - 1)))
	}
	return float64(s * num.Exp(logP))
}

// survivors is Σ over the classes of types × (1 − b^count): how many types live when one of count 1 is absent with
// probability b.
func survivors(classes []countClass, b float64) (n float64) {
	logB := num.Log(b)
	for _, c := range classes {
		n += float64(float64(c.types) * -num.Expm1(float64(float64(c.count)*logB)))
	}
	return n
}

// tailCoverage is E Σ min(count, K/probe) over the types of classes, at every generation: what fresh rows of the model
// cover of their real counts, K the count in a probe of probe times the real tokens. False: it would cost more than
// chainWork, the data grow, or a count is too large a part of the real tokens for the law of rare types.
func tailCoverage(classes []countClass, tokens int64, steps []Resampling, probe float64) (out []float64, ok bool) {
	if len(classes) == 0 || !(probe > 0) || math.IsInf(probe, 0) {
		return nil, false
	}
	most, sizes := classes[len(classes)-1].count, growth(steps)
	if 100*most > tokens || slices.Max(sizes) > 1 || branchingWork(most, len(classes), steps, probe) > chainWork {
		return nil, false
	}
	b := newBranching(most, len(steps))
	out = make([]float64, len(steps)+1)
	for _, c := range classes {
		last := math.NaN()
		var covers []float64
		b.follow(c.count, steps, func(g int, law []float64) {
			if sizes[g] != last {
				covers, last = b.coverage(c.count, probe, probe/sizes[g]), sizes[g]
			}
			out[g] += float64(float64(c.types) * num.Dot(law, covers))
		})
	}
	return out, true
}

// growth is how many times the rows of generation 0 each generation learns from.
func growth(steps []Resampling) []float64 {
	sizes := []float64{1}
	for g, s := range steps {
		x := float64(sizes[g]*s.Synthetic) + s.Real
		if math.Abs(x-1) < 1e-9 { // shares of one size, but for rounding
			x = 1
		}
		sizes = append(sizes, x)
	}
	return sizes
}
