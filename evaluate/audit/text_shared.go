package audit

import (
	"modelcollapse/generate/text"
)

// shared are the word n-grams that two or more documents have.
type shared struct {
	n  int
	at [][]place // of each document, by place
	of int       // how many n-grams
}

// place is a shared n-gram of a document.
type place struct {
	from int32 // its first word
	id   int32
	new  bool // it has not occurred in the document before
}

// sharedOf finds n-grams in two passes over hashes: a filter leaves those that may occur twice, and of those the documents are counted.
func sharedOf(words [][]uint64, n int) *shared {
	twice := twiceOf(words, n)
	m := &shared{n: n, at: make([][]place, len(words))}
	var ids text.Numbers
	var grams []uint64
	var documents, last []int32
	for i, w := range words {
		grams = text.Grams(grams[:0], w, n)
		for from, g := range grams {
			if !twice.has(g) {
				continue
			}
			id := ids.Of(g)
			if int(id) == len(documents) {
				documents, last = append(documents, 0), append(last, -1)
			}
			fresh := last[id] != int32(i)
			if fresh {
				documents[id]++
				last[id] = int32(i)
			}
			m.at[i] = append(m.at[i], place{int32(from), int32(id), fresh})
		}
	}
	m.keep(documents)
	return m
}

// A filter is bits of hashes; what was put in, it has.
type filter []uint64

// twiceOf has the n-grams that occur twice, and few others.
func twiceOf(words [][]uint64, n int) filter {
	size := 0
	for _, w := range words {
		size += max(0, len(w)-n+1)
	}
	lines := 1
	for 64*lines < 8*size {
		lines *= 2
	}
	once, twice := make(filter, lines), make(filter, lines)
	var grams []uint64
	for _, w := range words {
		grams = text.Grams(grams[:0], w, n)
		for _, g := range grams {
			if once.has(g) {
				twice.put(g)
			}
			once.put(g)
		}
	}
	return twice
}

func (f filter) has(g uint64) bool { return f[g&uint64(len(f)-1)]>>(g>>58)&1 == 1 }
func (f filter) put(g uint64)      { f[g&uint64(len(f)-1)] |= 1 << (g >> 58) }

// keep leaves those that two documents have.
func (m *shared) keep(documents []int32) {
	as := make([]int32, len(documents))
	for id, n := range documents {
		if as[id] = -1; n > 1 {
			as[id] = int32(m.of)
			m.of++
		}
	}
	for i, all := range m.at {
		kept := all[:0]
		for _, p := range all {
			if p.id = as[p.id]; p.id >= 0 {
				kept = append(kept, p)
			}
		}
		m.at[i] = kept
	}
}

// longest is for each candidate in Whole the words of the longest run all of whose n-grams are in references, 0 where no n-gram is;
// −1 for other documents.
func (m *shared) longest(s Split) []int32 {
	references, least := make([]int32, m.of), int32(1)
	if s.Alone {
		least = 2
	}
	for i, side := range s.Whole {
		if side != Reference && !(s.Alone && side == Candidate) {
			continue
		}
		for _, p := range m.at[i] {
			if p.new {
				references[p.id]++
			}
		}
	}
	out := make([]int32, len(m.at))
	for i, side := range s.Whole {
		if out[i] = -1; side != Candidate {
			continue
		}
		out[i] = 0
		run, next := int32(0), int32(-1)
		for _, p := range m.at[i] {
			if references[p.id] < least {
				continue
			}
			if run++; p.from != next {
				run = 1
			}
			next = p.from + 1
			out[i] = max(out[i], run+int32(m.n)-1)
		}
	}
	return out
}

// phrases are statistics of copied n-grams.
type phrases struct {
	long, short *shared
	copied      int // candidates among whom copies are looked for
}

// The n-grams of copying: 13 words, as data sets are cleaned of test sets (Brown et al. 2020), and 8, of which longer runs consist.
const longGram, shortGram = 13, 8

func phrasesOf(l *library) *phrases {
	return &phrases{sharedOf(l.plain, longGram), sharedOf(l.plain, shortGram), min(l.real, len(l.texts)-l.real)}
}

// Statistics are a share of documents, and a length.
func (m *phrases) Statistics() []Statistic {
	return []Statistic{
		{Name: "copies.13gram", Part: Copying, What: "documents that have 13 words in a row of a real one", Unit: "share", Worse: More, Threshold: .005, leak: m.copied},
		{Name: "copies.longest", Part: Copying, What: "the longest run of words all of whose 8-grams occur in real documents", Unit: "words", Worse: More, Threshold: 20},
	}
}

// Measure looks at all candidates.
func (m *phrases) Measure(s Split, to []float64) {
	n, have, most := 0, 0, int32(0)
	for _, words := range m.long.longest(s) {
		if words >= 0 {
			n++
		}
		if words > 0 {
			have++
		}
	}
	for _, words := range m.short.longest(s) {
		most = max(most, words)
	}
	to[0], to[1] = float64(have)/float64(n), float64(most)
}
