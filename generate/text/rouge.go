package text

import (
	"math/bits"
)

// RougeL is the F measure of the longest common subsequence of the words of two texts (Lin 2004): 2·LCS/(len a + len b), which
// is the harmonic mean of LCS/len a and LCS/len b. 0 where both are empty. ROUGE as Self-Instruct uses it takes Plain words.
func RougeL(a, b []uint64) float64 {
	if len(a)+len(b) == 0 {
		return 0
	}
	return fMeasure(LCS(a, b), len(a)+len(b))
}

// fMeasure is 2·common/words.
func fMeasure(common, words int) float64 { return float64(2*common) / float64(words) }

// LCS is the length of the longest common subsequence of a and b.
func LCS(a, b []uint64) int {
	var ids Numbers
	var m masks
	m.set(intern(&ids, a))
	return m.lcs(intern(&ids, b))
}

// intern numbers words by first sight.
func intern(ids *Numbers, words []uint64) []uint32 {
	out := make([]uint32, len(words))
	for i, w := range words {
		out[i] = ids.Of(w)
	}
	return out
}

// masks are the places of each word in one text, as bits: what the bit-parallel LCS walks another text with
// (Crochemore et al. 2001; Hyyrö 2004): one addition for 64 words of the one text and each of the other.
type masks struct {
	length int      // words of the text
	wide   int      // uint64 a word's mask
	slot   []uint32 // by word id: 1 + its mask's number; 0: does not occur
	bits   []uint64 // mask × wide
	count  []uint32 // by mask: how often its word occurs
	used   []uint32 // ids whose slots are set
	state  []uint64
	left   []uint32 // scratch of overlap
}

// set makes m the masks of words.
func (m *masks) set(words []uint32) {
	for _, id := range m.used {
		m.slot[id] = 0
	}
	m.length, m.wide = len(words), (len(words)+63)/64
	m.used, m.bits, m.count = m.used[:0], m.bits[:0], m.count[:0]
	for i, id := range words {
		if grow := int(id) + 1 - len(m.slot); grow > 0 {
			m.slot = append(m.slot, make([]uint32, grow)...)
		}
		if m.slot[id] == 0 {
			m.used, m.count = append(m.used, id), append(m.count, 0)
			m.bits = append(m.bits, make([]uint64, m.wide)...)
			m.slot[id] = uint32(len(m.used))
		}
		at := int(m.slot[id] - 1)
		m.count[at]++
		m.bits[at*m.wide+i/64] |= 1 << (i % 64)
	}
}

// of is 1 + the number of the mask of a word; 0 where the text has none.
func (m *masks) of(id uint32) uint32 {
	if int(id) < len(m.slot) {
		return m.slot[id]
	}
	return 0
}

// lcs is the length of the longest common subsequence with words.
func (m *masks) lcs(words []uint32) int {
	m.state = m.state[:0]
	for range m.wide {
		m.state = append(m.state, ^uint64(0))
	}
	for _, id := range words {
		at := m.of(id)
		if at == 0 {
			continue
		}
		mask := m.bits[int(at-1)*m.wide : int(at)*m.wide]
		carry := uint64(0)
		for k, v := range m.state {
			var sum uint64
			sum, carry = bits.Add64(v, v&mask[k], carry)
			m.state[k] = sum | v&^mask[k]
		}
	}
	common := 0
	for k, v := range m.state {
		if rest := m.length - 64*k; rest < 64 {
			v |= ^uint64(0) << rest
		}
		common += bits.OnesCount64(^v)
	}
	return common
}

// overlap is the number of words in common, as multisets: no common subsequence is longer.
func (m *masks) overlap(words []uint32) int {
	m.left = append(m.left[:0], m.count...)
	common := 0
	for _, id := range words {
		if at := m.of(id); at > 0 && m.left[at-1] > 0 {
			m.left[at-1]--
			common++
		}
	}
	return common
}

// Overlaps keeps texts and finds the first whose ROUGE-L with a new one is above a limit. The zero value keeps nothing.
type Overlaps struct {
	ids   Numbers
	kept  [][]uint32
	masks masks
}

// Len is the number of texts that are kept.
func (o *Overlaps) Len() int { return len(o.kept) }

// Keep keeps the text of these words and returns its number.
func (o *Overlaps) Keep(words []uint64) int {
	o.kept = append(o.kept, intern(&o.ids, words))
	return len(o.kept) - 1
}

// First returns the text that was kept first among those whose ROUGE-L F with words is above limit, and that F. Texts that
// cannot be are passed over by their lengths, then by their words as multisets; the answer is that of comparing all.
func (o *Overlaps) First(words []uint64, limit float64) (m Match, ok bool) {
	o.masks.set(o.known(words))
	for at, kept := range o.kept {
		n := len(words) + len(kept)
		if n == 0 || !(fMeasure(min(len(words), len(kept)), n) > limit) || !(fMeasure(o.masks.overlap(kept), n) > limit) {
			continue
		}
		if f := fMeasure(o.masks.lcs(kept), n); f > limit {
			return Match{at, f}, true
		}
	}
	return m, false
}

// known numbers words as the kept ones are; new ones get one number that no kept text has.
func (o *Overlaps) known(words []uint64) []uint32 {
	out := make([]uint32, len(words))
	for i, w := range words {
		id, ok := o.ids.Known(w)
		if !ok {
			id = uint32(o.ids.Len())
		}
		out[i] = id
	}
	return out
}

// SelfInstruct is the ROUGE-L F above which an instruction is too like a kept one (Wang et al. 2023).
const SelfInstruct = .7
