package evaluate

import (
	"math"

	"modelcollapse/internal/num"
	"modelcollapse/results"
)

// scaled are the finite values of x, or their logarithms.
func scaled(x []float64, log bool) (out []float64) {
	for _, v := range x {
		if log {
			v = num.Log(v)
		}
		if !math.IsNaN(v) && !math.IsInf(v, 0) {
			out = append(out, v)
		}
	}
	return out
}

// changes are the differences between the last generation and generation 0 of every replicate that has both, or of their
// logarithms. A chain that ended counts with its last value; what has no finite difference is left out.
func changes(c results.Curves, log bool) (out []float64) {
	for _, line := range c.Lines {
		end := len(line) - 1
		for end > 0 && results.IsMissing(line[end]) {
			end--
		}
		ends := scaled([]float64{line[0], line[end]}, log)
		if len(ends) == 2 {
			out = append(out, ends[1]-ends[0])
		}
	}
	return out
}

// dead is how many replicates ended at 0 or less, where logarithms end.
func dead(c results.Curves) int {
	return ended(c, func(first, last float64) bool { return first > 0 && last <= 0 })
}

// endless is how many replicates ended at infinity.
func endless(c results.Curves) int {
	return ended(c, func(_, last float64) bool { return math.IsInf(last, 1) })
}

// ended counts replicates by their first and their last value.
func ended(c results.Curves, so func(first, last float64) bool) (n int) {
	for _, line := range c.Lines {
		end := len(line) - 1
		for end > 0 && results.IsMissing(line[end]) {
			end--
		}
		if so(line[0], line[end]) {
			n++
		}
	}
	return n
}

func negated(x []float64) []float64 {
	for i := range x {
		x[i] = -x[i]
	}
	return x
}

// shapeOf says in a word how the mean of the last third of a series moves, beside the third before: flat, sublinear
// (slower than before) or linear.
func shapeOf(c results.Curves) string {
	n := c.Generations()
	if n < 6 {
		return "too short to say"
	}
	mid := func(g int) float64 {
		for ; g > 0 && !has(c, g); g-- {
		}
		return num.Mean(scaled(valuesAt(c, g), false))
	}
	a, b, d := mid(n/3), mid(2*n/3), mid(n-1)
	before, after := b-a, d-b
	switch spread := math.Abs(d) + math.Abs(a); {
	case math.Abs(after) <= float64(0.01*spread):
		return "flat"
	case math.Abs(after) < float64(0.75*math.Abs(before)):
		return "sublinear"
	}
	return "linear or faster"
}

// Exponents are those of the risk against rows, −d ln risk / d ln rows, replicate by replicate: in the last generation and
// in generation 0.
type Exponents struct{ First, Last []float64 }

// ExponentsOf fits straight lines to ln risk against ln rows by least squares, one a replicate, over arms that differ in
// their rows alone; nil with fewer than three sizes.
func ExponentsOf(rows []float64, risks []results.Curves) *Exponents {
	if len(rows) < 3 {
		return nil
	}
	e := &Exponents{}
	for i := range risks[0].Lines {
		first, last := make([]float64, 0, len(rows)), make([]float64, 0, len(rows))
		for _, c := range risks {
			if i < len(c.Lines) {
				line := c.Lines[i]
				first, last = append(first, num.Log(line[0])), append(last, num.Log(line[len(line)-1]))
			}
		}
		if a, b := slope(rows, first), slope(rows, last); !math.IsNaN(a+b) && !math.IsInf(a+b, 0) {
			e.First, e.Last = append(e.First, -a), append(e.Last, -b)
		}
	}
	return e
}

// slope is that of the least-squares line of y against ln x; NaN where they do not match.
func slope(x, y []float64) float64 {
	if len(x) != len(y) {
		return math.NaN()
	}
	logs := scaled(x, true)
	mx, my := num.Mean(logs), num.Mean(y)
	var xy, xx num.Accumulator
	for i, v := range logs {
		xy.Add(float64((v - mx) * (y[i] - my)))
		xx.Add(float64((v - mx) * (v - mx)))
	}
	return xy.Sum() / xx.Sum()
}

func (t Thresholds) scaling(w Witness) Definition {
	if w.Scaling == nil || len(w.Scaling.Last) == 0 {
		return absent(ScalingLaw, "sweep rows over at least three sizes, with a risk")
	}
	x := make([]float64, len(w.Scaling.Last))
	for i := range x {
		x[i] = w.Scaling.First[i] - w.Scaling.Last[i]
	}
	d := t.beyond(ScalingLaw, x, t.Scaling, "loss of the exponent of risk against rows")
	if d.Answer != Yes { // an exponent that grows is a change too
		if up := t.beyond(ScalingLaw, negated(x), t.Scaling, "gain of the exponent of risk against rows"); up.Answer == Yes {
			return up
		} else if up.Answer == Unsettled {
			d.Answer = Unsettled
		}
	}
	return d
}
