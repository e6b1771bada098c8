package results

import (
	"math"
	"slices"

	"modelcollapse/internal/num"
)

// A Band summarises the replicates of one series, generation by generation.
type Band struct {
	Curves
	Functional string  // what Mid estimates: "mean", or on a log scale "mean of ln" (Mid is exp of it)
	Level      float64 // of the intervals: 0.95
	Points     []Point // the index is the generation
}

// A Point is one generation of a band. On a linear scale finite values count; on a log scale finite values above
// 0, because ln of the others is none. The others are left out of Mid and counted here, so that whoever shows the point
// can say that it is what the survivors do.
type Point struct {
	N        int // values that Mid averages
	Zero     int // of 0 or less; on a log scale only
	Infinite int
	NaN      int
	Missing  int     // replicates without a value: stopped, not finished, or not measured
	Mid      float64 // mean, or exp of the mean of ln; NaN when N = 0
	SD       float64 // divisor N − 1; on a log scale of ln; NaN when N < 2
	Lo, Hi   float64 // Student's t-interval of the mean over chains, on the band's scale; NaN when N < 2
}

// Partial says whether some replicates are not in Mid.
func (p Point) Partial() bool { return p.Zero+p.Infinite+p.NaN+p.Missing > 0 }

// End is what stands for generation g where no replicate is averaged: 0, +Inf or −Inf where they all have come to that, else NaN.
func (b Band) End(g int) float64 {
	p, end := b.Points[g], math.NaN()
	if p.N > 0 || p.NaN > 0 {
		return end
	}
	for _, l := range b.Lines {
		x := l[g]
		switch {
		case IsMissing(x):
			continue
		case !math.IsInf(x, 0):
			x = 0
		}
		if end == end && x != end {
			return math.NaN()
		}
		end = x
	}
	return end
}

const level = 0.95

// Band summarises the lines.
func (c Curves) Band() Band {
	b := Band{Curves: c, Functional: c.Functional(), Level: level}
	values := make([]float64, 0, len(c.Lines))
	for g := range c.Generations() {
		var p Point
		values = values[:0]
		for _, l := range c.Lines {
			if x := l[g]; p.count(x, c.Log) {
				if c.Log {
					x = num.Log(x)
				}
				values = append(values, x)
			}
		}
		p.summarise(values, c.Log)
		b.Points = append(b.Points, p)
	}
	return b
}

// Functional is what a band of c estimates.
func (c Curves) Functional() string {
	if c.Log {
		return "mean of ln"
	}
	return "mean"
}

// Generations is the length of every line.
func (c Curves) Generations() int {
	if len(c.Lines) == 0 {
		return 0
	}
	return len(c.Lines[0])
}

// count says whether x is averaged, and else why not.
func (p *Point) count(x float64, log bool) bool {
	switch {
	case IsMissing(x):
		p.Missing++
	case x != x:
		p.NaN++
	case math.IsInf(x, 0):
		p.Infinite++
	case log && x <= 0:
		p.Zero++
	default:
		p.N++
		return true
	}
	return false
}

func (p *Point) summarise(values []float64, log bool) {
	mean, variance := num.Variance(values)
	p.Mid, p.SD, p.Lo, p.Hi = mean, math.Sqrt(variance), math.NaN(), math.NaN()
	if p.N >= 2 {
		half := float64(num.StudentTQuantile(0.5+level/2, float64(p.N-1)) * p.SD / math.Sqrt(float64(p.N)))
		p.Lo, p.Hi = mean-half, mean+half
	}
	if log {
		p.Mid, p.Lo, p.Hi = num.Exp(p.Mid), num.Exp(p.Lo), num.Exp(p.Hi)
	}
}

// Minus pairs the lines of equal replicates and returns c − d, or c/d on a log scale, where no change is 1. A
// replicate that only one of them has is left out.
func (c Curves) Minus(d Curves) Curves {
	out := Curves{Arm: c.Arm, Series: c.Series, Node: c.Node, Log: c.Log}
	for i, r := range c.Replicates {
		j := slices.Index(d.Replicates, r)
		if j < 0 {
			continue
		}
		line := make([]float64, max(c.Generations(), d.Generations()))
		for g := range line {
			line[g] = difference(at(c.Lines[i], g), at(d.Lines[j], g), c.Log)
		}
		out.Replicates, out.Lines = append(out.Replicates, r), append(out.Lines, line)
	}
	return out
}

// Excess returns the lines minus their own generation 0, or divided by it on a log scale.
func (c Curves) Excess() Curves {
	out := c
	out.Lines = make([][]float64, len(c.Lines))
	for i, l := range c.Lines {
		line := make([]float64, len(l))
		for g := range l {
			line[g] = difference(l[g], l[0], c.Log)
		}
		out.Lines[i] = line
	}
	return out
}

func at(line []float64, g int) float64 {
	if g < len(line) {
		return line[g]
	}
	return missing
}

func difference(a, b float64, log bool) float64 {
	switch {
	case IsMissing(a) || IsMissing(b):
		return missing
	case log:
		return a / b
	}
	return a - b
}
