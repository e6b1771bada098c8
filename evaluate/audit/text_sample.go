package audit

import (
	"fmt"
	"slices"
	"sync/atomic"

	"modelcollapse/evaluate/diversity"
	"modelcollapse/internal/rng"
)

// dimensions of the features that samples are looked at by.
const dimensions = 128

// sampled are statistics of n documents a side, too dear for all; their names carry n.
type sampled struct {
	l        *library
	n        int
	features []atomic.Pointer[[]float64] // by document, made when first asked for
	centres  diversity.Features          // of the cells of MAUVE
	cell     []atomic.Int32              // by document: 1 + that of the nearest centre; 0: not found yet
	vendi    float64                     // of n real documents: what differences are measured in
}

// sampledOf prepares cells and scale; the cells are those of as many real as synthetic documents.
func sampledOf(l *library, n int, k rng.Key) (*sampled, error) {
	m := &sampled{l: l, n: n, features: make([]atomic.Pointer[[]float64], len(l.texts)), cell: make([]atomic.Int32, len(l.texts))}
	var some [2][]int
	for _, i := range l.order {
		if set := l.set(i); len(some[set]) < n {
			some[set] = append(some[set], i)
		}
	}
	both := m.rows(slices.Concat(some[0], some[1]))
	m.centres = diversity.Clustering{Key: k}.Centres(both, max(2, n/10))
	var err error
	m.vendi, err = diversity.VendiCosine(m.rows(some[0]), 1)
	return m, err
}

// row is the features of a document; equal whoever makes them first.
func (m *sampled) row(i int) []float64 {
	if at := m.features[i].Load(); at != nil {
		return *at
	}
	x := diversity.Hashed([][]uint64{m.l.plain[i]}, dimensions).X
	m.features[i].Store(&x)
	return x
}

// rows are the features of documents.
func (m *sampled) rows(documents []int) diversity.Features {
	f := diversity.Features{Dim: dimensions, X: make([]float64, 0, len(documents)*dimensions)}
	for _, i := range documents {
		f.X = append(f.X, m.row(i)...)
	}
	return f
}

// cells is how many of documents are in each.
func (m *sampled) cells(documents []int) []float64 {
	at := make([]int, len(documents))
	for k, i := range documents {
		known := m.cell[i].Load()
		if known == 0 {
			known = 1 + int32(diversity.Features{Dim: dimensions, X: m.row(i)}.Cells(m.centres)[0])
			m.cell[i].Store(known)
		}
		at[k] = int(known - 1)
	}
	return diversity.Histogram(at, m.centres.Len())
}

// Statistics are joint, and diversity.
func (m *sampled) Statistics() []Statistic {
	name := func(s string) string { return fmt.Sprintf("%s@%d", s, m.n) }
	all := []Statistic{
		{Name: name("classifier_auc"), Part: Joint, What: "area under the curve of a logistic regression on " + diversity.HashedNGrams + " that tells the sides apart, in two folds; 0.5: it cannot", Unit: "area", Worse: More, Threshold: .1},
		{Name: name("mauve"), Part: Joint, What: "MAUVE of " + diversity.HashedNGrams + ", 1 for equal sets", Worse: Less, Threshold: .05},
		{Name: name("vendi1"), Part: Diversity, What: "Vendi score of order 1 on cosines of " + diversity.HashedNGrams + ": the effective number of different documents", Unit: "documents", Worse: Less, Threshold: max(.05*m.vendi, 1e-9), own: ofSide},
		{Name: name("self_bleu4"), Part: Diversity, What: "mean BLEU-4 of a document against the others", Worse: More, Threshold: .03, own: ofSide},
	}
	if m.n == sampleLimit { // more documents are not looked at
		for k := range all {
			all[k].limit = m.n
		}
	}
	return all
}

// Measure draws n documents a side.
func (m *sampled) Measure(s Split, to []float64) {
	for k := range to {
		to[k] = nan()
	}
	reference, candidate := m.l.sample(s, Reference, m.n), m.l.sample(s, Candidate, m.n)
	if reference == nil || candidate == nil {
		return
	}
	q := m.rows(candidate)
	if !s.own {
		to[0] = tellApart(m.rows(reference), q)
		to[1] = diversity.Mauve(m.cells(reference), m.cells(candidate))
	}
	if v, err := diversity.VendiCosine(q, 1); err == nil {
		to[2] = v
	}
	words := make([][]uint64, len(candidate))
	for k, i := range candidate {
		words[k] = m.l.marks[i]
	}
	to[3] = diversity.SelfBLEU(words, 4)
}

// compression is how much the candidate's documents can be compressed, at equal bytes.
type compression struct {
	l     *library
	bytes int
}

// mostCompressed is the bytes that are compressed a split at most.
const mostCompressed = 1 << 19

func compressionOf(l *library) *compression {
	var total [2]int
	for i, s := range l.texts {
		total[l.set(i)] += len(s) + 1
	}
	bytes := float64(mostCompressed)
	for set, n := range total {
		bytes = min(bytes, .9*float64(n)*float64(l.size())/float64(l.tokens[set]))
	}
	return &compression{l, roundDown(int(bytes))}
}

// Statistics is a ratio, with compressor and bytes in its name.
func (m *compression) Statistics() []Statistic {
	return []Statistic{{Name: fmt.Sprintf("compression.%s@%d", diversity.Compressor, m.bytes), Part: Diversity, What: "bytes over bytes when compressed", Worse: More, Threshold: .1, own: ofSide}}
}

// Measure joins documents until there are enough bytes.
func (m *compression) Measure(s Split, to []float64) {
	to[0] = nan()
	joined := make([]byte, 0, m.bytes+1<<12)
	for _, i := range m.l.order {
		if s.Side[i] != Candidate {
			continue
		}
		if joined = append(append(joined, m.l.texts[i]...), '\n'); len(joined) >= m.bytes {
			if ratio, err := diversity.Compression(joined[:m.bytes]); err == nil {
				to[0] = ratio
			}
			return
		}
	}
}
