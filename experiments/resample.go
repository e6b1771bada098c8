package experiments

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"modelcollapse/generate"
)

// resample appends n draws of o.Past, each with the weight that it has there.
func (w *drawing[E]) resample(o generate.Origin, n int) error {
	var from generate.Sample[E]
	var where []generate.At
	ends, total, weighted := []int(nil), 0, false
	for _, bs := range o.Past {
		for past := range bs.Each {
			p := w.blocks[past]
			from, where = append(from, generate.Span[E]{Rows: p.rows, Weight: 1, Weights: p.weights}), append(where, past)
			total, weighted = total+w.Kind.Draws(p.rows), weighted || p.weights != nil
			ends = append(ends, total)
		}
	}
	switch {
	case total == 0 || !o.Replacement && total < n:
		return nothingLeft{fmt.Sprintf("%d rows are left to draw %d from", total, n)}
	case w.Kind.Resample != nil && weighted:
		return fmt.Errorf("%s rows with weights cannot be drawn again", w.Kind.Name)
	case w.Kind.Resample != nil:
		w.rows = w.Kind.Resample(w.rows, from, n, o.Replacement, w.stream)
		return nil
	}
	for _, i := range choose(total, n, o.Replacement, w.stream) {
		k, _ := slices.BinarySearch(ends, i+1)
		i -= ends[k] - len(from[k].Rows)
		if w.Trace != nil {
			w.Trace.Parent(w.at, len(w.rows), where[k], i)
		}
		if w.rows = append(w.rows, from[k].Rows[i]); weighted {
			w.weigh(len(w.rows) - 1)
			w.weights = append(w.weights, from[k].At(i))
		}
	}
	return nil
}

// choose picks n of total indices, in rising order without replacement (selection sampling, Knuth's algorithm S).
func choose(total, n int, replacement bool, r *rand.Rand) []int {
	picked := make([]int, 0, n)
	if replacement {
		for range n {
			picked = append(picked, int(r.Int64N(int64(total))))
		}
		return picked
	}
	for i := 0; i < total && len(picked) < n; i++ {
		if r.Int64N(int64(total-i)) < int64(n-len(picked)) {
			picked = append(picked, i)
		}
	}
	return picked
}
