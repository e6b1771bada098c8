package text

import (
	"fmt"
	"math"
	"slices"

	"modelcollapse/internal/rng"
)

// Near says what near-duplicates are: texts whose sets of word n-grams (Plain words) have much in common. Texts whose Jaccard
// index is s become candidates with probability 1 − (1 − s^rows)^bands (Broder 1997; Indyk and Motwani 1998).
type Near struct {
	Words   int     `json:"words" default:"5" min:"1" max:"64" doc:"of a shingle"`
	Bands   int     `json:"bands" default:"14" min:"1" max:"1024" doc:"a candidate agrees in all rows of one band at least"`
	Rows    int     `json:"rows" default:"8" min:"1" max:"64" doc:"hashes a band"`
	Jaccard float64 `json:"jaccard" default:"0" min:"0" max:"1" doc:"from which on a candidate counts, found exactly; 0: every candidate counts"`
}

// Usual is Near's default: 5 words, 14 bands of 8 rows, every candidate counts.
func Usual() Near { return Near{Words: 5, Bands: 14, Rows: 8} }

// Validate says what is wrong with n.
func (n Near) Validate() error {
	switch {
	case n.Words < 1 || n.Words > 64:
		return fmt.Errorf("words: %d is not in 1 … 64", n.Words)
	case n.Bands < 1 || n.Bands > 1024:
		return fmt.Errorf("bands: %d is not in 1 … 1024", n.Bands)
	case n.Rows < 1 || n.Rows > 64:
		return fmt.Errorf("rows: %d is not in 1 … 64", n.Rows)
	case !(n.Jaccard >= 0 && n.Jaccard <= 1):
		return fmt.Errorf("jaccard: %g is not in 0 … 1", n.Jaccard)
	}
	return nil
}

// Candidate is the probability that texts of Jaccard index s become candidates.
func (n Near) Candidate(s float64) float64 {
	return 1 - power(1-power(s, n.Rows), n.Bands)
}

// power is x^n.
func power(x float64, n int) float64 {
	p := 1.0
	for range n {
		p *= x
	}
	return p
}

// A Signature estimates Jaccard indices: one minimum for each hash function, over the shingles of a text. nil: a text
// without words, which is like none.
type Signature []uint32

// Jaccard is the share of hashes in which signatures of the same Hasher agree: unbiased for the Jaccard index s of the sets
// of shingles, with standard deviation √(s(1 − s)/hashes).
func (a Signature) Jaccard(b Signature) float64 {
	if len(a) == 0 || len(a) != len(b) {
		return 0
	}
	equal := 0
	for i, x := range a {
		if x == b[i] {
			equal++
		}
	}
	return float64(equal) / float64(len(a))
}

// A Hasher makes signatures. It is not for concurrent use: what it works with it keeps.
type Hasher struct {
	near       Near
	times, add []uint64 // hash i of a shingle x: the upper half of times[i]·x + add[i]
	words      []uint64
	shingles   []uint64
}

// NewHasher returns a Hasher; those of equal bands × rows use the same hash functions.
func NewHasher(n Near) (*Hasher, error) {
	if err := n.Validate(); err != nil {
		return nil, fmt.Errorf("near-duplicates: %w", err)
	}
	h := &Hasher{near: n, times: make([]uint64, n.Bands*n.Rows), add: make([]uint64, n.Bands*n.Rows)}
	draws := rng.Root(0).Child("minhash", 0).Stream()
	for i := range h.times {
		h.times[i], h.add[i] = draws.Uint64()|1, draws.Uint64()
	}
	return h, nil
}

// Sign returns the signature of a text.
func (h *Hasher) Sign(text string) Signature {
	h.words = Plain.Hash(h.words[:0], text)
	return h.SignWords(h.words)
}

// SignWords returns the signature of a text by the hashes of its words.
func (h *Hasher) SignWords(words []uint64) Signature {
	h.shingles = Shingles(h.shingles[:0], words, h.near.Words)
	if len(h.shingles) == 0 {
		return nil
	}
	s := make(Signature, len(h.times))
	for i := range s {
		s[i] = math.MaxUint32
	}
	const block = 1024 // shingles that stay in the nearest cache while every hash passes over them
	for part := range slices.Chunk(h.shingles, block) {
		h.lower(s, part)
	}
	return s
}

// lower takes the shingles of part into s, four hashes a pass.
func (h *Hasher) lower(s Signature, part []uint64) {
	i := 0
	for ; i+4 <= len(s); i += 4 {
		t0, t1, t2, t3 := h.times[i], h.times[i+1], h.times[i+2], h.times[i+3]
		a0, a1, a2, a3 := h.add[i], h.add[i+1], h.add[i+2], h.add[i+3]
		m0, m1, m2, m3 := s[i], s[i+1], s[i+2], s[i+3]
		for _, x := range part {
			m0 = min(m0, uint32((t0*x+a0)>>32))
			m1 = min(m1, uint32((t1*x+a1)>>32))
			m2 = min(m2, uint32((t2*x+a2)>>32))
			m3 = min(m3, uint32((t3*x+a3)>>32))
		}
		s[i], s[i+1], s[i+2], s[i+3] = m0, m1, m2, m3
	}
	for ; i < len(s); i++ {
		for _, x := range part {
			s[i] = min(s[i], uint32((h.times[i]*x+h.add[i])>>32))
		}
	}
}

// Jaccard is |A ∩ B| / |A ∪ B| of two sets, sorted and without repetition; 0 where both are empty.
func Jaccard(a, b []uint64) float64 {
	both := 0
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] < b[j]:
			i++
		case a[i] > b[j]:
			j++
		default:
			both, i, j = both+1, i+1, j+1
		}
	}
	if len(a)+len(b) == 0 {
		return 0
	}
	return float64(both) / float64(len(a)+len(b)-both)
}

// Set sorts shingles in place and drops repetitions.
func Set(shingles []uint64) []uint64 {
	slices.Sort(shingles)
	return slices.Compact(shingles)
}
