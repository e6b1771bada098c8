package evaluate

import (
	"context"
	"fmt"

	"modelcollapse/generate"
	"modelcollapse/results"
)

// LostTypeMass is the share of held-out words, pairs and triples whose type does not occur in fresh rows of the
// model. Words outside the vocabulary are one type, lost unless the model writes it; a first part of the loss is
// that of any sample (see generation 0).
type LostTypeMass struct {
	Order int `json:"order" default:"3" min:"1" max:"8" doc:"the longest n-grams: lost_type_mass.unigram, .bigram, .trigram, .4gram …"`
}

// Needs are held-out rows and a probe.
func (LostTypeMass) Needs() Needs { return Needs{HeldOut: true, Probe: true} }

// Can is nil: every model can be drawn from.
func (LostTypeMass) Can(generate.Fitted[generate.Tokens]) error { return nil }

// Axes are the lost shares, in [0, 1].
func (m LostTypeMass) Axes() (a []results.Axis) {
	for n := 1; n <= m.Order; n++ {
		label := fmt.Sprintf("held-out %ss whose type is lost", gramName(n))
		a = append(a, results.Axis{Series: "lost_type_mass." + gramName(n), Label: label, Better: -1})
	}
	return a
}

func gramName(n int) string {
	switch n {
	case 1:
		return "unigram"
	case 2:
		return "bigram"
	case 3:
		return "trigram"
	}
	return fmt.Sprintf("%dgram", n)
}

// Start counts the held-out n-grams.
func (m LostTypeMass) Start(_ context.Context, r Real[generate.Tokens]) (Gauge[generate.Tokens], error) {
	if m.Order < 1 || m.Order > 8 {
		return nil, fmt.Errorf("order: %d: must be from 1 to 8", m.Order)
	}
	g := &lostTypes{words: countWords(r.HeldOut), grams: newGrams(m.Order), count: make([][]int64, m.Order+1)}
	g.grams.add(r.HeldOut, func(n int, id uint32) {
		if int(id) == len(g.count[n]) {
			g.count[n] = append(g.count[n], 0)
		}
		g.count[n][id]++
	})
	return g, nil
}

// lostTypes holds the held-out n-grams; count is by order, then by number.
type lostTypes struct {
	words *wordCounts
	grams *grams
	count [][]int64
}

// Measure looks every n-gram of the probe up among those of the held-out rows.
func (g *lostTypes) Measure(_ context.Context, v View[generate.Tokens], to Sink) error {
	probe := countWords(v.Probe)
	to.Put("lost_type_mass.unigram", lostShare(g.words.count, func(i int) bool { return probe.of(uint32(i)) > 0 }))
	seen := make([][]bool, len(g.count))
	for n := range seen {
		seen[n] = make([]bool, len(g.count[n]))
	}
	g.grams.find(v.Probe, func(n int, id uint32) { seen[n][id] = true })
	for n := 2; n < len(g.count); n++ {
		to.Put("lost_type_mass."+gramName(n), lostShare(g.count[n], func(i int) bool { return seen[n][i] }))
	}
	return nil
}

// lostShare is the share of the counts of types that are not seen; NaN when there are none.
func lostShare(count []int64, seen func(int) bool) float64 {
	lost, total := int64(0), int64(0)
	for i, c := range count {
		total += c
		if c > 0 && !seen(i) {
			lost += c
		}
	}
	return float64(lost) / float64(total)
}
