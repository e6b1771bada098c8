// Package generate makes data: sources of real rows, models that are fitted and drawn from,
// workflows that say what each generation learns from, and interventions on what was drawn.
package generate

import (
	"context"
	"encoding/hex"
	"errors"
	"iter"
	"math/rand/v2"

	"modelcollapse/internal/rng"
	"modelcollapse/internal/store"
)

// A Source appends rows that stand for n draws to dst. Rows it has handed out are never changed by anyone.
// n is a number of draws, not of rows: 10^13 draws of a vocabulary are one histogram.
type Source[E any] interface {
	Draw(ctx context.Context, dst []E, n int, rng *rand.Rand) ([]E, error)
}

// A Fitted model is a source of synthetic rows. It is immutable and safe for concurrent use; one that holds
// a process or much memory is an io.Closer too. A degenerate fit (no variance, one word) is a Fitted, not an error.
type Fitted[E any] interface{ Source[E] }

// A Model is a family that can be fitted.
type Model[E any] interface {
	// Fit learns from t.Train. It returns when ctx ends.
	Fit(ctx context.Context, t Task[E]) (Fitted[E], error)
	// Fits returns a value of the type that Fit returns, to ask what it can do before a run; it is never drawn from.
	Fits() Fitted[E]
}

// A Store holds named bytes; see internal/store.
type Store = store.Store

// ErrPaused is what a fit or a draw returns that would cost more than the user allows. It is no failure: the cell stays as far as
// it is, and the same command goes on when more is allowed.
var ErrPaused = errors.New("paused")

// A Task is one fit: everything that a model may know and use.
type Task[E any] struct {
	Arm              string    // of the experiment, with its settings: a digest
	Chain            rng.Key   // the replicate
	Generation, Node int       // which fit this is
	Train            Sample[E] // not to be kept or changed: its memory is reused
	Start            Fitted[E] // warm start or anchor; nil: from scratch
	Rand             *rand.Rand
	Scratch          Store                           // survives a kill inside this fit; nil: nothing does
	Progress         func(done float64, note string) // done in [0, 1]; never nil
	Folder           func() (string, error)          // a directory of the cell's own, for programs that want files; nil: there is none
	Shared           func() (string, error)          // a directory that all cells of the run share, for what is paid for once; nil: there is none
}

// ID names a fit, the same after a restart: the experiment, the replicate, generation and node.
func (t Task[E]) ID() string {
	path := t.Chain.Child("generation", t.Generation).Child("fit", t.Node)
	return t.Arm + "-" + hex.EncodeToString(path[:8])
}

// A Span is rows that share a base weight.
type Span[E any] struct {
	Rows    []E
	Weight  float64   // of each row
	Weights []float64 // a further factor a row; nil: 1
}

// A Sample is what a fit sees.
type Sample[E any] []Span[E]

// All yields every row with its weight. Hot families range over the spans themselves.
func (s Sample[E]) All() iter.Seq2[E, float64] {
	return func(yield func(E, float64) bool) {
		for _, sp := range s {
			for i, row := range sp.Rows {
				if !yield(row, sp.At(i)) {
					return
				}
			}
		}
	}
}

// At is the weight of row i.
func (s Span[E]) At(i int) float64 {
	if s.Weights == nil {
		return s.Weight
	}
	return s.Weight * s.Weights[i]
}

// Plain reports whether every row of s weighs exactly 1.
func (s Span[E]) Plain() bool { return s.Weights == nil && s.Weight == 1 }

// Len is the number of rows in s, whatever their weights.
func (s Sample[E]) Len() (n int) {
	for _, sp := range s {
		n += len(sp.Rows)
	}
	return n
}

// A Batch is rows on their way into the history.
type Batch[E any] struct {
	Rows       []E       // may be replaced one by one, never in place
	Weights    []float64 // 1 each at first; 0 drops the row
	Model      Fitted[E] // who drew them; nil: they are real
	Real       bool      // they come from the truth, which only an oracle knows
	Generation int       // that draws them
	Rand       *rand.Rand
}

// An Intervention changes, weighs or drops rows of a batch. The engine compacts and counts what was dropped.
// One that is a Sampler is never applied: it changes what is drawn from.
type Intervention[E any] interface {
	Name() string
	Apply(ctx context.Context, b Batch[E]) error
}

// A Trace hears where rows come from; a nil Trace costs one test a draw.
// Synthetic rows without parents descend from their fit.
type Trace interface {
	Parent(child At, row int, parent At, parentRow int)
	Dropped(block At, row int, stage string, weight float64)
}
