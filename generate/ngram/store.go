package ngram

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
)

// storeVersion opens a stored trie. What follows are variable-length integers: order, vocabulary, the bits of
// the number of rows; the count of each id; then, for each order from 2 and each n-gram of the order below, the
// number of its children and, for each, its word less the one before and its count.
const storeVersion = "ngram 1\n"

func writeTrie(w io.Writer, t *trie, rows float64) error {
	b := bufio.NewWriter(w)
	var buf [binary.MaxVarintLen64]byte
	put := func(x uint64) { b.Write(buf[:binary.PutUvarint(buf[:], x)]) } // b keeps the first error
	b.WriteString(storeVersion)
	put(uint64(t.order()))
	put(uint64(t.vocabulary()))
	put(math.Float64bits(rows))
	for _, c := range t.level[0].count {
		put(uint64(c))
	}
	for k, l := range t.level[1:] {
		child := t.level[k].child
		for h := range len(child) - 1 {
			put(uint64(child[h+1] - child[h]))
			last := uint32(0)
			for i := child[h]; i < child[h+1]; i++ {
				put(uint64(l.word[i] - last))
				put(uint64(l.count[i]))
				last = l.word[i]
			}
		}
	}
	return b.Flush()
}

// A trieReader reads numbers and keeps the first error.
type trieReader struct {
	r   *bufio.Reader
	err error
}

var errBounds = errors.New("a number out of bounds: not what was stored")

// number is the next one, at most limit.
func (r *trieReader) number(limit uint64) uint64 {
	if r.err != nil {
		return 0
	}
	x, err := binary.ReadUvarint(r.r)
	switch {
	case err == io.EOF:
		r.err = io.ErrUnexpectedEOF
	case err != nil:
		r.err = err
	case x > limit:
		r.err = errBounds
	default:
		return x
	}
	return 0
}

func readTrie(from io.Reader) (t *trie, rows float64, err error) {
	r := &trieReader{r: bufio.NewReader(from)}
	version := make([]byte, len(storeVersion))
	if _, err := io.ReadFull(r.r, version); err != nil || string(version) != storeVersion {
		return nil, 0, fmt.Errorf("does not begin with %q", storeVersion)
	}
	order := r.number(MaxOrder)
	vocabulary := r.number(maxVocabulary)
	rows = math.Float64frombits(r.number(math.MaxUint64))
	if r.err == nil && (order < 1 || vocabulary < 3 || !(rows >= 0)) {
		r.err = errBounds
	}
	if r.err != nil {
		return nil, 0, r.err
	}
	t = &trie{level: make([]level, order)}
	t.level[0] = r.unigrams(vocabulary)
	for k := 1; k < int(order) && r.err == nil; k++ {
		t.level[k] = r.level(&t.level[k-1], uint32(vocabulary))
	}
	if r.err == nil {
		r.err = t.closed()
	}
	return t, rows, r.err
}

func (r *trieReader) unigrams(vocabulary uint64) (l level) {
	total := uint64(0)
	for i := uint64(0); i < vocabulary && r.err == nil; i++ {
		c := r.number(math.MaxUint32 - total)
		total += c
		l.word, l.count = append(l.word, uint32(i)), append(l.count, uint32(c))
	}
	return l
}

// level reads the children of the n-grams of up: in order, and together no more frequent than their parent.
func (r *trieReader) level(up *level, vocabulary uint32) (l level) {
	up.child = make([]uint32, len(up.word)+1)
	for h := range up.word {
		up.child[h] = uint32(len(l.word))
		last, left := uint32(0), uint64(up.count[h])
		for i := range r.number(uint64(vocabulary)) {
			w := uint64(last) + r.number(uint64(vocabulary-1-last))
			c := r.number(left)
			if r.err == nil && (c == 0 || w == uint64(pad) || i > 0 && w == uint64(last)) {
				r.err = errBounds
			}
			if r.err != nil {
				return l
			}
			left -= c
			last = uint32(w)
			l.word, l.count = append(l.word, last), append(l.count, uint32(c))
		}
	}
	up.child[len(up.word)] = uint32(len(l.word))
	return l
}

// closed reports an n-gram whose suffix does not occur.
func (t *trie) closed() error {
	var up []uint32
	for k := 1; k < t.order(); k++ {
		links := make([]uint32, len(t.level[k].word))
		child := t.level[k-1].child
		for h := range t.level[k-1].word {
			for i := child[h]; i < child[h+1]; i++ {
				w := t.level[k].word[i]
				if k == 1 {
					links[i] = w
				} else if s, ok := t.find(k-1, up[h], w); ok {
					links[i] = s
				} else {
					return errBounds
				}
			}
		}
		up = links
	}
	return nil
}
