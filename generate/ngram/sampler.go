package ngram

import (
	"math/bits"

	"modelcollapse/generate"
)

// expandLimit is the number of occurrences up to which an order is drawn from by an entry an occurrence; above it by
// a binary search in running counts, which costs memory by the n-gram and not by the occurrence.
const expandLimit = 8 << 20

// A sampler draws the next word exactly, without alias tables. In a context h, an occurrence of a child is
// drawn uniformly: its n-gram has probability c/Σc. It is kept with probability 1 − drop(c)/c; otherwise the
// draw is made again in the suffix of h. What is rejected has probability Σ drop(c)/Σc: exactly the mass that
// interpolation gives to the suffix. One 64-bit number decides both, so no probability is off by more than
// 2^-53 of itself and 2^-63.
type sampler struct {
	order    int
	trie     *trie
	links    [][]uint32
	draws    []draws     // by order of the n-gram drawn
	contexts [][]history // by order of the context
	start    state
	ids      uint64 // uniform draws are of [0, ids), without Begin
	unknown  bool   // Unknown was in the training rows, so it is a word like others
}

// A history is an n-gram of the model's order less one, or shorter: its last word, and where the
// occurrences of its children begin (they end where those of the next context begin).
type history struct{ word, first uint32 }

// An occurrence is one of the count occurrences of an n-gram; next is the n-gram itself, or at the highest
// order its suffix: the context that it leaves.
type occurrence struct{ next, count uint32 }

// draws are the occurrences of all n-grams of one order.
type draws struct {
	smoother
	gives   bool     // some are rejected
	counts  []uint32 // by n-gram
	next    []uint32 // by n-gram: its suffix, at the highest order; nil: the n-gram itself
	total   uint32
	entry   []uint32 // one an occurrence: next in the lower bits, count above them, if below most; or nil:
	shift   int      // the number of lower bits
	most    uint32   // stands for this count and all above
	running []uint32 // occurrences before every n-gram whose number is a multiple of stride
}

func (f *Fitted) drawer(limit uint64) *sampler {
	counts, smoothers := f.smooth()
	n := f.model.Order
	s := &sampler{order: n, trie: f.trie, links: f.suffixes(), start: f.start(), ids: uint64(f.vocabulary()),
		draws: make([]draws, n), contexts: make([][]history, n), unknown: f.trie.level[0].count[generate.Unknown] > 0}
	for k := range n {
		d := &s.draws[k]
		d.smoother, d.gives, d.counts = smoothers[k], !smoothers[k].keepsAll(), counts[k]
		for _, c := range d.counts {
			d.total += c
		}
		if k == n-1 && k > 0 {
			d.next = s.links[k]
		}
		if k > 0 {
			s.contexts[k-1] = contextsOf(f.trie.level[k-1], d.counts)
		}
		// Below the highest order, a model that gives nothing away draws once a row.
		if (k == n-1 || d.gives) && uint64(d.total) <= limit {
			d.expand(len(f.trie.level[max(0, min(k, n-2))].word))
		} else {
			d.index()
		}
	}
	return s
}

// contextsOf has one context more than the level, to end the last. counts are those of the children.
func contextsOf(l level, counts []uint32) []history {
	contexts := make([]history, len(l.child))
	for h, w := range l.word {
		contexts[h].word = w
	}
	i, sum := uint32(0), uint32(0)
	for h, end := range l.child {
		for ; i < end; i++ {
			sum += counts[i]
		}
		contexts[h].first = sum
	}
	return contexts
}

// at is an occurrence of n-gram i.
func (d *draws) at(i uint32) occurrence {
	e := occurrence{i, d.counts[i]}
	if d.next != nil {
		e.next = d.next[i]
	}
	return e
}

// expand makes an entry an occurrence, of four bytes, for drawing waits for memory. nexts is the number of
// values of next: about expandLimit at most, or maxVocabulary, so that there are bits left; counts have 12 of
// them at most.
func (d *draws) expand(nexts int) {
	d.shift = max(20, bits.Len(uint(nexts)))
	d.most = 1<<(32-d.shift) - 1
	d.entry = make([]uint32, d.total)
	at := uint32(0)
	for i, c := range d.counts {
		e := d.at(uint32(i)).next | min(c, d.most)<<d.shift
		for range c {
			d.entry[at] = e
			at++
		}
	}
}

// entryAt is occurrence number i; its count is at most most.
func (d *draws) entryAt(i uint32) occurrence {
	e := d.entry[i]
	return occurrence{e & (1<<d.shift - 1), e >> d.shift}
}

// stride counts are as many as a cache line holds.
const stride = 16

// index makes running counts.
func (d *draws) index() {
	d.running = make([]uint32, 0, len(d.counts)/stride+1)
	sum := uint32(0)
	for i, c := range d.counts {
		if i%stride == 0 {
			d.running = append(d.running, sum)
		}
		sum += c
	}
}

// search is occurrence number i, which is one of the n-grams from lo to hi.
func (d *draws) search(i, lo, hi uint32) occurrence {
	lo, hi = lo/stride, (hi-1)/stride+1
	for hi-lo > 1 {
		if m := lo + (hi-lo)/2; d.running[m] <= i {
			lo = m
		} else {
			hi = m
		}
	}
	sum := d.running[lo]
	for lo *= stride; ; lo++ {
		if sum += d.counts[lo]; sum > i {
			return d.at(lo)
		}
	}
}
