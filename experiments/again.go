package experiments

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"

	"modelcollapse/generate"
	"modelcollapse/internal/rng"
	"modelcollapse/results"
)

// Again measures a chain that was run before by what it kept, without making a row that it learned from: fits (keep.models: all),
// whose fresh rows are those of the first time, or else fresh rows (keep.samples). It ends where the chain ended; was is its seal.
func (c *compiled[E]) Again(ctx context.Context, key rng.Key, kept generate.Store, was results.Seal, out Out) (outcome string, err error) {
	if n := c.need; n.Rows || n.Stats || n.Parts || n.Real {
		return "", fmt.Errorf("a metric looks at what generations learned from, which is not kept: --replay computes it again")
	}
	x := &cell[E]{compiled: c, state: newState[E](), key: key, out: out}
	defer x.closeAll()
	if err := x.begin(ctx); err != nil {
		return "", err
	}
	for ; x.next < was.Generations; x.next++ {
		rec := results.Record{Generation: x.next}
		if x.next == was.Generations-1 && was.Outcome != Finished { // its last record says why, and has no fit
			rec.Note = was.Outcome
		} else if err := x.recollect(ctx, kept, &rec); err != nil {
			return "", fmt.Errorf("generation %d: %w", x.next, err)
		}
		if err := out.Put(rec); err != nil {
			return "", err
		}
		x.forget(x.plan, x.next, false)
	}
	return was.Outcome, nil
}

// recollect measures one generation by what was kept of it.
func (x *cell[E]) recollect(ctx context.Context, kept generate.Store, rec *results.Record) error {
	if !x.measured(rec.Generation) {
		return nil
	}
	key := x.key.Child("generation", rec.Generation)
	for n, l := range x.plan.Steps[rec.Generation].Lessons {
		at := generate.At{Generation: rec.Generation, Index: n}
		fit, err := x.remembered(kept, l, at)
		if err != nil {
			return fmt.Errorf("node %d: %w", n, err)
		}
		x.fits[at] = fit
		if err := x.node(ctx, l, n, nil, key, rec); err != nil {
			return fmt.Errorf("node %d: %w", n, err)
		}
	}
	return nil
}

// remembered is a fit that was kept, or one that gives the rows that were kept of it.
func (x *cell[E]) remembered(kept generate.Store, l generate.Lesson, at generate.At) (fit generate.Fitted[E], err error) {
	if m, ok := x.Models[l.Model].(generate.Restorer[E]); ok && x.Keep.Models == "all" {
		err = read(kept, stored("model", at), func(r io.Reader) error { fit, err = m.Restore(r); return err })
		if err == nil || !errors.Is(err, fs.ErrNotExist) {
			return fit, err
		}
	}
	var rows []E
	err = read(kept, stored("sample", at), func(r io.Reader) error { rows, err = x.Kind.Decode(r); return err })
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("nothing was kept of it (keep.models: all, or keep.samples): --replay computes it again")
	}
	s := keptRows[E]{rows}
	for _, m := range x.Metrics {
		if err = errors.Join(err, m.Can(s)); err != nil {
			return nil, fmt.Errorf("%w (only rows of the fit were kept: --replay computes it again)", err)
		}
	}
	return s, err
}

// keptRows is a fit of which only rows are left.
type keptRows[E any] struct{ rows []E }

// Draw gives the rows that were kept, at most n of them, whatever the stream.
func (k keptRows[E]) Draw(_ context.Context, dst []E, n int, _ *rand.Rand) ([]E, error) {
	return append(dst, k.rows[:min(n, len(k.rows))]...), nil
}
