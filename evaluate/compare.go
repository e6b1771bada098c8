package evaluate

import (
	"slices"

	"modelcollapse/internal/num"
	"modelcollapse/results"
)

// A Contrast is one series measured on two sides: an arm of a run against another arm, or against one of another run.
type Contrast struct {
	A, B results.Curves
	Axis results.Axis // of the series; its Log is the scale on which both sides are averaged
	// Shared: replicates of equal number share streams, so that their differences say more than their averages do.
	Shared bool
}

// A Comparison says what changes from side a to side b, series by series, in the first, the middle and the last
// generation that both sides measured. Its tests are one family.
type Comparison struct {
	A          string          `json:"a"`          // name of side a, the one that b is compared with
	B          string          `json:"b"`          // name of side b
	Level      float64         `json:"level"`      // of each interval by itself, not of all together: 0.95
	Alpha      float64         `json:"alpha"`      // a row is significant when Adjusted is at most this: 0.05
	Adjustment string          `json:"adjustment"` // "Holm over 12 rows": those that have a p-value
	Rows       []ComparisonRow `json:"rows"`
	Absent     []string        `json:"absent,omitempty"` // series that could not be compared, and why
}

// A ComparisonRow is one series of one node in one generation.
type ComparisonRow struct {
	Series      string         `json:"series"`
	Node        int            `json:"node"`
	Generation  int            `json:"generation"`
	At          string         `json:"at"`    // "first", "middle" or "last" of the generations that both sides measured
	Scale       string         `json:"scale"` // "mean", or "mean of ln": then centers are exp of it and Delta is a ratio
	A           ComparisonSide `json:"a"`
	B           ComparisonSide `json:"b"`
	Delta       num.Float      `json:"delta"` // b − a, or b / a on a log scale; NaN when a side has no value
	Lo          num.Float      `json:"lo"`    // interval of Delta; NaN when there is no test
	Hi          num.Float      `json:"hi"`
	P           num.Float      `json:"p"`        // two-sided; NaN when there is no test
	Adjusted    num.Float      `json:"adjusted"` // P after Holm
	DF          num.Float      `json:"df"`       // degrees of freedom; NaN when there is no test
	Paired      bool           `json:"paired"`   // t of the differences between equal replicates; else Welch's
	Significant bool           `json:"significant"`
	Better      string         `json:"better,omitempty"` // "a" or "b", where significant and the axis says what is better
	Notes       []string       `json:"notes,omitempty"`  // what is assumed, and what was left out

	better int // of the axis
}

// A ComparisonSide is what one side of a row averages, and what it leaves out.
type ComparisonSide struct {
	Center   num.Float `json:"center"`             // mean, or exp of the mean of ln; NaN when N = 0
	N        int       `json:"n"`                  // values in Center
	Zero     int       `json:"zero,omitempty"`     // left out: 0 or less, on a log scale
	Infinite int       `json:"infinite,omitempty"` // left out
	NaN      int       `json:"nan,omitempty"`      // left out
	Missing  int       `json:"missing,omitempty"`  // without a value: stopped, not finished, or not measured
	Unpaired int       `json:"unpaired,omitempty"` // left out of a paired row: the partner has none, or is left out
}

// Compare compares the sides of every contrast by Student's t, on logarithms where the axis is one: paired where the
// sides share streams and two replicates or more, else Welch's. p-values are adjusted by Holm over all rows.
func Compare(a, b string, contrasts []Contrast) Comparison {
	c := Comparison{A: a, B: b, Level: 0.95, Alpha: 0.05, Rows: []ComparisonRow{}}
	for _, x := range contrasts {
		generations := x.measured()
		if len(generations) == 0 {
			c.Absent = append(c.Absent, x.absent(a, b))
		}
		for i, g := range generations {
			row := x.row(g, c.Level)
			row.At = []string{"first", "middle", "last"}[min(i, 2)]
			if i > 0 && i == len(generations)-1 {
				row.At = "last"
			}
			c.Rows = append(c.Rows, row)
		}
	}
	c.adjust()
	return c
}

// adjust applies Holm over the rows.
func (c *Comparison) adjust() {
	p, tests := make([]float64, len(c.Rows)), 0
	for i, r := range c.Rows {
		p[i] = float64(r.P)
		if p[i] == p[i] {
			tests++
		}
	}
	c.Adjustment = "Holm over " + counted(tests, "row", "rows")
	for i, q := range Holm(p) {
		c.Rows[i].judge(q, c.Alpha)
	}
}

// measured lists the first, middle and last generation in which both sides have a value, whatever it is.
func (x Contrast) measured() []int {
	var all []int
	for g := range min(x.A.Generations(), x.B.Generations()) {
		if has(x.A, g) && has(x.B, g) {
			all = append(all, g)
		}
	}
	if len(all) > 3 {
		all = []int{all[0], all[len(all)/2], all[len(all)-1]}
	}
	return all
}

// absent says why there is nothing to compare.
func (x Contrast) absent(a, b string) string {
	name := seriesName(max(x.A.Series, x.B.Series, x.Axis.Series), max(x.A.Node, x.B.Node))
	switch none, other := x.A.Generations() == 0, x.B.Generations() == 0; {
	case none && other:
		return name + ": neither side has it"
	case none:
		return name + ": " + a + " lacks it"
	case other:
		return name + ": " + b + " lacks it"
	}
	return name + ": no generation was measured on both sides"
}

func has(c results.Curves, g int) bool {
	return slices.ContainsFunc(c.Lines, func(l []float64) bool { return !results.IsMissing(l[g]) })
}

// last is the last generation with a value.
func last(c results.Curves) int {
	g := c.Generations() - 1
	for g > 0 && !has(c, g) {
		g--
	}
	return g
}
