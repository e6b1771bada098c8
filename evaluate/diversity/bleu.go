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
	matches, totals := make([][]int, len(texts)), make([][]int, len(texts))
	for order := 1; order <= n; order++ {
		grams := make([]map[uint64]int, len(texts))
		most := map[uint64]highest{}
		for i, words := range texts {
			grams[i] = map[uint64]int{}
			for _, g := range text.Grams(nil, words, order) {
				grams[i][g]++
			}
			for g, c := range grams[i] {
				most[g] = most[g].with(i, c)
			}
		}
		for i, own := range grams {
			match, total := 0, 0
			for g, c := range own {
				match, total = match+min(c, most[g].without(i)), total+c
			}
			matches[i], totals[i] = append(matches[i], match), append(totals[i], total)
		}
	}
	closest := closestLengths(texts)
	scores := make([]float64, len(texts))
	for i := range texts {
		scores[i] = bleu(matches[i], totals[i], len(texts[i]), closest[i])
	}
	return num.Mean(scores)
}

// highest is the largest count of an n-gram in a text, and the largest in any other.
type highest struct{ in, first, second int }

// with takes in the count c of text i.
func (h highest) with(i, c int) highest {
	if c > h.first {
		return highest{i, c, h.first}
	}
	h.second = max(h.second, c)
	return h
}

// without is the largest count in a text other than i.
func (h highest) without(i int) int {
	if h.in == i {
		return h.second
	}
	return h.first
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
