package audit

import (
	"slices"
	"strconv"

	"modelcollapse/generate/text"
)

// mostGaps is how many types are listed.
const mostGaps = 1000

// gaps are the types of tokens, by number; what they are is spelt for those that are listed. Types that occur once are not among them.
func (m *grams) gaps() (all []Gap) {
	scale := float64(m.l.tokens[1]) / float64(m.l.tokens[0])
	bursts := m.bursts()
	for id, n := range m.totals() {
		all = append(all, Gap{Kind: "type", Name: "token", Value: strconv.Itoa(id), Expected: float64(float64(n[0]) * scale), Found: float64(n[1]), Real: int(n[0]), burst: bursts[id]})
	}
	return all
}

// bursts are how many tokens of a type occur together, by id: Σ count² / Σ count over bundles, less what bundles of independent tokens would have.
// A type that one document repeats ten times is one observation.
func (m *grams) bursts() []float64 {
	sum, square := make([]float64, len(m.hashes)), make([]float64, len(m.hashes))
	for _, all := range m.counts {
		for _, g := range all {
			sum[g.id] += float64(g.count)
			square[g.id] += float64(g.count) * float64(g.count)
		}
	}
	for id, n := range sum {
		sum[id] = max(1, square[id]/n-n/float64(len(m.counts)))
	}
	return sum
}

// totals are the counts of both sets, by id.
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

// spellGaps keeps the largest gaps and spells their types.
func (l *library) spellGaps(r *Report, m *grams) {
	r.Gaps = r.Gaps[:min(mostGaps, len(r.Gaps))]
	wanted, hash := map[uint64]string{}, make([]uint64, len(r.Gaps))
	for k, g := range r.Gaps {
		id, _ := strconv.Atoi(g.Value)
		hash[k] = m.hashes[id]
		wanted[hash[k]] = ""
	}
	l.spell(wanted)
	for k := range r.Gaps {
		r.Gaps[k].Value = wanted[hash[k]]
	}
}

// spell finds the tokens of hashes (of n-grams of one) in the documents.
func (l *library) spell(wanted map[uint64]string) {
	left := len(wanted)
	var grams []uint64
	for i, s := range l.texts {
		if left == 0 {
			return
		}
		grams = text.Grams(grams[:0], l.marks[i], 1)
		missing := func(h uint64) bool { word, ok := wanted[h]; return ok && word == "" }
		if !slices.ContainsFunc(grams, missing) {
			continue
		}
		for k, word := range text.Marks.Words(s) {
			if missing(grams[k]) {
				wanted[grams[k]] = word
				left--
			}
		}
	}
}
