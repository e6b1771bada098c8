package evaluate

import (
	"fmt"
	"math"
	"strings"

	"modelcollapse/internal/num"
	"modelcollapse/results"
)

// AgainstValue looks whether replicates of one generation have a published mean, by AgainstMean on the scale of the
// curves. Margin is the least deviation that matters, in units of the series (of its logarithm on a log scale).
func AgainstValue(c results.Curves, generation int, value, margin float64) Look {
	l := AgainstMean(valuesAt(c, generation), value, c.Log, 1) // in units of the series
	l.Name, l.Margin = fmt.Sprintf("%s, generation %d: %s", seriesName(c.Series, c.Node), generation, l.Name), margin
	l.Unit = "in the series"
	return l
}

// Less looks whether a series is less in a than in b, paired by replicate (Student's t of the differences, of logs on a
// log scale), Welch's without pairs. It is a claim of an order, not a law: P is the one-sided chance of such data if a
// were not greater, so that it is rejected when a is greater; it stays undecided until less is shown at alpha.
func Less(a, b results.Curves, generation int, alpha float64) Look {
	row := Contrast{A: a, B: b, Axis: results.Axis{Log: a.Log}, Shared: true}.row(generation, 1-2*alpha)
	l := Look{Name: fmt.Sprintf("%s, generation %d: %s < %s", seriesName(a.Series, a.Node), generation, a.Arm, b.Arm),
		Unit: "from the first arm to the second", Effect: row.Delta, SE: num.Float(math.NaN()), DF: row.DF, N: min(row.A.N, row.B.N), P: row.P}
	none := num.Float(0)
	if a.Log {
		none = 1
	}
	left := row.A.left() + row.B.left()
	switch {
	case left != "":
		l.P, l.Note = num.Float(math.NaN()), left+" left out, and the claim speaks of all"
	case row.P != row.P:
		l.Note = strings.Join(row.Notes, "; ")
	case row.Delta < none:
		l.P = row.P / 2
	case row.Lo > none:
		l.P, l.Shown = 1, true
	default:
		l.P, l.Undecided = 1, "it was not shown"
	}
	return l
}

// valuesAt are those of all replicates in one generation.
func valuesAt(c results.Curves, generation int) (x []float64) {
	if generation >= 0 && generation < c.Generations() {
		for _, line := range c.Lines {
			x = append(x, line[generation])
		}
	}
	return x
}
