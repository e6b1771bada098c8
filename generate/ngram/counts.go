package ngram

import (
	"fmt"
	"iter"
	"math"

	"modelcollapse/generate"
)

// Counts are the numbers of occurrences of all n-grams of orders 1 … Order of rows of text: the statistics of
// every model of this package. The text of a row is Begin w1 … wn End; Begin is counted (once a row) as the
// first word of longer n-grams, and as no word by Tokens. A row that was cut before its End has none.
//
// What cannot be counted — a weight that is not a whole number, an id that is no word, an overflow of 2^32 − 1
// occurrences — is kept as Err, and FitStats returns it.
type Counts struct {
	*trie
	fixed bool // the vocabulary is known; otherwise it grows
	rows  float64
	err   error
}

// maxVocabulary bounds a vocabulary that nobody declared, and so the memory that a corrupt id can ask for.
const maxVocabulary = 1 << 26

// NewCounts is counts of no rows, of orders 1 … order (at most MaxOrder). vocabulary is the number of ids, the
// specials among them; 0: the largest id seen, plus one.
func NewCounts(order, vocabulary int) *Counts {
	order = min(max(order, 1), MaxOrder)
	return &Counts{trie: emptyTrie(order, max(vocabulary, int(generate.Words))), fixed: vocabulary > 0}
}

// Err is what could not be counted; the counts are then of no use.
func (c *Counts) Err() error { return c.err }

// Rows is the plain number of rows that were added, whatever they weigh.
func (c *Counts) Rows() float64 { return c.rows }

// Order is the highest order that is counted.
func (c *Counts) Order() int { return c.order() }

// Vocabulary is the number of ids, the three specials among them.
func (c *Counts) Vocabulary() int { return c.vocabulary() }

// Tokens is the number of words and Ends.
func (c *Counts) Tokens() uint64 { return c.total() - uint64(c.UnigramCount(generate.Begin)) }

// Words is the number of words, each as often as it occurs, without the Ends.
func (c *Counts) Words() uint64 { return c.Tokens() - uint64(c.UnigramCount(generate.End)) }

// Types is the number of different words that occur; specials are no words.
func (c *Counts) Types() (n int) {
	for _, x := range c.level[0].count[generate.Words:] {
		if x > 0 {
			n++
		}
	}
	return n
}

// UnigramCount is how often an id occurs; that of Begin is the number of rows that are counted.
func (c *Counts) UnigramCount(id uint32) uint32 {
	if int64(id) >= int64(c.vocabulary()) {
		return 0
	}
	return c.level[0].count[id]
}

// Count is how often an n-gram of any counted order occurs. It may begin with Begin and end with End.
func (c *Counts) Count(ngram []uint32) uint32 {
	i, ok := c.node(ngram)
	if !ok {
		return 0
	}
	return c.level[len(ngram)-1].count[i]
}

// Distinct is the number of different n-grams of an order that occur, those that begin with Begin or end with
// End among them.
func (c *Counts) Distinct(order int) (n int) {
	if order < 1 || order > c.order() {
		return 0
	}
	if order > 1 {
		return len(c.level[order-1].count)
	}
	for _, x := range c.level[0].count {
		if x > 0 {
			n++
		}
	}
	return n
}

// Each yields the n-grams of an order and their counts, in lexicographic order of ids. The slice is reused.
func (c *Counts) Each(order int) iter.Seq2[[]uint32, uint32] {
	return func(yield func([]uint32, uint32) bool) {
		if order >= 1 && order <= c.order() {
			c.each(make([]uint32, order), 0, 0, uint32(c.vocabulary()), yield)
		}
	}
}

func (c *Counts) each(gram []uint32, k int, lo, hi uint32, yield func([]uint32, uint32) bool) bool {
	l := c.level[k]
	for i := lo; i < hi; i++ {
		if gram[k] = l.word[i]; k+1 < len(gram) {
			if !c.each(gram, k+1, l.child[i], l.child[i+1], yield) {
				return false
			}
		} else if l.count[i] > 0 && !yield(gram, l.count[i]) {
			return false
		}
	}
	return true
}

// Add counts the rows of a span, each as many times as it weighs.
func (c *Counts) Add(s generate.Span[generate.Tokens]) {
	c.rows += float64(len(s.Rows))
	if s.Weights == nil {
		c.count(s.Rows, s.Weight)
		return
	}
	for _, group := range byWeight(s) {
		c.count(group.rows, group.weight)
	}
}

// Merge adds other, each row weighing weight. Neither its arrays nor those of c are written: c gets new ones, or
// shares them.
func (c *Counts) Merge(other generate.Stats[generate.Tokens], weight float64) {
	o, ok := other.(*Counts)
	if !ok {
		c.fail(fmt.Errorf("counts of n-grams cannot take %T", other))
		return
	}
	c.rows += o.rows
	c.fail(o.err)
	c.merge(o.trie, weight)
}

func (c *Counts) fail(err error) {
	if c.err == nil {
		c.err = err
	}
}

// count adds rows that weigh alike.
func (c *Counts) count(rows []generate.Tokens, weight float64) {
	vocabulary, err := c.check(rows)
	if c.fail(err); c.err != nil || weight == 0 || len(rows) == 0 {
		return
	}
	c.merge(countRows(rows, c.order(), vocabulary), weight)
}

func (c *Counts) merge(t *trie, weight float64) {
	switch whole := weight >= 0 && weight == math.Trunc(weight); {
	case c.err != nil || weight == 0:
		return
	case !whole:
		c.fail(fmt.Errorf("a row weighs %g: n-grams are counted, so weights must be whole numbers; use a rule that keeps or drops rows", weight))
		return
	case t.order() < c.order():
		c.fail(fmt.Errorf("counts up to order %d cannot be added to counts up to order %d", t.order(), c.order()))
		return
	case float64(c.total())+float64(weight*float64(t.total())) > math.MaxUint32:
		c.fail(fmt.Errorf("more than %d tokens in one set of counts", uint32(math.MaxUint32)))
		return
	}
	c.trie = mergeTries(c.trie, t, uint32(weight))
}

// countRows sorts packed windows where they fit into 64 bits, and columns otherwise.
func countRows(rows []generate.Tokens, order, vocabulary int) *trie {
	if p, ok := packingFor(order, vocabulary); ok {
		return p.count(rows, vocabulary)
	}
	return countColumns(rows, order, vocabulary)
}
