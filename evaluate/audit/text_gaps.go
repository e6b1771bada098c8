package audit

import (
	"cmp"
	"math"
	"slices"

	"modelcollapse/generate/text"
)

// mostGaps is how many types are listed.
const mostGaps = 1000

// gapOf is how many standard deviations a type must be short of to be listed: that of a count of its expectation (Poisson).
const gapOf = 4

// textGaps lists the types of tokens that the synthetic set has too few of, the largest lack first, and how many are hidden because
// fewer than 5 real tokens are behind them.
func textGaps(m *grams, smallCells bool) (gaps []Gap, hidden int) {
	counts := m.totals()
	scale := float64(m.l.tokens[1]) / float64(m.l.tokens[0])
	type lack struct {
		id  int
		gap Gap
	}
	var lacks []lack
	for id, n := range counts {
		expected := float64(float64(n[0]) * scale)
		missing := expected - float64(n[1])
		if missing < gapOf*math.Sqrt(expected*(1+scale)) {
			continue
		}
		if n[0] < 5 && !smallCells {
			hidden++
			continue
		}
		lacks = append(lacks, lack{id, Gap{Kind: "type", Name: "token", Expected: expected, Found: float64(n[1]), Missing: missing, Real: int(n[0])}})
	}
	slices.SortStableFunc(lacks, func(a, b lack) int { return cmp.Compare(b.gap.Missing, a.gap.Missing) })
	lacks = lacks[:min(mostGaps, len(lacks))]
	wanted := map[uint64]string{}
	for _, x := range lacks {
		wanted[m.hashes[x.id]] = ""
	}
	m.l.spell(wanted)
	for _, x := range lacks {
		x.gap.Value = wanted[m.hashes[x.id]]
		gaps = append(gaps, x.gap)
	}
	return gaps, hidden
}

// totals are the counts of both sets, by id; types that occur once are not among them.
func (m *grams) totals() []pair {
	at := make([]pair, len(m.hashes))
	for b, all := range m.counts {
		set := m.l.set(m.l.bundles[b][0])
		for _, g := range all {
			at[g.id][set] += int32(g.count)
		}
	}
	return at
}

// spell finds the words of hashes in the documents.
func (l *library) spell(wanted map[uint64]string) {
	left := len(wanted)
	for i, s := range l.texts {
		if left == 0 {
			return
		}
		some := slices.ContainsFunc(l.marks[i], func(h uint64) bool { word, ok := wanted[h]; return ok && word == "" })
		if !some {
			continue
		}
		for k, word := range text.Marks.Words(s) {
			if known, ok := wanted[l.marks[i][k]]; ok && known == "" {
				wanted[l.marks[i][k]] = word
				left--
			}
		}
	}
}
