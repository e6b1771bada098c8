package ngram

import (
	"context"
	"math"

	"modelcollapse/generate"
)

// A state is a context: n-gram node of order k; k = 0 is the empty one.
type state struct {
	k    int
	node uint32
}

// start is the context of a first word.
func (f *Fitted) start() state {
	if f.model.Order == 1 || f.trie.level[0].count[generate.Begin] == 0 {
		return state{}
	}
	return state{1, generate.Begin}
}

// Score writes the log probability of each row, in nats: that of its words and of its End. A row that was cut
// before its End has the probability of what there is.
func (f *Fitted) Score(ctx context.Context, rows []generate.Tokens, nats []float64) error {
	var token []float64
	w := f.walker()
	for i, row := range rows {
		if i&1023 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if len(token) < len(row) {
			token = make([]float64, 2*len(row))
		}
		w.score(row, token)
		sum := 0.0
		for _, x := range token[:len(row)] {
			sum += x
		}
		nats[i] = sum
	}
	return nil
}

// ScoreTokens writes the log probability of each token of a row given those before it, in nats, to nats[:len(row)].
// After an id that does not occur (Unknown, as a rule) the context is empty. Begin, and whatever follows an End,
// is −Inf.
func (f *Fitted) ScoreTokens(row generate.Tokens, nats []float64) {
	f.walker().score(row, nats)
}

func (v *walker) score(row generate.Tokens, nats []float64) {
	s, ended := v.start, false
	for i, id := range row {
		if ended || id == generate.Begin {
			nats[i] = math.Inf(-1)
			continue
		}
		var p float64
		p, s = v.next(s, id)
		nats[i] = logOrInf(p)
		ended = id == generate.End
	}
}

// A walker goes from context to context.
type walker struct {
	order int
	trie  *trie
	links [][]uint32
	*tables
	start state
}

func (f *Fitted) walker() *walker {
	return &walker{f.model.Order, f.trie, f.suffixes(), f.table(), f.start()}
}

// next is the probability of word w in context s, and the context after it: the longest that occurs.
func (v *walker) next(s state, w uint32) (p float64, after state) {
	p = 1
	for s.k > 0 {
		if i, ok := v.trie.find(s.k, s.node, w); ok {
			return float64(p * float64(v.prob[s.k][i])), v.context(s.k+1, i)
		}
		p = float64(p * float64(v.backoff[s.k-1][s.node]))
		s = v.shorter(s)
	}
	if int64(w) >= int64(len(v.prob[0])) || v.trie.level[0].count[w] == 0 {
		return float64(p * v.unknown), state{}
	}
	return float64(p * float64(v.prob[0][w])), v.context(1, w)
}

// shorter is s without its first word.
func (v *walker) shorter(s state) state {
	if s.k == 1 {
		return state{}
	}
	return state{s.k - 1, v.links[s.k-1][s.node]}
}

// context is the context that n-gram i of order k leaves.
func (v *walker) context(k int, i uint32) state {
	if k < v.order {
		return state{k, i}
	}
	return v.shorter(state{k, i})
}
