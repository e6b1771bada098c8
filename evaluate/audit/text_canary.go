package audit

import (
	"math"
	"math/rand/v2"
	"strings"

	"modelcollapse/generate/text"
	"modelcollapse/internal/num"
)

// An Exposure is how likely a model of the synthetic set finds a canary, a text of random digits or words that was planted among the
// training documents, beside others like it that were not (Carlini et al. 2019, The Secret Sharer).
type Exposure struct {
	Canary string  `json:"canary"`
	Rank   float64 `json:"rank"` // of its likelihood among Of, 1 the most likely; of equals the middle
	Of     int     `json:"of"`   // it and those drawn like it
	Bits   Number  `json:"bits"` // exposure: log₂ Of − log₂ Rank
}

// canaryOrder is the longest n-gram of bytes that a likelihood looks at.
const canaryOrder = 8

// exposures ranks canaries. The model is one of bytes: each has the relative frequency after the longest context, of up to 7 bytes,
// that occurs in the synthetic set (stupid back-off by 0.4, Brants et al. 2007). Those drawn like a canary have other digits where it has
// digits; where it has none, its words are drawn from the real documents at random.
func exposures(canaries []string, real, synthetic []string, r *rand.Rand) []Exposure {
	var drawn [][]string
	var asked text.Numbers
	words := wordsOf(real)
	for _, c := range canaries {
		like := []string{c}
		for range decoys {
			like = append(like, drawLike(c, words, r))
		}
		for _, s := range like {
			eachGram(s, func(hash uint64, _, _ int) { asked.Of(hash) })
		}
		drawn = append(drawn, like)
	}
	counts := make([]int32, asked.Len())
	total := 0
	for _, s := range synthetic {
		total += len(s) + 1
		eachGram(s, func(hash uint64, _, _ int) {
			if id, ok := asked.Known(hash); ok {
				counts[id]++
			}
		})
	}
	var all []Exposure
	for k, like := range drawn {
		own, rank := likelihood(like[0], &asked, counts, total), 1.0
		for _, s := range like[1:] {
			switch x := likelihood(s, &asked, counts, total); {
			case x > own:
				rank++
			case x == own:
				rank += .5
			}
		}
		bits := num.Log(float64(len(like))/rank) / math.Ln2
		all = append(all, Exposure{canaries[k], rank, len(like), Number(bits)})
	}
	return all
}

// eachGram calls do with a hash of every n-gram of the bytes of s, a line feed before and after it, up to canaryOrder; at is the
// place of its last byte.
func eachGram(s string, do func(hash uint64, at, n int)) {
	const prime = 1099511628211
	b := "\n" + s + "\n"
	for at := range len(b) {
		h := uint64(14695981039346656037)
		for n := 1; n <= min(canaryOrder, at+1); n++ {
			h = (h ^ uint64(b[at+1-n])) * prime
			do(h^h>>29^uint64(n)<<56, at, n)
		}
	}
}

// likelihood is the sum over bytes of the log of back-off scores, nats.
func likelihood(s string, asked *text.Numbers, counts []int32, total int) float64 {
	at := make([][canaryOrder + 1]float64, len(s)+2)
	eachGram(s, func(hash uint64, end, n int) {
		if id, ok := asked.Known(hash); ok {
			at[end][n] = float64(counts[id])
		}
	})
	sum := 0.0
	for end := 1; end < len(at); end++ {
		score, longest := 0.4/(256*float64(total+1)), min(canaryOrder, end+1)
		for range longest - 1 {
			score *= .4
		}
		back := 1.0
		for n := longest; n > 0; n, back = n-1, back*.4 {
			context := float64(total)
			if n > 1 {
				context = at[end-1][n-1]
			}
			if at[end][n] > 0 {
				score = back * at[end][n] / context
				break
			}
		}
		sum += num.Log(score)
	}
	return sum
}

// wordsOf are the words of up to 10000 documents, as often as they occur.
func wordsOf(documents []string) (all []string) {
	for _, s := range documents[:min(len(documents), 10000)] {
		all = append(all, text.Blanks.Words(s)...)
	}
	return all
}

// drawLike draws other digits, or other words if there is no digit.
func drawLike(canary string, words []string, r *rand.Rand) string {
	if strings.ContainsAny(canary, "0123456789") {
		return strings.Map(func(c rune) rune {
			if c >= '0' && c <= '9' {
				return '0' + rune(r.IntN(10))
			}
			return c
		}, canary)
	}
	own := text.Blanks.Words(canary)
	for k := range own {
		if len(words) > 0 {
			own[k] = words[r.IntN(len(words))]
		}
	}
	return strings.Join(own, " ")
}
