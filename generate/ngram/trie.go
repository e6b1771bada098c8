package ngram

import "modelcollapse/generate"

// MaxOrder is the highest order of an n-gram.
const MaxOrder = 6

// A level holds the n-grams of one order, in lexicographic order of their ids.
type level struct {
	word  []uint32 // the last word of each n-gram; at order 1 n-gram i is id i, whether it occurs or not
	count []uint32 // how often each occurs
	child []uint32 // n-gram i is continued by n-grams child[i] … child[i+1]−1 of the next order; nil at the highest
}

// A trie holds the counts of all n-grams of orders 1 … len(level). It is never changed once it is built, so
// that statistics and fits share its arrays.
//
// The text is Begin w1 … wn End for each row. Windows start at every position, Begin's among them, and end with
// the row, so the n-grams of a trie are closed under prefix and suffix, Begin stands first or nowhere, and
// End last or nowhere.
type trie struct{ level []level } // level[k−1] holds order k

func emptyTrie(order, vocabulary int) *trie {
	b := newBuilder(order, vocabulary, make([]int, order))
	return b.finish()
}

func (t *trie) order() int { return len(t.level) }

// vocabulary is the number of ids, the three specials among them.
func (t *trie) vocabulary() int { return len(t.level[0].count) }

// total is the number of words, Ends and Begins.
func (t *trie) total() (n uint64) {
	for _, c := range t.level[0].count {
		n += uint64(c)
	}
	return n
}

// find is the n-gram of order k+1 that continues n-gram h of order k by word w.
func (t *trie) find(k int, h, w uint32) (uint32, bool) {
	child, word := t.level[k-1].child, t.level[k].word
	lo, hi := child[h], child[h+1]
	i := lo + seek(word[lo:hi], w)
	return i, i < hi && word[i] == w
}

// seek is the first index of ascending words whose word is at least w, len(words) if there is none. It gallops
// from the front: ids are ordered by falling frequency, so that what is looked for most is found first.
func seek(words []uint32, w uint32) uint32 {
	lo, hi := 0, 1
	for hi <= len(words) && words[hi-1] < w {
		lo, hi = hi, 2*hi+1
	}
	hi = min(hi-1, len(words))
	for lo < hi {
		m := int(uint(lo+hi) >> 1)
		if words[m] < w {
			lo = m + 1
		} else {
			hi = m
		}
	}
	return uint32(lo)
}

// node is the n-gram of order len(gram).
func (t *trie) node(gram []uint32) (uint32, bool) {
	if len(gram) == 0 || len(gram) > t.order() || int64(gram[0]) >= int64(t.vocabulary()) {
		return 0, false
	}
	i := gram[0]
	for k, w := range gram[1:] {
		var ok bool
		if i, ok = t.find(k+1, i, w); !ok {
			return 0, false
		}
	}
	return i, t.level[len(gram)-1].count[i] > 0
}

// opened is the range of n-grams of order k whose first word is Begin.
func (t *trie) opened(k int) (lo, hi uint32) {
	lo, hi = generate.Begin, generate.Begin+1
	for _, l := range t.level[:k-1] {
		lo, hi = l.child[lo], l.child[hi]
	}
	return lo, hi
}
