package experiments

import (
	"io"

	"modelcollapse/generate"
	"modelcollapse/internal/num"
	"modelcollapse/results"
)

// A block is rows, or only what their models need of them.
type block[E any] struct {
	rows     []E
	weights  []float64 // nil: 1
	weighed  bool      // there were weights when the block was summarised
	weight   float64   // their sum
	realised results.Realised
	drawn    generate.Stats[E]   // drawn instead of rows; nil: rows were made
	stats    []generate.Stats[E] // a model each, once asked for; nil: not yet
	parts    []part[E]           // where the draws came from, when a metric asks
	short    string              // that a refill ended before the block was full; empty: none did
	emptied  string              // the intervention that dropped the last rows of an origin
}

// A part is the draws of a block that came from one origin, before interventions.
type part[E any] struct {
	origin int
	source generate.Source[E] // nil: rows that existed already
	n      int                // draws, candidates included
	asked  int                // draws that the mixture gave this origin
	rows   []E                // views of the block's, or copies where interventions follow
	copied bool
	drawn  generate.Stats[E] // drawn instead of rows
	given  []E               // the rows that were given
}

// A pooled is the running sum of statistics that one node learned from.
type pooled[E any] struct {
	lesson generate.Lesson
	sum    generate.Stats[E]
	shared bool // with the one block that the lesson is: not to be added to
}

// state is what lives between generations.
type state[E any] struct {
	next   int
	blocks map[generate.At]*block[E]
	fits   map[generate.At]generate.Fitted[E]
	pools  map[int]*pooled[E]
	spare  [][]E // rows of forgotten blocks
}

func newState[E any]() state[E] {
	return state[E]{blocks: map[generate.At]*block[E]{}, fits: map[generate.At]generate.Fitted[E]{}, pools: map[int]*pooled[E]{}}
}

func (s *state[E]) recycled() (rows []E) {
	if n := len(s.spare); n > 0 {
		rows, s.spare = s.spare[n-1][:0], s.spare[:n-1]
	}
	return rows
}

// sample is the spans of a lesson; no row is copied.
func (s *state[E]) sample(k generate.Kind[E], l generate.Lesson) (t generate.Sample[E]) {
	for at, w := range l.Each {
		b := s.blocks[at]
		if l.PerBlock {
			m := mass(k, b)
			if m == 0 {
				continue // nothing of it survived
			}
			w /= m
		}
		t = append(t, generate.Span[E]{Rows: b.rows, Weight: w, Weights: b.weights})
	}
	return t
}

// mass is the draws of a block, or the sum of its weights.
func mass[E any](k generate.Kind[E], b *block[E]) float64 {
	if b.weights == nil {
		return float64(k.Draws(b.rows))
	}
	return num.Sum(b.weights)
}

// mass is the same of a block of which only statistics may be left.
func (b *block[E]) mass(of generate.Stats[E]) float64 {
	if b.weighed {
		return b.weight
	}
	return of.Rows()
}

// summary is what a model asked for; nil: it did not.
func (b *block[E]) summary(model int) generate.Stats[E] {
	if model < len(b.stats) {
		return b.stats[model]
	}
	return nil
}

// summarised keeps what a model asked for.
func (b *block[E]) summarised(model int, of generate.Stats[E]) {
	for len(b.stats) <= model {
		b.stats = append(b.stats, nil)
	}
	b.stats[model] = of
}

// statsOf summarises a block once a model.
func (s *state[E]) statsOf(m generate.Incremental[E], model int, at generate.At) generate.Stats[E] {
	b := s.blocks[at]
	if of := b.summary(model); of != nil {
		return of
	}
	b.weighed, b.weight = b.weights != nil, num.Sum(b.weights)
	of := m.Empty()
	of.Add(generate.Span[E]{Rows: b.rows, Weight: 1, Weights: b.weights})
	b.summarised(model, of)
	return of
}

// alone is the statistics of the one block that a lesson is, as it is.
func (s *state[E]) alone(m generate.Incremental[E], l generate.Lesson) (generate.Stats[E], bool) {
	if len(l.Shares) != 1 || l.PerBlock || l.Shares[0].Relative() != 1 || l.Shares[0].Hi != l.Shares[0].Lo+1 {
		return nil, false
	}
	return s.statsOf(m, l.Model, l.Shares[0].First()), true
}

// pool merges the statistics of a lesson; when the lesson only grew, it adds what is new.
func (s *state[E]) pool(m generate.Incremental[E], l generate.Lesson, node int, grows bool) generate.Stats[E] {
	if of, ok := s.alone(m, l); ok && !grows {
		s.pools[node] = &pooled[E]{l, of, true}
		return of
	}
	if old := s.pools[node]; old != nil && !old.shared {
		if fresh, ok := l.Grows(old.lesson); ok {
			for at, w := range fresh.Each {
				old.sum.Merge(s.statsOf(m, l.Model, at), w)
			}
			old.lesson = l
			return old.sum
		}
	}
	sum := m.Empty()
	for at, w := range l.Each {
		st := s.statsOf(m, l.Model, at)
		if l.PerBlock {
			n := s.blocks[at].mass(st)
			if n == 0 {
				continue // nothing of it survived
			}
			w /= n
		}
		sum.Merge(st, w)
	}
	if old := s.pools[node]; old != nil && !old.shared {
		closeFit(old.sum)
	}
	s.pools[node] = &pooled[E]{lesson: l, sum: sum}
	return sum
}

// forget drops what no later generation needs.
func (s *state[E]) forget(p *generate.Plan, g int, grows bool) {
	for at, b := range s.blocks {
		_, alone := p.Learner(at) // else another model may still want to summarise the rows
		gone := p.Block(at) <= g || grows && p.Rows(at) <= g && p.Given(at) <= g
		if gone || p.Rows(at) <= g && alone && b.stats != nil {
			if cap(b.rows) > 0 {
				clear(b.rows) // rows may be views of an arena, which must go
				s.spare = append(s.spare, b.rows)
			}
			b.rows, b.weights = nil, nil
		}
		if gone {
			for _, st := range b.stats {
				closeFit(st)
			}
			delete(s.blocks, at)
		}
	}
	for at, f := range s.fits {
		if p.Fit(at) <= g {
			closeFit(f)
			delete(s.fits, at)
		}
	}
}

// closeAll closes the fits that are still held.
func (s *state[E]) closeAll() {
	for _, f := range s.fits {
		closeFit(f)
	}
}

// closeFit closes a fit that holds a process, or a fit or statistics that hold much memory. It was used: how it ends changes
// nothing.
func closeFit(f any) {
	if c, ok := f.(io.Closer); ok {
		c.Close()
	}
}
