package generate

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"sort"

	"modelcollapse/internal/num"
	"modelcollapse/internal/rng"
)

// Markov is a truth for text of which everything is known: a first-order chain over words. Every word is followed by End
// with chance 1/length, else by one of its successors, which are drawn by Zipf weights when the chain is made and have
// Zipf probabilities among themselves. The chain is a pure function of the data's stream, so replicates share it.
type Markov struct {
	Words      int     `json:"words" default:"1000" min:"1" max:"1000000" doc:"size of the vocabulary"`
	Successors int     `json:"successors" default:"20" min:"1" max:"10000" doc:"words that can follow a word"`
	Exponent   float64 `json:"exponent" default:"1" min:"0" doc:"of the Zipf weights"`
	Length     float64 `json:"length" default:"20" min:"1" doc:"mean number of words of a row"`
	HeldOut    int     `json:"heldout" default:"2000" min:"1" doc:"rows held out"`
}

// Open draws the chain.
func (m Markov) Open(_ context.Context, split *rand.Rand) (Source[Tokens], error) {
	if m.Words < 1 || m.Successors < 1 || !(m.Length >= 1) {
		return nil, fmt.Errorf("markov: %d words, %d successors, length %g: want at least 1 of each", m.Words, m.Successors, m.Length)
	}
	k := min(m.Successors, m.Words)
	words := make([]string, m.Words)
	for i := range words {
		words[i] = fmt.Sprintf("w%d", i+1)
	}
	c := &MarkovChain{vocabulary: NewVocabulary(words), heldOut: m.HeldOut, end: 1 / m.Length,
		rank: zipfCumulative(k, m.Exponent), next: make([][]uint32, m.Words+1)}
	weight := zipfCumulative(m.Words, m.Exponent)
	for i := range c.next { // the last row stands for Begin
		c.next[i] = successors(weight, k, split)
	}
	return c, nil
}

// zipfCumulative is the distribution function of i^(−exponent), i = 1 … k.
func zipfCumulative(k int, exponent float64) []float64 {
	sum, total := make([]float64, k), 0.0
	for i := range sum {
		total += num.Exp(-float64(exponent * num.Log(float64(i+1))))
		sum[i] = total
	}
	for i := range sum {
		sum[i] /= total
	}
	sum[k-1] = 1
	return sum
}

// successors draws k different words by weight; when draws repeat for long, the first words that are missing fill up.
func successors(weight []float64, k int, r *rand.Rand) []uint32 {
	next, seen := make([]uint32, 0, k), make(map[int]bool, k)
	for tries := 0; len(next) < k && tries < 20*k; tries++ {
		if i := sort.SearchFloat64s(weight, r.Float64()); !seen[i] {
			seen[i] = true
			next = append(next, Words+uint32(i))
		}
	}
	for i := 0; len(next) < k; i++ {
		if !seen[i] {
			next = append(next, Words+uint32(i))
		}
	}
	return next
}

// MarkovChain is a chain that was drawn. It knows the probability of every row.
type MarkovChain struct {
	vocabulary *Vocabulary
	heldOut    int
	end        float64    // chance that a row ends after a word
	rank       []float64  // distribution function of the i-th successor
	next       [][]uint32 // by word − Words; the last for Begin
}

// Vocabulary names the words w1, w2, …
func (c *MarkovChain) Vocabulary() *Vocabulary { return c.vocabulary }

// Reserve is the number of rows held out.
func (c *MarkovChain) Reserve() int { return c.heldOut }

// Next are the followers of last, and End after a word.
func (c *MarkovChain) Next(last uint32) (next []uint32, p []float64, others int, rest float64) {
	if last >= Words && int(last-Words) >= len(c.next)-1 {
		return nil, nil, 0, 0
	}
	next = append(next, c.followers(last)...)
	on, below := c.goesOn(last), 0.0
	for _, x := range c.rank {
		p = append(p, float64(on*(x-below)))
		below = x
	}
	if on < 1 {
		next, p = append(next, End), append(p, c.end)
	}
	return next, p, 0, 0
}

// goesOn is the chance that a row goes on after last; it has a first word.
func (c *MarkovChain) goesOn(last uint32) float64 {
	if last < Words {
		return 1
	}
	return 1 - c.end
}

// Transition orders the followers by rank, and End last; what cannot follow stands at the end.
func (c *MarkovChain) Transition(last, w uint32) (below, at float64) {
	on := c.goesOn(last)
	if w == End {
		return on, 1 - on
	}
	if last >= Words && int(last-Words) >= len(c.next)-1 {
		return 1, 0
	}
	for j, f := range c.followers(last) {
		if f == w && j > 0 {
			below = c.rank[j-1]
		}
		if f == w {
			return float64(on * below), float64(on * (c.rank[j] - below))
		}
	}
	return 1, 0
}

// RowTokens is the mean length and End.
func (c *MarkovChain) RowTokens() float64 { return 1/c.end + 1 }

// Innovations of rows are those of their transitions.
func (c *MarkovChain) Innovations(dst []Innovation, o Outcome[Tokens], u *rand.Rand) []Innovation {
	return ChainInnovations(dst, c, o.Rows, o.N, u)
}

func (c *MarkovChain) followers(last uint32) []uint32 {
	if last < Words {
		return c.next[len(c.next)-1]
	}
	return c.next[last-Words]
}

// Draw appends n rows. A row has a geometric number of words, at least one.
func (c *MarkovChain) Draw(_ context.Context, dst []Tokens, n int, r *rand.Rand) ([]Tokens, error) {
	stop := num.Log1p(-c.end)
	for range n {
		length := 1
		if c.end < 1 {
			length += int(min(1<<16, rng.Exponential(r)/-stop))
		}
		row, last := make(Tokens, 0, length+1), Begin
		for range length {
			last = c.followers(last)[sort.SearchFloat64s(c.rank, r.Float64())]
			row = append(row, last)
		}
		dst = append(dst, append(row, End))
	}
	return dst, nil
}

// Score is the log probability of rows, End included; −Inf for one that the chain cannot make.
func (c *MarkovChain) Score(_ context.Context, rows []Tokens, nats []float64) error {
	for i, row := range rows {
		nats[i] = c.score(row)
	}
	return nil
}

func (c *MarkovChain) score(row Tokens) float64 {
	total, last := 0.0, Begin
	for i, w := range row {
		switch {
		case w == End && i > 0:
			return total + num.Log(c.end)
		case i > 0:
			total += num.Log1p(-c.end)
		}
		p := c.transition(last, w)
		if p == 0 {
			return math.Inf(-1)
		}
		total += num.Log(p)
		last = w
	}
	return total // a row that was cut
}

// transition is the probability that w follows last, given that the row goes on.
func (c *MarkovChain) transition(last, w uint32) float64 {
	if last >= Words && int(last-Words) >= len(c.next)-1 {
		return 0
	}
	for j, f := range c.followers(last) {
		if f == w {
			if j == 0 {
				return c.rank[0]
			}
			return c.rank[j] - c.rank[j-1]
		}
	}
	return 0
}
