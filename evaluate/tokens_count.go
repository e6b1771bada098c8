package evaluate

import "modelcollapse/generate"

// A word is every token but End, the mark that closes a row; Unknown is one word. An n-gram is n consecutive words of
// one row: it neither crosses rows nor contains the mark, so that the counts of all orders are counts of text.

// wordCounts is the number of times that each word id occurs. It grows to the largest id that it has seen.
type wordCounts struct {
	count []int64
	total int64 // words
}

func (c *wordCounts) add(rows []generate.Tokens) {
	for _, row := range rows {
		for _, w := range row {
			if w == generate.End {
				continue
			}
			for int(w) >= len(c.count) {
				c.count = append(c.count, 0)
			}
			c.count[w]++
			c.total++
		}
	}
}

// of is the count of word w.
func (c *wordCounts) of(w uint32) int64 {
	if int(w) < len(c.count) {
		return c.count[w]
	}
	return 0
}

// types is the number of distinct words.
func (c *wordCounts) types() (n int) {
	for _, k := range c.count {
		if k > 0 {
			n++
		}
	}
	return n
}

func countWords(rows []generate.Tokens) *wordCounts {
	c := &wordCounts{}
	c.add(rows)
	return c
}

// countSample counts the rows of a sample, whatever their weights.
func countSample(s generate.Sample[generate.Tokens]) *wordCounts {
	c := &wordCounts{}
	for _, span := range s {
		c.add(span.Rows)
	}
	return c
}

// tokensOf is the number of tokens of a sample, End among them.
func tokensOf(s generate.Sample[generate.Tokens]) (n int) {
	for _, span := range s {
		for _, row := range span.Rows {
			n += len(row)
		}
	}
	return n
}

// rarest is the rarest decile of the mass of positive counts: every type whose count is at most the smallest count c
// for which types of count ≤ c hold a tenth of the mass. Whole classes of equal counts belong to it or not, so that
// the set does not depend on the order of ids; its mass is a tenth or more. frequent is the mirror: the fewest
// classes of largest counts that hold a tenth. Both are indices in rising order; empty when there is no mass.
func rarest(count []int64) []uint32 {
	limit := classLimit(count, func(a, b int64) bool { return a < b })
	return where(count, func(c int64) bool { return c > 0 && c <= limit })
}

func frequent(count []int64) []uint32 {
	limit := classLimit(count, func(a, b int64) bool { return a > b })
	return where(count, func(c int64) bool { return c > 0 && c >= limit })
}

func where(count []int64, in func(int64) bool) (at []uint32) {
	for i, c := range count {
		if in(c) {
			at = append(at, uint32(i))
		}
	}
	return at
}
