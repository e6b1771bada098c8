package evaluate

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"modelcollapse/internal/num"
	"modelcollapse/results"
)

// few is the number of values below which a test says that it assumes normality.
const few = 6

// row tests one generation of both sides.
func (x Contrast) row(g int, level float64) ComparisonRow {
	r := ComparisonRow{Series: x.A.Series, Node: x.A.Node, Generation: g, Scale: "mean", Paired: x.paired(), better: x.Axis.Better}
	if x.Axis.Log {
		r.Scale = "mean of ln"
	}
	var a, b []float64
	var t TTest
	if r.Paired {
		a, b = x.pair(g, &r)
		t = PairedT(b, a, level)
	} else {
		a, b = r.A.take(x.A, g, x.Axis.Log), r.B.take(x.B, g, x.Axis.Log)
		t = WelchT(b, a, level)
	}
	r.A.N, r.B.N = len(a), len(b)
	r.A.Center, r.B.Center = num.Float(num.Mean(a)), num.Float(num.Mean(b))
	r.Delta, r.Lo, r.Hi, r.P, r.DF = num.Float(t.Effect), num.Float(t.Lo), num.Float(t.Hi), num.Float(t.P), num.Float(t.DF)
	if x.Axis.Log {
		for _, v := range []*num.Float{&r.A.Center, &r.B.Center, &r.Delta, &r.Lo, &r.Hi} {
			*v = num.Float(num.Exp(float64(*v)))
		}
	}
	r.note(t)
	r.end("a", x.A, x.B)
	r.end("b", x.B, x.A)
	return r
}

// paired says whether replicates have partners; fewer than two would leave nothing to test.
func (x Contrast) paired() bool {
	common := 0
	for _, r := range x.A.Replicates {
		if slices.Contains(x.B.Replicates, r) {
			common++
		}
	}
	return x.Shared && common >= 2
}

// pair takes the values of replicates that have one on both sides, in the order of side a.
func (x Contrast) pair(g int, r *ComparisonRow) (a, b []float64) {
	for i, replicate := range x.A.Replicates {
		va, usableA := r.A.count(x.A.Lines[i][g], x.Axis.Log)
		j := slices.Index(x.B.Replicates, replicate)
		if j < 0 {
			r.A.unpaired(usableA)
			continue
		}
		vb, usableB := r.B.count(x.B.Lines[j][g], x.Axis.Log)
		if usableA && usableB {
			a, b = append(a, va), append(b, vb)
			continue
		}
		r.A.unpaired(usableA)
		r.B.unpaired(usableB)
	}
	for j, replicate := range x.B.Replicates {
		if !slices.Contains(x.A.Replicates, replicate) {
			_, usable := r.B.count(x.B.Lines[j][g], x.Axis.Log)
			r.B.unpaired(usable)
		}
	}
	return a, b
}

// take returns the values of a side that can be averaged and counts the others.
func (s *ComparisonSide) take(c results.Curves, g int, log bool) (values []float64) {
	for _, l := range c.Lines {
		if v, ok := s.count(l[g], log); ok {
			values = append(values, v)
		}
	}
	return values
}

// count returns x on the scale on which it is averaged, or says why it is not.
func (s *ComparisonSide) count(x float64, log bool) (v float64, ok bool) {
	switch {
	case results.IsMissing(x):
		s.Missing++
	case x != x:
		s.NaN++
	case math.IsInf(x, 0):
		s.Infinite++
	case log && x <= 0:
		s.Zero++
	case log:
		return num.Log(x), true
	default:
		return x, true
	}
	return 0, false
}

func (s *ComparisonSide) unpaired(usable bool) {
	if usable {
		s.Unpaired++
	}
}

// note says what the test assumes and what was left out of it.
func (r *ComparisonRow) note(t TTest) {
	n := strconv.Itoa(r.A.N)
	if !r.Paired {
		n += " and " + strconv.Itoa(r.B.N)
	}
	switch least := min(r.A.N, r.B.N); {
	case least < 2:
		r.Notes = append(r.Notes, "n = "+n+": no test")
	case t.SE == 0 && t.P == 1:
		r.Notes = append(r.Notes, "equal in every replicate")
	case t.SE == 0:
		r.Notes = append(r.Notes, "no spread between replicates: no test")
	case least < few:
		r.Notes = append(r.Notes, "normality assumed, n = "+n)
	}
	for _, side := range []struct {
		name string
		of   ComparisonSide
	}{{"a", r.A}, {"b", r.B}} {
		if left := side.of.left(); left != "" {
			r.Notes = append(r.Notes, "left out of "+side.name+": "+left)
		}
	}
}

// left lists the values that are not in Center.
func (s ComparisonSide) left() string {
	var parts []string
	for _, p := range []struct {
		n    int
		what string
	}{
		{s.Zero, "of 0 or less"}, {s.Infinite, "infinite"}, {s.NaN, "NaN"}, {s.Missing, "missing"}, {s.Unpaired, "without a partner"},
	} {
		if p.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", p.n, p.what))
		}
	}
	return strings.Join(parts, ", ")
}

// end notes that the side goes on after the other one ended.
func (r *ComparisonRow) end(name string, side, other results.Curves) {
	if g := last(side); g > last(other) && r.Generation == last(other) {
		r.Notes = append(r.Notes, fmt.Sprintf("%s goes on to generation %d", name, g))
	}
}

// judge says whether the row is significant after Holm, and which side is then the better one.
func (r *ComparisonRow) judge(adjusted, alpha float64) {
	r.Adjusted, r.Significant = num.Float(adjusted), adjusted <= alpha
	none := num.Float(0)
	if r.Scale != "mean" {
		none = 1
	}
	switch {
	case !r.Significant || r.better == 0:
	case (r.Delta > none) == (r.better > 0):
		r.Better = "b"
	default:
		r.Better = "a"
	}
}

func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

func seriesName(series string, node int) string {
	if node == 0 {
		return series
	}
	return fmt.Sprintf("%s of node %d", series, node)
}
