package ngram

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sort"
	"sync"
	"sync/atomic"

	"modelcollapse/generate"
)

// MaxDecoded is the number of tokens at which a row of a Decoded fit is closed by End: a greedy chain runs in circles.
const MaxDecoded = 1 << 10

// decodedLimit is the number of choices up to which they are remembered.
const decodedLimit = 4 << 20

// With draws every token with the probabilities of the fit, as Score knows them, tempered and truncated: the
// temperature first, then top_k (of equal words the one with the smaller id), then top_p. spread has no meaning.
//
// The choices of a context are worked out when it is first met and remembered. What that costs depends on the fit: one
// that gives nothing away (smoothing none) has as many choices as the context has continuations; of a smoothed one all
// words may follow, so that without top_k a context costs the vocabulary, again and again once 4 million choices are
// remembered. With top_k it costs k words an order, since the k likeliest words are continuations, or among the k
// likeliest of the shorter context.
func (f *Fitted) With(s generate.Sampling) (generate.Source[generate.Tokens], error) {
	s, err := s.Discrete()
	if err != nil {
		return nil, fmt.Errorf("ngram: %w", err)
	}
	return &Decoded{fit: f, how: s}, nil
}

// Decoded is a fit that is drawn from with other settings. It is safe for concurrent use.
type Decoded struct {
	fit *Fitted
	how generate.Sampling

	once sync.Once
	*walker
	known [][]atomic.Pointer[choices] // by order of the context, and its node
	held  atomic.Int64                // choices that are remembered
}

// choices are the words that may follow a context.
type choices struct {
	ranked []option  // by falling probability of the fit; only the top_k
	sum    []float64 // running sums of the tempered probabilities of the first that are left
}

// An option is a word, its probability and the context after it.
type option struct {
	p     float64
	word  uint32
	after state
}

// Draw appends n rows, closed by End. A row that reaches MaxDecoded tokens is closed.
func (d *Decoded) Draw(ctx context.Context, dst []generate.Tokens, n int, r *rand.Rand) ([]generate.Tokens, error) {
	d.once.Do(d.prepare)
	var arena []uint32
	for i := range n {
		if i&255 == 0 && ctx.Err() != nil {
			return dst, ctx.Err()
		}
		if cap(arena)-len(arena) < MaxDecoded {
			arena = make([]uint32, 0, 1<<14)
		}
		begin := len(arena)
		for s, w := d.start, generate.Begin; w != generate.End; {
			c := d.choicesOf(s)
			w = generate.End
			if last := len(c.sum) - 1; last >= 0 && len(arena)-begin+1 < MaxDecoded {
				u := float64(r.Float64() * c.sum[last])
				o := &c.ranked[min(last, sort.Search(len(c.sum), func(i int) bool { return c.sum[i] > u }))]
				w, s = o.word, o.after
			}
			arena = append(arena, w)
		}
		dst = append(dst, generate.Tokens(arena[begin:len(arena):len(arena)]))
	}
	return dst, nil
}

func (d *Decoded) prepare() {
	d.walker = d.fit.walker()
	d.known = make([][]atomic.Pointer[choices], d.order)
	d.known[0] = make([]atomic.Pointer[choices], 1)
	for k := 1; k < d.order; k++ {
		d.known[k] = make([]atomic.Pointer[choices], len(d.trie.level[k-1].word))
	}
}

// choicesOf remembers what follows from a context: a pure function, so that it does not matter who works it out.
func (d *Decoded) choicesOf(s state) *choices {
	at := &d.known[s.k][s.node]
	if c := at.Load(); c != nil {
		return c
	}
	c := &choices{ranked: d.ranked(s)}
	p := make([]float64, len(c.ranked))
	for i, o := range c.ranked {
		p[i] = o.p
	}
	if d.how.Temperature != 1 {
		generate.Temper(p, d.how.Temperature)
	}
	c.sum = generate.Truncate(p, d.how)
	for i := 1; i < len(c.sum); i++ {
		c.sum[i] += c.sum[i-1]
	}
	if s.k == d.order-1 && len(c.sum) < len(c.ranked) { // no longer context asks for the rest
		c.ranked = slices.Clone(c.ranked[:len(c.sum)])
	}
	if d.held.Add(int64(len(c.ranked))) <= decodedLimit {
		at.Store(c)
	} else {
		d.held.Add(-int64(len(c.ranked)))
	}
	return c
}

// ranked are the words that may follow a context, the likeliest first.
func (d *Decoded) ranked(s state) []option {
	if s.k == 0 {
		return d.unigrams()
	}
	child, word := d.trie.level[s.k-1].child, d.trie.level[s.k].word
	lo, hi := child[s.node], child[s.node+1]
	own := make([]option, 0, hi-lo)
	for i := lo; i < hi; i++ {
		if p := float64(d.prob[s.k][i]); p > 0 {
			own = append(own, option{p, word[i], d.context(s.k+1, i)})
		}
	}
	d.rank(&own)
	gives := float64(d.backoff[s.k-1][s.node])
	if gives == 0 {
		return own
	}
	return d.merged(own, d.choicesOf(d.shorter(s)).ranked, gives, word[lo:hi])
}

// unigrams are all words that can be drawn: without smoothing those that occur, and Unknown only where it does.
func (d *Decoded) unigrams() []option {
	var all []option
	for w, p := range d.prob[0] {
		id := uint32(w)
		if id == generate.Begin || id == generate.Unknown && d.trie.level[0].count[id] == 0 || !(p > 0) {
			continue
		}
		o := option{p: float64(p), word: id}
		if d.trie.level[0].count[id] > 0 {
			o.after = d.context(1, id)
		}
		all = append(all, o)
	}
	for id := len(d.prob[0]); id < d.fit.vocabulary() && d.unknown > 0; id++ {
		all = append(all, option{p: d.unknown, word: uint32(id)})
	}
	d.rank(&all)
	return all
}

// rank sorts options and cuts them to the top_k.
func (d *Decoded) rank(o *[]option) {
	slices.SortFunc(*o, func(a, b option) int {
		switch {
		case a.before(b):
			return -1
		case b.before(a):
			return 1
		}
		return 0
	})
	if k := d.how.TopK; k > 0 && k < len(*o) {
		*o = (*o)[:k:k]
	}
}

func (o option) before(other option) bool {
	return o.p > other.p || o.p == other.p && o.word < other.word
}

// merged are the continuations of a context and the words of the shorter one, which has gives of the mass, less those
// that continue it.
func (d *Decoded) merged(own, shorter []option, gives float64, continues []uint32) []option {
	most := len(own) + len(shorter)
	if d.how.TopK > 0 {
		most = min(most, d.how.TopK)
	}
	out := make([]option, 0, most)
	for len(out) < most {
		for len(shorter) > 0 {
			if i := seek(continues, shorter[0].word); int(i) == len(continues) || continues[i] != shorter[0].word {
				break
			}
			shorter = shorter[1:]
		}
		var next option
		if len(shorter) > 0 {
			next = shorter[0]
			next.p = float64(next.p * gives)
		}
		switch {
		case len(own) > 0 && (len(shorter) == 0 || own[0].before(next)):
			out, own = append(out, own[0]), own[1:]
		case len(shorter) > 0:
			out, shorter = append(out, next), shorter[1:]
		default:
			return out
		}
	}
	return out
}
