package ngram

import "modelcollapse/generate"

// suffixes links each n-gram of each order to the n-gram of one word less that is left without its first word;
// nil at order 1. The children of a context are children of its suffix too, so one walk finds them in order.
func (t *trie) suffixes() [][]uint32 {
	links := make([][]uint32, t.order())
	for k := 1; k < t.order(); k++ {
		if k == 1 {
			links[1] = t.level[1].word
			continue
		}
		links[k] = t.suffixesOf(k, links[k-1])
	}
	return links
}

// suffixesOf links level k; up links level k−1.
func (t *trie) suffixesOf(k int, up []uint32) []uint32 {
	word, shorter := t.level[k].word, t.level[k-1].word
	child, childOfSuffix := t.level[k-1].child, t.level[k-2].child
	links := make([]uint32, len(word))
	for h, s := range up {
		x, end := childOfSuffix[s], childOfSuffix[s+1]
		for i := child[h]; i < child[h+1]; i++ {
			if shorter[x] != word[i] {
				x += seek(shorter[x:end], word[i])
			}
			links[i] = x
		}
	}
	return links
}

// adjusted are the counts that Kneser-Ney smoothing discounts, an array an order: of an n-gram below the top
// order the number of different words before it, but for n-grams that begin with Begin, which nothing stands
// before (Heafield et al. 2013, section 3.1). Top counts are those of t, and Begin itself counts 0.
func (t *trie) adjusted(links [][]uint32) [][]uint32 {
	top := t.order() - 1
	counts := t.raw()
	for k := range top {
		c := make([]uint32, len(t.level[k].count))
		for _, s := range links[k+1] {
			c[s]++
		}
		if lo, hi := t.opened(k + 1); k > 0 {
			copy(c[lo:hi], t.level[k].count[lo:hi])
		} else {
			c[generate.Begin] = 0
		}
		counts[k] = c
	}
	return counts
}

// raw are the counts of t; Begin, which is never predicted, counts 0.
func (t *trie) raw() [][]uint32 {
	counts := make([][]uint32, t.order())
	for k, l := range t.level {
		counts[k] = l.count
	}
	counts[0] = append([]uint32(nil), counts[0]...)
	counts[0][generate.Begin] = 0
	return counts
}
