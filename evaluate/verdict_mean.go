package evaluate

import (
	"fmt"
	"math"

	"modelcollapse/internal/num"
	"modelcollapse/results"
)

// enough is the number of replicates from which on a mean on a linear scale is tested: fewer say too little of how skewed
// the values are. With 30, 1000 correct runs of as skewed a quantity as the squared error of the mean under
// replace are rejected about 19 times at 1 %; Student's t alone would reject 67.
const enough = 30

// AgainstMean looks whether replicates x of one generation have the predicted mean, or with log whether the mean of ln
// x is ln predicted: by Student's t after Hall's transformation, which takes the skewness out (P. Hall, J. R. Statist.
// Soc. B 54, 1992); on logs, which are nearly normal, fewer than 30 values are taken as they are. Effect is the deviation
// divided by the generations in which it grew, at least one: with log in nats, so that 0.01 is 1 % a generation. The law
// speaks of all replicates: if one has no finite value (or on logs none above 0), there is no test; nor on a linear
// scale for fewer than 30.
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
	l.Effect, l.SE, l.DF, l.P, l.Estimated = num.Float(t.Effect)/per, num.Float(t.SE)/per, num.Float(t.DF), num.Float(t.P), true
	if t.SE > 0 && len(values) >= enough {
		l.P = num.Float(hall(values, predicted))
	}
	if t.SE == 0 && math.Abs(t.Effect) <= float64(1e-6*math.Abs(predicted)) { // all replicates are where the law has all but none
		t.P, l.P = 1, 1
	}
	left := side.left()
	l.Note = noteOnMean(t, left, len(x), log, predicted)
	if left != "" || math.IsNaN(predicted) || math.IsInf(predicted, 0) || !log && len(x) < enough && t.SE > 0 {
		l.P = num.Float(math.NaN())
	}
	return l
}

// noteOnMean says what a test of a mean assumes, or why there is none.
func noteOnMean(t TTest, left string, n int, log bool, predicted float64) string {
	switch {
	case left != "":
		return fmt.Sprintf("%s of %d replicates, and the law speaks of all", left, n)
	case n < 2:
		return fmt.Sprintf("n = %d", n)
	case math.IsNaN(predicted) || math.IsInf(predicted, 0):
		return "the prediction is not finite"
	case t.SE == 0 && t.P != t.P:
		return "no spread between replicates"
	case !log && n < enough && t.SE > 0:
		return fmt.Sprintf("a mean of %d replicates may be carried by few of them: take %d or more", n, enough)
	case n < few:
		return fmt.Sprintf("normality assumed, n = %d", n)
	}
	return ""
}

// hall is the two-sided p of Hall's transformation of t: with T = (x̄ − μ)/s and skewness γ, √n (T + γT²/3 + γ²T³/27 +
// γ/6n) is about as normal as if x were.
func hall(x []float64, predicted float64) float64 {
	n := float64(len(x))
	mean, variance := num.Variance(x)
	var cubes num.Accumulator
	for _, v := range x {
		d := v - mean
		cubes.Add(float64(float64(d*d) * d))
	}
	s := math.Sqrt(variance)
	skew := cubes.Sum() / n / float64(float64(variance*(n-1)/n)*math.Sqrt(float64(variance*(n-1)/n)))
	t := (mean - predicted) / s
	q := t + float64(skew*float64(t*t))/3 + float64(float64(skew*skew)*float64(float64(t*t)*t))/27 + skew/(6*n)
	return math.Min(1, 2*num.StudentTCDF(-math.Abs(float64(math.Sqrt(n)*q)), n-1))
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

// beyond looks at the end of a bound that the mean lies beyond. Within the bound there is nothing to reject. One end
// alone is looked at from one side; the nearer one of two may be either, so that its p is not halved.
func beyond(x []float64, p results.Prediction, log bool) Look {
	low, high := endOf(x, p.Lo, log, p.Generation), endOf(x, p.Hi, log, p.Generation)
	l := low
	if math.IsInf(float64(low.Effect), 0) || high.Effect > 0 {
		l = high
	}
	switch {
	case l.P != l.P:
	case low.Effect >= 0 && high.Effect <= 0:
		l.P, l.Effect = 1, 0
	case math.IsInf(float64(low.Effect), 0) || math.IsInf(float64(high.Effect), 0):
		l.P /= 2
	}
	l.Note = joined(l.Note, "the law is a bound")
	return l
}

// endOf is AgainstMean of an end, which may be infinite on the scale that is looked at: then nothing lies beyond it.
func endOf(x []float64, end float64, log bool, generation int) Look {
	on := end
	if log {
		on = num.Log(end)
	}
	if l := AgainstMean(x, end, log, generation); !math.IsInf(on, 0) {
		return l
	}
	return Look{Name: "mean", N: len(x), Effect: num.Float(-on), P: 1, SE: num.Float(math.NaN()), DF: num.Float(math.NaN())}
}

// joined puts notes together.
func joined(a, b string) string {
	if a == "" {
		return b
	}
	return a + "; " + b
}
