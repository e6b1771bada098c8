package text

import "slices"

// A Match is a kept text that a new one is like.
type Match struct {
	Kept int     // number of the kept text, from 0, in the order in which they were kept
	Is   float64 // how like: estimated Jaccard, exact Jaccard or ROUGE-L F, as the index that found it says
}

// An Index keeps texts and finds the near-duplicates of a new one among them. Its answers depend on the texts and their order
// alone. It takes about 1 kB a kept text, and 8 bytes a shingle more where Near.Jaccard asks for exact indices.
type Index struct {
	hasher *Hasher
	signed []Signature
	sets   [][]uint64       // of shingles, where Near.Jaccard is above 0
	last   map[uint64]int32 // by band and its hashes: the text that was kept last with them
	before []int32          // of text × band: the text kept before it with the same hashes; −1: none
	found  []int32
}

// NewIndex returns an index that keeps nothing yet.
func NewIndex(n Near) (*Index, error) {
	h, err := NewHasher(n)
	if err != nil {
		return nil, err
	}
	return &Index{hasher: h, last: map[uint64]int32{}}, nil
}

// Len is the number of texts that are kept.
func (x *Index) Len() int { return len(x.signed) }

// A Text is a text as an Index compares it.
type Text struct {
	signature Signature
	set       []uint64
}

// Prepare returns text as x compares it, so that it is hashed once to be looked for and kept.
func (x *Index) Prepare(text string) Text {
	x.hasher.words = Plain.Hash(x.hasher.words[:0], text)
	return x.PrepareWords(x.hasher.words)
}

// PrepareWords is Prepare of the hashes of a text's words.
func (x *Index) PrepareWords(words []uint64) Text { return x.hasher.Text(words) }

// Text is PrepareWords for indices of the same Near, so that texts can be hashed at once, by a Hasher each.
func (h *Hasher) Text(words []uint64) Text {
	t := Text{signature: h.SignWords(words)}
	if h.near.Jaccard > 0 {
		t.set = Set(slices.Clone(h.shingles))
	}
	return t
}

// First returns the text that was kept first among the near-duplicates of t: with the estimated Jaccard index, or the exact
// one where Near.Jaccard is above 0. ok is false where there is none.
func (x *Index) First(t Text) (m Match, ok bool) {
	if t.signature == nil {
		return m, false
	}
	found := x.found[:0]
	for band := range x.hasher.near.Bands {
		if at, ok := x.last[x.key(t.signature, band)]; ok {
			for ; at >= 0; at = x.before[int(at)*x.hasher.near.Bands+band] {
				found = append(found, at)
			}
		}
	}
	slices.Sort(found)
	x.found = slices.Compact(found)
	for _, at := range x.found {
		if x.hasher.near.Jaccard == 0 {
			return Match{int(at), t.signature.Jaccard(x.signed[at])}, true
		}
		if s := Jaccard(t.set, x.sets[at]); s >= x.hasher.near.Jaccard {
			return Match{int(at), s}, true
		}
	}
	return m, false
}

// Keep keeps t and returns its number.
func (x *Index) Keep(t Text) int {
	n := len(x.signed)
	x.signed = append(x.signed, t.signature)
	if x.hasher.near.Jaccard > 0 {
		x.sets = append(x.sets, t.set)
	}
	for band := range x.hasher.near.Bands {
		before := int32(-1)
		if t.signature != nil {
			key := x.key(t.signature, band)
			if at, ok := x.last[key]; ok {
				before = at
			}
			x.last[key] = int32(n)
		}
		x.before = append(x.before, before)
	}
	return n
}

// key is a hash of a band's number and the rows of s in it.
func (x *Index) key(s Signature, band int) uint64 {
	rows := x.hasher.near.Rows
	h := uint64(band) * base
	for _, v := range s[band*rows : (band+1)*rows] {
		h = mix(h ^ uint64(v))
	}
	return h
}
