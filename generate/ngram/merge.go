package ngram

// absent stands for an n-gram that one of two tries does not have.
const absent = ^uint32(0)

// mergeTries is a + times·b, of the order of a (that of b is at least as high), at a cost linear in both. It shares
// arrays where those of b are enough, and writes none that exist.
func mergeTries(a, b *trie, times uint32) *trie {
	if a.total() == 0 && times == 1 && b.vocabulary() >= a.vocabulary() {
		return b.upTo(a.order())
	}
	m := &merger{a: a, b: b}
	vocabulary := max(a.vocabulary(), b.vocabulary())
	// Two walks: the first measures, so that no array is larger than it must be.
	size := make([]int, a.order())
	m.put = func(k int, _, _ uint32) { size[k]++ }
	m.unigrams(uint32(vocabulary))
	out := newBuilder(a.order(), vocabulary, size)
	m.put = func(k int, x, y uint32) {
		var word, count uint32
		if x != absent {
			word, count = a.level[k].word[x], a.level[k].count[x]
		}
		if y != absent {
			word = b.level[k].word[y]
			count += times * b.level[k].count[y]
		}
		out.place(k, word, count)
	}
	m.unigrams(uint32(vocabulary))
	return out.finish()
}

// upTo is t without the orders above k.
func (t *trie) upTo(k int) *trie {
	if k == t.order() {
		return t
	}
	s := &trie{level: append([]level(nil), t.level[:k]...)}
	s.level[k-1].child = nil
	return s
}

// A merger walks two tries together, depth first. It puts each n-gram of either, by its level and where it
// stands in both.
type merger struct {
	a, b *trie
	put  func(k int, x, y uint32)
}

func (m *merger) unigrams(vocabulary uint32) {
	for id := range vocabulary {
		x, y := id, id
		if int(id) >= m.a.vocabulary() {
			x = absent
		}
		if int(id) >= m.b.vocabulary() {
			y = absent
		}
		m.visit(0, x, y)
	}
}

// visit puts an n-gram of level k, then all that it begins.
func (m *merger) visit(k int, x, y uint32) {
	m.put(k, x, y)
	if k+1 == m.a.order() {
		return
	}
	a, b := m.a.level[k+1].word, m.b.level[k+1].word
	i, iEnd := m.a.level[k].children(x)
	j, jEnd := m.b.level[k].children(y)
	for i < iEnd && j < jEnd {
		switch v, w := a[i], b[j]; {
		case v < w:
			m.visit(k+1, i, absent)
			i++
		case v > w:
			m.visit(k+1, absent, j)
			j++
		default:
			m.visit(k+1, i, j)
			i, j = i+1, j+1
		}
	}
	for ; i < iEnd; i++ {
		m.visit(k+1, i, absent)
	}
	for ; j < jEnd; j++ {
		m.visit(k+1, absent, j)
	}
}

// children is the range of the children of n-gram i.
func (l *level) children(i uint32) (lo, hi uint32) {
	if i == absent {
		return 0, 0
	}
	return l.child[i], l.child[i+1]
}
