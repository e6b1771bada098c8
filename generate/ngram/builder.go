package ngram

// A builder makes a trie from windows in lexicographic order.
type builder struct {
	level []level
	next  []uint32         // by order: how many n-grams there are so far
	words [MaxOrder]uint32 // the current window
}

// newBuilder takes the number of n-grams of every order; that of order 1 is replaced by the vocabulary.
func newBuilder(order, vocabulary int, size []int) *builder {
	b := &builder{level: make([]level, order), next: make([]uint32, order)}
	for k := range b.level {
		n := size[k]
		if k == 0 {
			n = vocabulary
		}
		b.level[k] = level{word: make([]uint32, n), count: make([]uint32, n)}
		if k+1 < order {
			b.level[k].child = make([]uint32, n+1)
		}
	}
	return b
}

// add counts the window words[:length] times more. Its first shared words are those of the window before.
func (b *builder) add(shared, length int, times uint32) {
	for k := shared; k < length; k++ {
		if k == 0 {
			b.open(b.words[0])
			continue
		}
		b.place(k, b.words[k], 0)
	}
	for k := range length {
		b.level[k].count[b.next[k]-1] += times
	}
}

// place makes the next n-gram of level k; those that it begins follow before its successor.
func (b *builder) place(k int, word, count uint32) {
	l, i := &b.level[k], b.next[k]
	l.word[i], l.count[i] = word, count
	if l.child != nil {
		l.child[i] = b.next[k+1]
	}
	b.next[k] = i + 1
}

// open makes the n-grams of order 1 up to word w: those that do not occur have no children.
func (b *builder) open(w uint32) {
	for b.next[0] <= w {
		b.place(0, b.next[0], 0)
	}
}

func (b *builder) finish() *trie {
	if n := len(b.level[0].word); n > 0 {
		b.open(uint32(n - 1))
	}
	for k, l := range b.level {
		if l.child != nil {
			l.child[len(l.word)] = b.next[k+1]
		}
	}
	return &trie{level: b.level}
}
