package ngram

import (
	"math/bits"
	"math/rand/v2"

	"modelcollapse/generate"
)

// A lane is one chain of draws. Several are advanced side by side, so that the memory accesses of one overlap
// with those of others.
type lane struct {
	rng      *rand.Rand
	from     state            // the longest context that occurs
	at       int              // order of the context that is drawn in: from, or a suffix of it after rejections
	context  [MaxOrder]uint32 // the contexts that were drawn in, by order
	first, n uint32           // the occurrences of the children of the last of them
	drawn    occurrence       // one of those
	rest     uint64           // what its choice left over of the random number
	kept     int              // order of the n-gram that was drawn and kept; 0: none yet
	next     uint32           // the n-gram, or at the highest order its suffix
	word     uint32           // its last word; Begin: nothing, the draw must be made again
}

// step draws a word for each lane, and the context after it. Where the word is Begin, the draw was of an id
// that does not occur in text, Unknown: it is made again from the same context, which is the law given that
// there is none.
func (s *sampler) step(active []*lane) {
	for _, l := range active {
		l.at, l.kept = l.from.k, 0
		l.context[l.at] = l.from.node
	}
	for k := s.order - 1; k > 0; k-- {
		s.inContexts(k, active)
	}
	for _, l := range active {
		if l.kept == 0 {
			s.draws[0].unigram(l)
		}
	}
	for _, l := range active {
		if l.kept == 0 {
			s.judge(l)
		} else {
			l.word = s.contexts[min(l.kept, s.order-1)-1][l.next].word
		}
	}
	for _, l := range active {
		s.follow(l)
	}
}

// inContexts draws for the lanes that stand in contexts of order k; what is rejected goes on in a suffix.
func (s *sampler) inContexts(k int, active []*lane) {
	contexts, d := s.contexts[k-1], &s.draws[k]
	var room [lanes]*lane
	here := room[:0]
	for _, l := range active {
		if l.kept == 0 && l.at == k {
			h := l.context[k]
			l.first = contexts[h].first
			l.n = contexts[h+1].first - l.first
			here = append(here, l)
		}
	}
	// First all occurrences are fetched, then all are judged: a branch on what was fetched would wait for it.
	d.fetch(here, k, s.trie.level[k-1].child)
	for _, l := range here {
		if l.n > 0 && (!d.gives || d.keeps(l.rest, s.count(l, k))) {
			l.next, l.kept = l.drawn.next, k+1
			continue
		}
		if l.at--; k > 1 {
			l.context[k-1] = s.links[k-1][l.context[k]]
		}
	}
}

// fetch draws an occurrence for each lane whose context, of order k, has any.
func (d *draws) fetch(here []*lane, k int, child []uint32) {
	for _, l := range here {
		if l.n == 0 {
			continue
		}
		var i uint64
		i, l.rest = bits.Mul64(l.rng.Uint64(), uint64(l.n))
		if d.entry != nil {
			l.drawn = d.entryAt(l.first + uint32(i))
		} else {
			h := l.context[k]
			l.drawn = d.search(l.first+uint32(i), child[h], child[h+1])
		}
	}
}

// unigram draws an occurrence without context, if there is any.
func (d *draws) unigram(l *lane) {
	if d.total == 0 {
		return
	}
	var i uint64
	if i, l.rest = bits.Mul64(l.rng.Uint64(), uint64(d.total)); d.entry != nil {
		l.drawn = d.entryAt(uint32(i))
	} else {
		l.drawn = d.search(uint32(i), 0, uint32(len(d.counts)))
	}
}

// judge keeps the occurrence that was drawn without context, or draws an id uniformly. A model of no rows that gives
// nothing away has neither: it ends the row.
func (s *sampler) judge(l *lane) {
	d := &s.draws[0]
	switch {
	case d.total > 0 && d.keeps(l.rest, s.count(l, 0)):
		l.word = l.drawn.next
	case d.gives:
		l.word = s.uniform(l)
	default:
		l.word = generate.End
	}
	l.kept, l.next = 1, l.word
}

// uniform draws any id but Begin, which stands for Unknown if that is no word.
func (s *sampler) uniform(l *lane) uint32 {
	i, _ := bits.Mul64(l.rng.Uint64(), s.ids-1)
	w := uint32(i)
	if w >= generate.Begin {
		w++
	}
	if w == generate.Unknown && !s.unknown {
		return generate.Begin
	}
	return w
}

// follow moves a lane to the context after its word: the longest that occurs, which may be one that a longer
// context than the word was drawn in leads to. What follows a context follows its suffixes too, so the search
// ends at the first that does not know the word.
func (s *sampler) follow(l *lane) {
	if l.word == generate.Begin || s.order == 1 {
		return
	}
	k, node := l.kept, l.next
	for ; k <= l.from.k && k+1 < s.order; k++ {
		i, ok := s.trie.find(k, l.context[k], l.word)
		if !ok {
			break
		}
		node = i
	}
	l.from = state{min(k, s.order-1), node}
}

// count is that of the n-gram that a lane drew in its context of order k; those too large for an entry are looked up.
func (s *sampler) count(l *lane, k int) uint32 {
	d := &s.draws[k]
	switch {
	case d.entry == nil || l.drawn.count < d.most:
		return l.drawn.count
	case d.next == nil:
		return d.counts[l.drawn.next]
	}
	i, _ := s.trie.find(k, l.context[k], s.contexts[k-1][l.drawn.next].word)
	return d.counts[i]
}

// keeps decides by what the choice of an occurrence left over of a random number, a uniform 64-bit fraction.
func (d *draws) keeps(rest uint64, c uint32) bool {
	return !d.gives || float64(float64(rest)*float64(c)) >= float64(0x1p64*d.drop(c))
}
