package ngram

// Join visits each n-gram of an order that occurs in c or in other, with its count in both, in lexicographic order of
// ids, at a cost linear in both: how lost mass and overlap of large sets are computed without a search for each. Both
// must be counted up to that order. The slice is reused.
func (c *Counts) Join(other *Counts, order int, visit func(ngram []uint32, mine, theirs uint32)) {
	if order < 1 || order > min(c.order(), other.order()) {
		return
	}
	m := &merger{a: c.upTo(order), b: other.upTo(order)}
	gram := make([]uint32, order)
	m.put = func(k int, x, y uint32) {
		a, b := &m.a.level[k], &m.b.level[k]
		var mine, theirs uint32
		if x != absent {
			gram[k], mine = a.word[x], a.count[x]
		}
		if y != absent {
			gram[k], theirs = b.word[y], b.count[y]
		}
		if k+1 == order && (mine > 0 || theirs > 0) {
			visit(gram, mine, theirs)
		}
	}
	m.unigrams(uint32(max(m.a.vocabulary(), m.b.vocabulary())))
}
