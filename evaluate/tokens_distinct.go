package evaluate

import (
	"context"
	"fmt"
	"math/bits"
	"slices"

	"modelcollapse/generate"
	"modelcollapse/results"
)

// Distinct is distinct-n of the probe: different n-grams over all n-grams, n = 1 … Order (Li et al. 2016, arXiv
// 1510.03055). It falls with the size of the text, so the series carry the tokens of the probe, equal in every arm:
// distinct.2@200000. N-grams are of words inside a row. NaN when there is none.
type Distinct struct {
	Order int `json:"order" default:"4" min:"1" max:"8" doc:"the longest n-grams counted"`
}

// Needs is a probe.
func (Distinct) Needs() Needs { return Needs{Probe: true} }

// Can is nil: every model can be drawn from.
func (Distinct) Can(generate.Fitted[generate.Tokens]) error { return nil }

// Axes are distinct.1@… to distinct.Order@….
func (m Distinct) Axes() (a []results.Axis) {
	for n := 1; n <= m.Order; n++ {
		label := fmt.Sprintf("distinct %d-grams over all %d-grams", n, n)
		a = append(a, results.Axis{Series: fmt.Sprintf("distinct.%d@*", n), Label: label, Better: 1})
	}
	return a
}

// Start fixes the names of the series.
func (m Distinct) Start(_ context.Context, r Real[generate.Tokens]) (Gauge[generate.Tokens], error) {
	if m.Order < 1 || m.Order > 8 {
		return nil, fmt.Errorf("order: %d: must be from 1 to 8", m.Order)
	}
	return distinct{m.Order, r.Probe}, nil
}

type distinct struct{ order, probe int }

// Measure counts the n-grams of the probe.
func (g distinct) Measure(_ context.Context, v View[generate.Tokens], to Sink) error {
	words := countWords(v.Probe)
	to.Put(fmt.Sprintf("distinct.1@%d", g.probe), float64(words.types())/float64(words.total))
	if g.order == 1 {
		return nil
	}
	different := distinctGrams(v.Probe, g.order, len(words.count))
	for n := 2; n <= g.order; n++ {
		to.Put(fmt.Sprintf("distinct.%d@%d", n, g.probe), float64(different[n])/float64(possible(v.Probe, n)))
	}
	return nil
}

// distinctGrams is the number of different n-grams of rows, by n = 2 … order. ids are below limit. Where the windows of
// order words fit into 64 bits they are sorted, and neighbours show which prefixes are new; else they are hashed.
func distinctGrams(rows []generate.Tokens, order, limit int) []int {
	different := make([]int, order+1)
	width := bits.Len(uint(limit)) // ids are shifted by 1: 0 stands behind the end of a row
	if order*width > 64 {
		all := newGrams(order)
		all.add(rows, nil)
		for n := 2; n <= order; n++ {
			different[n] = all.size(n)
		}
		return different
	}
	keys := windows(rows, order, width)
	slices.Sort(keys)
	last := uint64(0) // no window: a window has a first word
	for _, k := range keys {
		for n := order; n >= 2; n-- {
			rest := uint((order - n) * width)
			if k>>rest == last>>rest {
				break // and so do all shorter prefixes
			}
			if k>>rest&(1<<width-1) != 0 {
				different[n]++
			}
		}
		last = k
	}
	return different
}

// windows packs the order words from each word of rows on into a key, the first word highest.
func windows(rows []generate.Tokens, order, width int) []uint64 {
	keys := make([]uint64, 0, generate.TokenRows.UnitsOf(rows))
	top := uint((order - 1) * width)
	for _, row := range rows {
		key := uint64(0)
		for i := len(row) - 1; i >= 0; i-- {
			if row[i] == generate.End {
				key = 0
				continue
			}
			key = key>>width | (uint64(row[i])+1)<<top
			keys = append(keys, key)
		}
	}
	return keys
}
