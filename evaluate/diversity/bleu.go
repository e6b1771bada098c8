package diversity

import (
	"math"

	"modelcollapse/generate/text"
	"modelcollapse/internal/num"
)

// SelfBLEU is the mean over texts of the BLEU of each against all others (Zhu et al. 2018), with equal weights on 1- … n-grams
// and smoothing method 1 of Chen and Cherry (2014): a precision without a match counts .1 matches; a text without a common
// word has BLEU 0. In [0, 1], high where texts repeat each other; NaN for fewer than two texts. The usual words are
// text.Marks. It costs what the n-grams cost: of each only the largest and the second largest count in a text are needed.
func SelfBLEU(texts [][]uint64, n int) float64 {
	if len(texts) < 2 {
		return math.NaN()
	}
	matches, totals := make([]int, len(texts)*n), make([]int, len(texts)*n)
	var t tally
	for k := range n {
		t.count(texts, k+1)
		for i, own := range t.own {
			for _, g := range own {
				c := int(g.count)
				matches[i*n+k], totals[i*n+k] = matches[i*n+k]+min(c, t.most[g.id].without(i)), totals[i*n+k]+c
			}
		}
	}
	closest := closestLengths(texts)
	scores := make([]float64, len(texts))
	for i := range texts {
		scores[i] = bleu(matches[i*n:(i+1)*n], totals[i*n:(i+1)*n], len(texts[i]), closest[i])
	}
	return num.Mean(scores)
}

// A tally counts the n-grams of texts.
type tally struct {
	ids   text.Numbers
	grams []uint64
	most  []highest // by n-gram
	last  []place   // by n-gram: where the text that has it last counts it
	own   [][]gramCount
}

// gramCount is how often a text has an n-gram.
type gramCount struct{ id, count uint32 }

// place is an entry of own.
type place struct{ in, at int32 }

// count counts the n-grams of this order.
func (t *tally) count(texts [][]uint64, order int) {
	t.ids.Reset()
	t.most, t.last = t.most[:0], t.last[:0]
	t.own = make([][]gramCount, len(texts))
	for i, words := range texts {
		t.grams = text.Grams(t.grams[:0], words, order)
		own := make([]gramCount, 0, len(t.grams))
		for _, g := range t.grams {
			id := t.ids.Of(g)
			if int(id) == len(t.most) {
				t.most, t.last = append(t.most, highest{}), append(t.last, place{-1, 0})
			}
			if at := &t.last[id]; int(at.in) != i {
				*at = place{int32(i), int32(len(own))}
				own = append(own, gramCount{id, 1})
			} else {
				own[at.at].count++
			}
		}
		for _, g := range own {
			t.most[g.id] = t.most[g.id].with(i, int(g.count))
		}
		t.own[i] = own
	}
}

// highest is the largest count of an n-gram in a text, and the largest in any other.
type highest struct{ in, first, second int32 }

// with takes in the count c of text i.
func (h highest) with(i, c int) highest {
	if int32(c) > h.first {
		return highest{int32(i), int32(c), h.first}
	}
	h.second = max(h.second, int32(c))
	return h
}

// without is the largest count in a text other than i.
func (h highest) without(i int) int {
	if int(h.in) == i {
		return int(h.second)
	}
	return int(h.first)
}

// bleu is the geometric mean of matches/totals times the brevity penalty of a text of this length against a reference.
func bleu(matches, totals []int, length, reference int) float64 {
	if length == 0 || matches[0] == 0 {
		return 0
	}
	logs := 0.0
	for k, total := range totals {
		match := float64(matches[k])
		if match == 0 {
			match = .1
		}
		logs += num.Log(match / float64(max(total, 1)))
	}
	logs /= float64(len(totals))
	if length < reference {
		logs += 1 - float64(reference)/float64(length)
	}
	return num.Exp(logs)
}

// closestLengths is for each text the length of another that is closest to its own, the shorter of two.
func closestLengths(texts [][]uint64) []int {
	having := map[int]int{}
	longest := 0
	for _, words := range texts {
		having[len(words)]++
		longest = max(longest, len(words))
	}
	out := make([]int, len(texts))
	for i, words := range texts {
		n := len(words)
		if having[n] > 1 {
			out[i] = n
			continue
		}
		for d := 1; d <= max(n, longest-n); d++ {
			if having[n-d] > 0 {
				out[i] = n - d
				break
			} else if having[n+d] > 0 {
				out[i] = n + d
				break
			}
		}
	}
	return out
}
