package pipeline

import (
	"strings"
	"unicode"

	"modelcollapse/internal/num"
)

// A wordModel is an interpolated bigram model of words in lower case: p(b|a) = ½ c(ab)/c(a) + ½ (c(b) + 1)/(N + V + 1), with V
// words that occur (Jelinek and Mercer 1980, λ = ½). It is fitted on every record of a trail, dropped ones too, so that none
// is expected for having been kept. Memory is bounded: words and pairs beyond 2^18 and 2^20 are counted as unknown.
type wordModel struct {
	ids   map[string]uint32
	count []float64
	pairs map[[2]uint32]float64
	total float64
}

const (
	maxWords = 1 << 18
	maxPairs = 1 << 20
)

func newWordModel() *wordModel {
	return &wordModel{ids: map[string]uint32{}, count: []float64{0, 0}, pairs: map[[2]uint32]float64{}}
}

// The first two ids: before the first word, and a word that is not counted.
const (
	begin uint32 = iota
	unknown
)

// words cuts a text at what is neither letter nor digit.
func words(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) })
}

func (m *wordModel) add(text string) {
	last := begin
	m.count[begin]++
	for _, w := range words(text) {
		i, known := m.ids[w]
		if !known && len(m.ids) < maxWords {
			i = uint32(len(m.count))
			m.ids[strings.Clone(w)] = i
			m.count = append(m.count, 0)
		} else if !known {
			i = unknown
		}
		m.count[i]++
		m.total++
		pair := [2]uint32{last, i}
		if _, known := m.pairs[pair]; known || len(m.pairs) < maxPairs {
			m.pairs[pair]++
		}
		last = i
	}
}

func (m *wordModel) id(w string) uint32 {
	if i, ok := m.ids[w]; ok {
		return i
	}
	return unknown
}

// score is the mean surprisal of a text, −ln p a word, the mean of −ln of the frequency of its words, both in nats, and how
// many words it has. Both are 0 for a text without words.
func (m *wordModel) score(text string) (surprisal, rarity float64, n int) {
	all := words(text)
	last := begin
	for _, w := range all {
		i := m.id(w)
		frequency := (m.count[i] + 1) / (m.total + float64(len(m.count)) + 1)
		p := frequency / 2
		if c := m.count[last]; c > 0 {
			p += m.pairs[[2]uint32{last, i}] / c / 2
		}
		surprisal -= num.Log(p)
		rarity -= num.Log(frequency)
		last = i
	}
	if len(all) == 0 {
		return 0, 0, 0
	}
	return surprisal / float64(len(all)), rarity / float64(len(all)), len(all)
}
