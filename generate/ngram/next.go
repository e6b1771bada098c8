package ngram

import (
	"slices"
	"sync"
	"sync/atomic"

	"modelcollapse/generate"
)

// A continuer lists the law of the next token. What all contexts share, the ranked unigrams, it holds; what a context adds
// is sorted when it is asked for, which costs less than copying the rest.
type continuer struct {
	*walker
	unigrams []generate.Choice // by falling probability, Unknown among them
	spare    sync.Pool         // of *[]bool by id, all false
	known    sync.Map          // own by state, of contexts that have many
	held     atomic.Int64      // choices that are remembered, or were not any more
}

// manyChoices are worth remembering: sorting them costs more than listing the vocabulary.
const manyChoices = 256

// Next appends every token that Score knows to be possible after row, the likeliest first: probabilities are those of
// Score to the bit. Unknown is one of them where the smoothing leaves it something. A smoothed fit lists its vocabulary, at about
// 5 ns a word.
func (f *Fitted) Next(dst []generate.Choice, row generate.Tokens) []generate.Choice {
	f.nextOnce.Do(func() { f.continuer = f.newContinuer() })
	return f.continuer.next(dst, row)
}

func (f *Fitted) newContinuer() *continuer {
	c := &continuer{walker: f.walker()}
	for id := range uint32(f.vocabulary()) {
		p := c.unknown
		if int64(id) < int64(len(c.prob[0])) && c.trie.level[0].count[id] > 0 {
			p = float64(c.prob[0][id])
		}
		if p > 0 && id != generate.Begin {
			c.unigrams = append(c.unigrams, generate.Choice{Token: id, P: p})
		}
	}
	slices.SortFunc(c.unigrams, likelier)
	c.spare.New = func() any { seen := make([]bool, f.vocabulary()); return &seen }
	return c
}

// likelier orders by falling probability, equal ones by id.
func likelier(a, b generate.Choice) int {
	switch {
	case a.P > b.P || a.P == b.P && a.Token < b.Token:
		return -1
	case a == b:
		return 0
	}
	return 1
}

// after is the context of the token behind row: no more than order − 1 tokens decide it.
func (c *continuer) after(row generate.Tokens) state {
	s := c.start
	if cut := len(row) - (c.order - 1); cut >= 0 {
		s, row = state{}, row[cut:]
	}
	for _, w := range row {
		_, s = c.walker.next(s, w)
	}
	return s
}

func (c *continuer) next(dst []generate.Choice, row generate.Tokens) []generate.Choice {
	o := c.ownOf(c.after(row))
	if o.scale == 0 {
		return append(dst, o.choices...)
	}
	seen := c.spare.Get().(*[]bool)
	for _, x := range o.choices {
		(*seen)[x.Token] = true
	}
	dst = c.merge(dst, o, *seen)
	for _, x := range o.choices {
		(*seen)[x.Token] = false
	}
	c.spare.Put(seen)
	return dst
}

// own are the words that continue a context or a shorter one but the empty, the likeliest first, and the share of the
// unigrams among all others.
type own struct {
	choices []generate.Choice
	scale   float64
}

// ownOf remembers those of contexts that have many: a pure function, so that it does not matter who works it out.
func (c *continuer) ownOf(s state) own {
	if o, ok := c.known.Load(s); ok {
		return o.(own)
	}
	o := c.continuations(s)
	if n := int64(len(o.choices)); n >= manyChoices && c.held.Add(n) <= decodedLimit {
		c.known.Store(s, o)
	}
	return o
}

func (c *continuer) continuations(s state) own {
	seen := c.spare.Get().(*[]bool)
	o := own{scale: 1}
	for ; s.k > 0 && o.scale > 0; s = c.shorter(s) {
		child, word, p := c.trie.level[s.k-1].child, c.trie.level[s.k].word, c.prob[s.k]
		for i := child[s.node]; i < child[s.node+1]; i++ {
			if w := word[i]; !(*seen)[w] {
				(*seen)[w] = true
				o.choices = append(o.choices, generate.Choice{Token: w, P: float64(o.scale * float64(p[i]))})
			}
		}
		o.scale = float64(o.scale * float64(c.backoff[s.k-1][s.node]))
	}
	for _, x := range o.choices {
		(*seen)[x.Token] = false
	}
	c.spare.Put(seen)
	slices.SortFunc(o.choices, likelier)
	if o.scale == 0 { // nothing asks for those that are impossible
		for n := len(o.choices); n > 0 && !(o.choices[n-1].P > 0); n-- {
			o.choices = o.choices[:n-1]
		}
	}
	return o
}

// merge appends own words and the unigrams that are not among them, scaled.
func (c *continuer) merge(dst []generate.Choice, o own, seen []bool) []generate.Choice {
	mine := o.choices
	dst = slices.Grow(dst, len(mine)+len(c.unigrams))
	for _, u := range c.unigrams {
		if seen[u.Token] {
			continue
		}
		if u.P = float64(o.scale * u.P); !(u.P > 0) {
			break
		}
		for len(mine) > 0 && likelier(mine[0], u) < 0 {
			dst, mine = append(dst, mine[0]), mine[1:]
		}
		dst = append(dst, u)
	}
	for len(mine) > 0 && mine[0].P > 0 {
		dst, mine = append(dst, mine[0]), mine[1:]
	}
	return dst
}
