package ngram

import (
	"slices"
	"sync"

	"modelcollapse/generate"
)

// A continuer lists the law of the next token. What all contexts share, the ranked unigrams, it holds; what a context adds
// is sorted when it is asked for, which costs less than copying the rest.
type continuer struct {
	*walker
	unigrams []generate.Choice // by falling probability, Unknown among them
	spare    sync.Pool         // of *[]bool by id, all false
}

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
	seen := c.spare.Get().(*[]bool)
	defer c.spare.Put(seen)
	var own []generate.Choice // words that continue the context, or a shorter one
	var met []uint32
	scale := 1.0
	for s := c.after(row); s.k > 0 && scale > 0; s = c.shorter(s) {
		child, word, p := c.trie.level[s.k-1].child, c.trie.level[s.k].word, c.prob[s.k]
		for i := child[s.node]; i < child[s.node+1]; i++ {
			w := word[i]
			if (*seen)[w] {
				continue
			}
			(*seen)[w] = true
			met = append(met, w)
			if x := float64(scale * float64(p[i])); x > 0 {
				own = append(own, generate.Choice{Token: w, P: x})
			}
		}
		scale = float64(scale * float64(c.backoff[s.k-1][s.node]))
	}
	slices.SortFunc(own, likelier)
	if scale > 0 {
		dst = c.merge(dst, own, scale, *seen)
	} else {
		dst = append(dst, own...)
	}
	for _, w := range met {
		(*seen)[w] = false
	}
	return dst
}

// merge appends own and the unigrams that are not among them, scaled.
func (c *continuer) merge(dst, own []generate.Choice, scale float64, seen []bool) []generate.Choice {
	dst = slices.Grow(dst, len(own)+len(c.unigrams))
	for _, u := range c.unigrams {
		if seen[u.Token] {
			continue
		}
		if u.P = float64(scale * u.P); !(u.P > 0) {
			continue
		}
		for len(own) > 0 && likelier(own[0], u) < 0 {
			dst, own = append(dst, own[0]), own[1:]
		}
		dst = append(dst, u)
	}
	return append(dst, own...)
}
