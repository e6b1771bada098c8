package ngram

import (
	"math"

	"modelcollapse/generate"
	"modelcollapse/internal/num"
)

// tables hold the interpolated probability of each n-gram that occurs, and the mass that each context gives to
// its suffix: all three smoothings are of this form, which is Katz's back-off,
//
//	p(w | h) = prob(hw) if hw occurs, backoff(h) p(w | h without its first word) if not.
type tables struct {
	prob    [][]float32 // by order, in [0, 1]
	backoff [][]float32 // by order of the context, from 1 to the model's order − 1
	unknown float64     // probability of an id that does not occur
}

func (f *Fitted) table() *tables {
	f.tableOnce.Do(func() {
		counts, smoothers := f.smooth()
		t := &tables{prob: make([][]float32, f.model.Order), backoff: make([][]float32, f.model.Order)}
		t.unigrams(counts[0], &smoothers[0], f.vocabulary())
		for k := 1; k < f.model.Order; k++ {
			t.interpolate(f.trie, k, counts[k], &smoothers[k], f.suffixes()[k])
		}
		f.tables = t
	})
	return f.tables
}

// unigrams interpolates with the uniform distribution over all ids but Begin. Without any count, a smoother is
// uniform.
func (t *tables) unigrams(count []uint32, s *smoother, vocabulary int) {
	var total, given float64
	for _, c := range count {
		total += float64(c)
		given += s.drop(c)
	}
	share := 1.0
	if total > 0 {
		share = given / total
	} else if s.keepsAll() {
		share = 0
	}
	t.unknown = share / float64(vocabulary-1)
	p := make([]float32, len(count))
	for i, c := range count {
		p[i] = float32(t.unknown)
		if c > 0 {
			p[i] = float32((float64(c)-s.drop(c))/total + t.unknown)
		}
	}
	p[generate.Begin] = 0
	t.prob[0] = p
}

// interpolate fills level k from level k−1. A context that was never continued backs off at no cost.
func (t *tables) interpolate(tr *trie, k int, count []uint32, s *smoother, suffix []uint32) {
	child, shorter := tr.level[k-1].child, t.prob[k-1]
	p, b := make([]float32, len(count)), make([]float32, len(child)-1)
	for h := range b {
		lo, hi := child[h], child[h+1]
		var total, given float64
		for _, c := range count[lo:hi] {
			total += float64(c)
			given += s.drop(c)
		}
		if total == 0 {
			b[h] = 1
			continue
		}
		share := given / total
		b[h] = float32(share)
		for i := lo; i < hi; i++ {
			c := count[i]
			p[i] = float32((float64(c)-s.drop(c))/total + float64(share*float64(shorter[suffix[i]])))
		}
	}
	t.prob[k], t.backoff[k-1] = p, b
}

// Entry is the probability of the last word of an n-gram that occurs, given those before it, and the mass that
// the n-gram, as a context, gives to its suffix (1 at the highest order, and where nothing follows it).
func (f *Fitted) Entry(ngram []uint32) (prob, backoff float64, ok bool) {
	i, ok := f.trie.node(ngram)
	if !ok {
		return 0, 0, false
	}
	t, k := f.table(), len(ngram)-1
	backoff = 1
	if k+1 < f.model.Order {
		backoff = float64(t.backoff[k][i])
	}
	return float64(t.prob[k][i]), backoff, true
}

func logOrInf(p float64) float64 {
	if p <= 0 {
		return math.Inf(-1)
	}
	return num.Log(p)
}
