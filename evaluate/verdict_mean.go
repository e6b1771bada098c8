package evaluate

import (
	"fmt"
	"math"

	"modelcollapse/internal/num"
	"modelcollapse/results"
)

// AgainstMean looks whether replicates x of one generation have the predicted mean, or with log whether the mean of ln
// x is ln predicted, by Student's t. Effect is the deviation divided by the generations in which it grew, at least
// one: with log in nats, so that 0.01 is 1 % a generation. The law speaks of all replicates: if one has no finite
// value (or on logs none above 0), there is no test.
//
// The mean of a quantity that collapses by factors, such as a variance under replace, is carried by few replicates:
// with 10 rows, after 100 fits, 100 correct replicates miss their mean by 3 standard errors in 9 of 10 runs. Look
// at its logarithm.
func AgainstMean(x []float64, predicted float64, log bool, generations int) Look {
	l := Look{Name: "mean", Unit: "a generation", N: len(x)}
	if log {
		l.Name, l.Unit, predicted = "mean of ln", "nats a generation", num.Log(predicted)
	}
	var side ComparisonSide
	values := make([]float64, 0, len(x))
	for _, v := range x {
		if v, ok := side.count(v, log); ok {
			values = append(values, v)
		}
	}
	t := OneSampleT(values, predicted, 0.95)
	per := num.Float(max(1, generations))
	l.Effect, l.SE, l.DF, l.P = num.Float(t.Effect)/per, num.Float(t.SE)/per, num.Float(t.DF), num.Float(t.P)
	switch left := side.left(); {
	case left != "":
		l.P, l.Note = num.Float(math.NaN()), fmt.Sprintf("%s of %d replicates, and the law speaks of all", left, len(x))
	case len(x) < 2:
		l.Note = fmt.Sprintf("n = %d", len(x))
	case math.IsNaN(predicted) || math.IsInf(predicted, 0):
		l.P, l.Note = num.Float(math.NaN()), "the prediction is not finite"
	case t.SE == 0 && t.P != t.P:
		l.Note = "no spread between replicates"
	case len(x) < few:
		l.Note = fmt.Sprintf("normality assumed, n = %d", len(x))
	}
	return l
}

// AgainstPrediction looks whether replicates lie on a theory line in the generation that the prediction is for, on
// its functional ("mean" or "mean of ln") by AgainstMean. Where the law is a bound (Lo < Hi) the look is one-sided: whether
// the replicates' mean lies beyond the nearer end. Another functional is no point to test: P is then NaN.
func AgainstPrediction(c results.Curves, p results.Prediction) Look {
	x, log := valuesAt(c, p.Generation), p.Functional == "mean of ln"
	l := AgainstMean(x, p.X, log, p.Generation)
	switch {
	case p.Functional != "mean" && p.Functional != "mean of ln":
		l.P, l.Note = num.Float(math.NaN()), "no test of a "+p.Functional
	case p.Lo != p.X || p.Hi != p.X:
		l = beyond(x, p, log)
	}
	l.Name = fmt.Sprintf("%s, generation %d: %s", seriesName(p.Series, p.Node), p.Generation, l.Name)
	return l
}

// beyond looks at the end of a bound that the mean lies beyond. Within the bound there is nothing to reject.
func beyond(x []float64, p results.Prediction, log bool) Look {
	low, high := AgainstMean(x, p.Lo, log, p.Generation), AgainstMean(x, p.Hi, log, p.Generation)
	l := low
	if math.IsInf(p.Lo, 0) || high.Effect > 0 {
		l = high
	}
	switch {
	case l.P != l.P:
	case low.Effect < 0 || high.Effect > 0:
		l.P /= 2
	default:
		l.P, l.Effect = 1, 0
	}
	l.Note = joined(l.Note, "the law is a bound")
	return l
}

// joined puts notes together.
func joined(a, b string) string {
	if a == "" {
		return b
	}
	return a + "; " + b
}
