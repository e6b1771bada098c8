package generate

import (
	"context"
	"io"
	"math/rand/v2"
)

// The optional capabilities of a Fitted, a Model or a Source: found by assertion (on Model.Fits()
// where a fit is meant), checked before a run starts.
type (
	// A Scorer (Fitted, Source) knows its own log likelihood, in nats a row, written to nats[i].
	// −Inf is a result: the row cannot be drawn. In batches, because a server scores in batches and may fail.
	Scorer[E any] interface {
		Score(ctx context.Context, rows []E, nats []float64) error
	}

	// A Conditional (Fitted) appends one row for each row given: a continuation of a prompt, a label of an input.
	Conditional[E any] interface {
		DrawGiven(ctx context.Context, dst, given []E, rng *rand.Rand) ([]E, error)
	}

	// A Tempered (Fitted) can be drawn from with other sampling settings; an error names one that it has no meaning for.
	Tempered[E any] interface {
		With(s Sampling) (Source[E], error)
	}

	// An Incremental (Model) needs only mergeable statistics of its rows, so that accumulating costs a
	// generation what replacing costs. FitStats must neither keep nor change s; t.Train is empty.
	Incremental[E any] interface {
		Empty() Stats[E]
		FitStats(ctx context.Context, t Task[E], s Stats[E]) (Fitted[E], error)
	}

	// A Stats is mergeable sufficient statistics. Merge adds weight × other; it never writes arrays that
	// other shares, and never arrays that a fit may share. Rows is the plain number of draws summarised.
	Stats[E any] interface {
		Add(s Span[E])
		Merge(other Stats[E], weight float64)
		Rows() float64
	}

	// A StatDrawer (Fitted, Source) adds the statistics of n draws to into without making the rows: the same
	// law, fewer draws. False: into is of a type that it does not know, and nothing was drawn; it gets rows instead.
	StatDrawer[E any] interface {
		DrawStats(into Stats[E], n int, rng *rand.Rand) bool
	}

	// A GivenStatDrawer (Fitted) does so for draws given other rows, of which it sees the statistics alone.
	GivenStatDrawer[E any] interface {
		DrawStatsGiven(into, given Stats[E], n int, rng *rand.Rand) bool
	}

	// A Saver (Fitted) can be stored; a Restorer is its Model. Without them a fit is fitted again after a restart.
	Saver           interface{ Save(w io.Writer) error }
	Restorer[E any] interface {
		Restore(r io.Reader) (Fitted[E], error)
	}

	// A Weigher (Model) says whether it accepts weights that are not whole numbers; models of counts do not. An
	// Intervention that is one says whether it gives such weights.
	Weigher interface{ Weighs() bool }

	// A Starter (Model) makes something of Task.Start: it begins at it, or is drawn towards it.
	Starter interface{ Starts() }

	// A Dear (Model) is not to be fitted twice: unless a config says otherwise, blocks and fits are stored, and a restart
	// goes on from them.
	Dear interface{ Dear() }

	// A Degenerate (Fitted) says why it is degenerate, in a few words for the record; "" when it is not.
	Degenerate interface{ Degenerate() string }

	// A Bound (Model) must know something of the truth before it is fitted: a vocabulary, a dimension.
	Bound[E any] interface {
		Bind(truth Source[E]) (Model[E], error)
	}
)

// The optional capabilities of an Intervention.
type (
	// A Sampler draws from a fit in another way: by temperature, truncated, with another spread. Before a run it is
	// asked with Model.Fits(), which is never drawn from.
	Sampler[E any] interface {
		Sampled(from Source[E]) (Source[E], error)
	}

	// A Demanding one needs something of the fits whose rows it looks at: Can is nil, or what is lacking and what would
	// provide it.
	Demanding[E any] interface {
		Can(fits Fitted[E]) error
	}

	// A Reshaper (Sampler) says the law of rows that are drawn as it samples, given that of honest ones: for the linear
	// oracle (evaluate.Linear). nil: there is none.
	Reshaper interface{ Reshape(honest Law) Law }

	// A Scoped one looks at real rows too in the generations that it names; without, at synthetic rows alone.
	Scoped interface{ Real(generation int) bool }

	// An Oversampler chooses n rows among more candidates; what it leaves beyond n is cut.
	Oversampler interface{ Candidates(n int) int }

	// A BoundIntervention must know something of the truth before it acts: its moments, its labels.
	BoundIntervention[E any] interface {
		Bind(truth Source[E]) (Intervention[E], error)
	}
)

// The optional capabilities of a source of real rows.
type (
	// An Opener reads its rows and splits them before a plan exists: how many rows there are, and which words,
	// depends on the split. split is the stream of the data's own path, shared by replicates unless the split varies.
	Opener[E any] interface {
		Open(ctx context.Context, split *rand.Rand) (Source[E], error)
	}

	// A Finite source runs out: the engine deals Rows in order, once each, so that no two real blocks share a row.
	// HeldOut and Tune are disjoint from them and from each other; Tune may be empty.
	Finite[E any] interface {
		Rows() []E
		HeldOut() []E
		Tune() []E
	}

	// A Judge knows whether a row is right: an equation that holds, a category that exists.
	Judge[E any] interface{ True(row E) bool }

	// A Labeller knows the right label of an input.
	Labeller interface {
		TrueLabel(x []float64) float64
	}

	// A Reserver without end says how many held-out draws it gives (0: 10,000).
	Reserver interface{ Reserve() int }

	// A Digester knows a digest (sha256, hex) and a one-line description of what it read.
	Digester interface{ Digest() (sum, what string) }
)
