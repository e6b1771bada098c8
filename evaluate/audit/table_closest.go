package audit

import (
	"context"
	"math"
	"slices"

	"modelcollapse/internal/num"
)

// closest looks at the two references that are nearest to a candidate, among all of them: how many are nearly copies, and the
// means of the distance and of its ratio to that of the second (means, because an exchange leaves half of the copies beside their rows, which
// a low quantile would not show). A generator that learned rows by heart lies closer than real rows do to
// each other. Of the null references are all other real rows, so that there are as many as in found.
type closest struct {
	few
	real, synth map[int][]neighbour // by row: those nearest of either set
	unit        float64             // the median distance of a real row to the nearest other one: 1 in these statistics
}

const (
	closestRows = 500 // candidates
	remembered  = 16  // neighbours of each set that are known; with none of them a reference the last stands for it
	nearShare   = 0.1 // of the unit, up to where a row is nearly a copy
)

func closestOf(ctx context.Context, d *table, f few, jobs int) *closest {
	n := min(closestRows, len(f.joined)/2)
	c := &closest{few: few{joined: f.first(n), alone: f.alone[:min(2*n, len(f.alone))], group: f.group}, real: map[int][]neighbour{}, synth: map[int][]neighbour{}}
	c.apart = c.together()
	m := metricOf(d)
	rows := slices.Compact(slices.Sorted(slices.Values(slices.Concat(c.joined, c.alone))))
	real := m.nearestOf(ctx, rows, 0, d.real, remembered, jobs)
	synth := m.nearestOf(ctx, rows, d.real, d.synth, remembered, jobs)
	var first []float64
	for k, i := range rows {
		if c.real[i], c.synth[i] = real[k], synth[k]; i < d.real {
			first = append(first, float64(real[k][0].d))
		}
	}
	slices.Sort(first)
	c.unit = first[len(first)/2]
	return c
}

// first are the first n of each set.
func (f few) first(n int) []int {
	return slices.Concat(f.joined[:min(n, f.real)], f.joined[f.real:min(f.real+n, len(f.joined))])
}

// Statistics are near copies, the distance and the ratio.
func (*closest) Statistics() []Statistic {
	return []Statistic{
		{Name: "copies.near@500", Part: Copying, What: "rows nearer to a real row than a tenth of what neighbours are apart", Unit: "share", Worse: More, Threshold: 0.02, limit: closestRows},
		{Name: "closest_distance@500", Part: Copying, What: "mean distance to the closest real row (1: what neighbours are apart)", Unit: "distance", Worse: Less, Threshold: 0.1, limit: closestRows},
		{Name: "closest_ratio@500", Part: Copying, What: "mean of the distance to the closest over that to the second closest real row", Unit: "ratio", Worse: Less, Threshold: 0.1, limit: closestRows},
	}
}

// Measure walks the neighbours of every candidate.
func (c *closest) Measure(s Split, to []float64) {
	rows, side := c.rows(s), c.sides(s)
	var distance, ratio []float64
	near := 0
	for k, i := range rows {
		if side[k] != Candidate {
			continue
		}
		one, two := c.two(i, s)
		if one <= nearShare*c.unit {
			near++
		}
		distance = append(distance, one/c.unit)
		if two == 0 {
			ratio = append(ratio, 1)
		} else {
			ratio = append(ratio, one/two)
		}
	}
	to[0], to[1], to[2] = float64(near)/float64(len(distance)), num.Mean(distance), num.Mean(ratio)
	if !(c.unit > 0) { // neighbours are equal: a table of few different rows
		to[0], to[1], to[2] = math.NaN(), math.NaN(), math.NaN()
	}
}

// two are the distances of the two nearest references of row i.
func (c *closest) two(i int, s Split) (one, two float64) {
	a, b := c.real[i], c.synth[i]
	if s.Alone {
		b = nil
	}
	one = math.NaN()
	last := 0.0
	for len(a)+len(b) > 0 {
		next := &a
		if len(a) == 0 || len(b) > 0 && b[0].d < a[0].d {
			next = &b
		}
		n := (*next)[0]
		*next = (*next)[1:]
		last = float64(n.d)
		if !s.Alone && s.Whole[n.row] != Reference {
			continue
		}
		if one != one {
			one = last
			continue
		}
		return one, last
	}
	if one != one {
		one = last
	}
	return one, last
}
