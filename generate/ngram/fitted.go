package ngram

import (
	"io"
	"sync"

	"modelcollapse/generate"
)

// Fitted is a fitted n-gram model. It is immutable: what scoring and drawing need is computed when first asked
// for, once.
type Fitted struct {
	model Model
	trie  *trie
	rows  float64

	linkOnce sync.Once
	links    [][]uint32

	smoothOnce sync.Once
	counts     [][]uint32 // what is smoothed: raw or adjusted counts, by order
	smoothers  []smoother

	tableOnce sync.Once
	tables    *tables

	samplerOnce sync.Once
	sampler     *sampler

	nextOnce  sync.Once
	continuer *continuer
}

// vocabulary is the number of ids over which the uniform distribution of the smoothers reaches: all but Begin
// of them.
func (f *Fitted) vocabulary() int { return max(f.model.Vocabulary, f.trie.vocabulary()) }

func (f *Fitted) suffixes() [][]uint32 {
	f.linkOnce.Do(func() { f.links = f.trie.suffixes() })
	return f.links
}

func (f *Fitted) smooth() ([][]uint32, []smoother) {
	f.smoothOnce.Do(func() {
		switch f.model.Smoothing {
		case KneserNey:
			f.counts = f.trie.adjusted(f.suffixes())
			f.smoothers = kneserNey(f.counts)
		case JelinekMercer:
			f.counts = f.trie.raw()
			f.smoothers = jelinekMercer(f.model.Lambda, f.model.Epsilon)
		default:
			f.counts = f.trie.raw()
			f.smoothers = make([]smoother, f.model.Order)
		}
	})
	return f.counts, f.smoothers
}

// Model is the config of the fit; with weights that were tuned, if they were.
func (f *Fitted) Model() Model { return f.model }

// Counts are the counts of the fit, up to its order.
func (f *Fitted) Counts() *Counts { return &Counts{trie: f.trie, fixed: true, rows: f.rows} }

// Discounts are Kneser-Ney's D1, D2 and D3+ of an order; zeros for other smoothings.
func (f *Fitted) Discounts(order int) (d [3]float64) {
	if _, s := f.smooth(); order >= 1 && order <= len(s) {
		copy(d[:], s[order-1].discount[1:])
	}
	return d
}

// Degenerate says that the fit knows no row, no word, or one word.
func (f *Fitted) Degenerate() string {
	c := f.Counts()
	switch {
	case c.total() == 0:
		return "no rows"
	case c.Words() == 0:
		return "no words"
	case c.UnigramCount(generate.End) == 0:
		return "rows never end"
	case c.Types() == 1:
		return "one word"
	}
	return ""
}

// Save writes the counts of the fit; everything else follows from them and the config.
func (f *Fitted) Save(w io.Writer) error { return writeTrie(w, f.trie, f.rows) }
