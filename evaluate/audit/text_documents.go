package audit

import (
	"math"
	"slices"

	"modelcollapse/generate/text"
)

// lengths is how the lengths of documents are distributed, in tokens.
type lengths struct {
	class []int32 // by document: the rank of its length
	of    int
}

func lengthsOf(l *library) *lengths {
	all := make([]int, len(l.marks))
	for i, words := range l.marks {
		all[i] = len(words)
	}
	known := slices.Clone(all)
	slices.Sort(known)
	known = slices.Compact(known)
	m := &lengths{of: len(known)}
	for _, n := range all {
		k, _ := slices.BinarySearch(known, n)
		m.class = append(m.class, int32(k))
	}
	return m
}

// Statistics is the distance of Kolmogorov and Smirnov.
func (*lengths) Statistics() []Statistic {
	return []Statistic{{Name: "length_ks", Part: Columns, What: "largest difference of the distribution functions of document lengths", Unit: "share", Worse: More, Threshold: .05}}
}

// Measure counts lengths on both sides.
func (m *lengths) Measure(s Split, to []float64) {
	count, n := make([][2]int, m.of), [2]int{}
	for i, k := range m.class {
		if side := s.Side[i]; side != Out {
			count[k][side-Reference]++
			n[side-Reference]++
		}
	}
	below, most := [2]int{}, 0.0
	for _, c := range count {
		below[0], below[1] = below[0]+c[0], below[1]+c[1]
		most = max(most, math.Abs(float64(below[0])/float64(n[0])-float64(below[1])/float64(n[1])))
	}
	to[0] = most
}

// flags is the share of the candidate's documents that have a mark.
type flags struct {
	all  []Statistic
	flag [][]bool // of each statistic, by document
}

// flagsOf looks at every document once: whether it is empty, and which of Gopher's limits it breaks.
func flagsOf(l *library, repetition []text.Repetition) *flags {
	m := &flags{all: []Statistic{
		{Name: "empty", Part: Validity, What: "documents without words", Unit: "share", Worse: More, Threshold: .005, own: ofAll, leak: len(l.texts) - l.real},
		{Name: "repetitive", Part: Diversity, What: "documents that break a limit of repetition (Rae et al. 2021)", Unit: "share", Worse: More, Threshold: .01, own: ofAll, leak: len(l.texts) - l.real},
	}, flag: [][]bool{make([]bool, len(l.texts)), make([]bool, len(l.texts))}}
	limits := text.Gopher()
	for i, words := range l.marks {
		m.flag[0][i] = len(words) == 0
		m.flag[1][i] = limits.Broken(repetition[i]) != nil
	}
	return m
}

// Statistics are a share a mark.
func (m *flags) Statistics() []Statistic { return m.all }

// Measure counts marks on the candidate's side.
func (m *flags) Measure(s Split, to []float64) {
	n := 0
	for _, side := range s.Valid {
		if side == Candidate {
			n++
		}
	}
	for k, flag := range m.flag {
		have := 0
		for i, side := range s.Valid {
			if side == Candidate && flag[i] {
				have++
			}
		}
		to[k] = float64(have) / float64(n)
	}
}
