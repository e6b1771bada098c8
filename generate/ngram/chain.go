package ngram

import (
	"context"
	"io"
	"math"
	"math/rand/v2"
	"sort"

	"modelcollapse/generate"
	"modelcollapse/internal/num"
)

// A Chain is a fitted MarkovChain. It is immutable.
type Chain struct {
	fitted  *Fitted
	alpha   float64
	running []uint64 // transitions before each, in the order of the trie: by context, then by word
	first   uint32   // the first id that may be drawn beside End: Unknown only if it was learned
}

// ids are how many ids may follow: words, End, and Unknown if it was learned.
func (c *Chain) ids() int {
	n := c.fitted.vocabulary() - int(generate.Words) + 1
	if c.first == generate.Unknown {
		n++
	}
	return n
}

// position is where an id stands among those that may follow, by rising id.
func (c *Chain) position(w uint32) int {
	switch {
	case c.first == generate.Words:
		return int(w - generate.End)
	case w == generate.Unknown:
		return 0
	}
	return int(w) - 1 // Begin never follows
}

// id is the inverse of position.
func (c *Chain) id(position int) uint32 {
	switch {
	case c.first == generate.Words:
		return uint32(position) + generate.End
	case position == 0:
		return generate.Unknown
	}
	return uint32(position) + 1
}

// children are the transitions from last: their range, and how many there are in all.
func (c *Chain) children(last uint32) (lo, hi uint32, total uint64) {
	t := c.fitted.trie
	if int64(last) >= int64(t.vocabulary()) || last == generate.End {
		return 0, 0, 0
	}
	lo, hi = t.level[0].child[last], t.level[0].child[last+1]
	return lo, hi, c.running[hi] - c.running[lo]
}

// Transition orders by rising id. What is never continued ends.
func (c *Chain) Transition(last, w uint32) (below, at float64) {
	if w == generate.Begin || w < c.first && w != generate.End || int64(w) >= int64(c.fitted.vocabulary()) {
		return 1, 0 // it never follows
	}
	lo, hi, total := c.children(last)
	all := float64(total) + float64(c.alpha*float64(c.ids()))
	if all == 0 {
		if w == generate.End {
			return 0, 1
		}
		return 1, 0
	}
	words := c.fitted.trie.level[1].word[lo:hi]
	i := lo + seek(words, w)
	count := uint64(0)
	if i < hi && c.fitted.trie.level[1].word[i] == w {
		count = uint64(c.fitted.trie.level[1].count[i])
	}
	before := float64(c.running[i]-c.running[lo]) + float64(c.alpha*float64(c.position(w)))
	return before / all, (float64(count) + c.alpha) / all
}

// Next are the transitions that were seen; all other ids share the rest.
func (c *Chain) Next(last uint32) (next []uint32, p []float64, others int, rest float64) {
	lo, hi, total := c.children(last)
	all := float64(total) + float64(c.alpha*float64(c.ids()))
	if all == 0 {
		return nil, nil, 0, 0
	}
	l := c.fitted.trie.level[1]
	for i := lo; i < hi; i++ {
		if l.count[i] > 0 {
			next, p = append(next, l.word[i]), append(p, (float64(l.count[i])+c.alpha)/all)
		}
	}
	if c.alpha > 0 {
		others, rest = c.ids()-len(next), c.alpha/all
	}
	return next, p, others, rest
}

// RowTokens is how many tokens a training row had.
func (c *Chain) RowTokens() float64 {
	return float64(c.fitted.Counts().Tokens()) / math.Max(1, float64(c.fitted.trie.level[0].count[generate.Begin]))
}

// Draw appends n rows, closed by End at the latest after MaxSentence tokens.
func (c *Chain) Draw(ctx context.Context, dst []generate.Tokens, n int, r *rand.Rand) ([]generate.Tokens, error) {
	var arena []uint32
	for row := range n {
		if row&1023 == 0 && ctx.Err() != nil {
			return dst, ctx.Err()
		}
		begin, last := len(arena), generate.Begin
		for last != generate.End {
			if last = c.draw(last, r); len(arena)-begin == MaxSentence-1 {
				last = generate.End
			}
			arena = append(arena, last)
		}
		dst = append(dst, arena[begin:len(arena):len(arena)])
	}
	return dst, nil
}

// draw is the id after last: by a transition that was seen, or any id, as often as smoothing says.
func (c *Chain) draw(last uint32, r *rand.Rand) uint32 {
	lo, hi, total := c.children(last)
	smooth := float64(c.alpha * float64(c.ids()))
	switch all := float64(total) + smooth; {
	case all == 0:
		return generate.End
	case smooth > 0 && float64(r.Float64()*all) < smooth:
		return c.id(r.IntN(c.ids()))
	}
	x := c.running[lo] + r.Uint64N(total)
	i := int(lo) + sort.Search(int(hi-lo), func(i int) bool { return c.running[int(lo)+i+1] > x })
	return c.fitted.trie.level[1].word[i]
}

// Score writes the log probability of each row, in nats: that of its words and of its End. A row that was cut has that
// of what there is; one that cannot be drawn has −Inf.
func (c *Chain) Score(_ context.Context, rows []generate.Tokens, nats []float64) error {
	for i, row := range rows {
		nats[i] = 0
		last := generate.Begin
		for j, w := range row {
			_, p := c.Transition(last, w)
			if j > 0 && last == generate.End {
				p = 0
			}
			nats[i] += num.Log(p)
			last = w
		}
	}
	return nil
}

// Innovations are those of the first words, of which the fit of the rows tells the counts, and of all transitions.
func (c *Chain) Innovations(dst []generate.Innovation, o generate.Outcome[generate.Tokens], u *rand.Rand) []generate.Innovation {
	if next, ok := o.Fit.(*Chain); ok && next.ids() == c.ids() && next.first == c.first {
		p, counts := make([]float64, c.ids()), make([]float64, c.ids())
		lo, hi, _ := next.children(generate.Begin)
		l := next.fitted.trie.level[1]
		for i := lo; i < hi; i++ {
			counts[c.position(l.word[i])] = float64(l.count[i])
		}
		for i := range p {
			_, p[i] = c.Transition(generate.Begin, c.id(i))
		}
		dst = generate.CountInnovations(dst, "first_word", p, counts, u)
	}
	return generate.ChainInnovations(dst, c, o.Rows, o.N, u)
}

// Unsmoothed says that words never seen after another are impossible there.
func (c *Chain) Unsmoothed() bool { return c.alpha == 0 }

// Counts are the counts of the fit.
func (c *Chain) Counts() *Counts { return c.fitted.Counts() }

// Degenerate says that the fit knows no row, no word, or one word.
func (c *Chain) Degenerate() string { return c.fitted.Degenerate() }

// Save writes the counts.
func (c *Chain) Save(w io.Writer) error { return c.fitted.Save(w) }
