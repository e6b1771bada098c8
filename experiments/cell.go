package experiments

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"modelcollapse/evaluate"
	"modelcollapse/generate"
	"modelcollapse/internal/rng"
	"modelcollapse/results"
)

// Finished is the outcome of a chain that ran to its last generation.
const Finished = "finished"

// A cell is one replicate under way.
type cell[E any] struct {
	*compiled[E]
	state[E]
	key    rng.Key
	store  generate.Store // nil: nothing survives
	out    Out
	gauges []evaluate.Gauge[E]
	held   []E

	fitting   rng.Deferred // the stream of the fit under way
	making    drawing[E]
	dice      rng.Reseeded // its stream
	attachErr error        // the first

	folder, shared func() (string, error) // a directory of the cell's own, and one of the run; nil: there is none
}

func (c *compiled[E]) Cell(ctx context.Context, key rng.Key, store generate.Store, out Out) (string, error) {
	x := &cell[E]{compiled: c, state: newState[E](), key: key, store: store, out: out}
	defer x.closeAll()
	if err := x.begin(ctx); err != nil {
		return "", err
	}
	return x.run(ctx)
}

// begin finds the held-out rows, restores what an earlier run stored, and starts the gauges.
func (x *cell[E]) begin(ctx context.Context) (err error) {
	if x.held, err = x.heldOut(ctx, x.key); err != nil {
		return err
	}
	if err := x.housed(); err != nil {
		return err
	}
	if x.Checkpoint && x.store != nil {
		err := x.restore(ctx)
		if errors.Is(err, errChanged) || errors.Is(err, fs.ErrNotExist) {
			err = x.anew()
		}
		if err != nil {
			return fmt.Errorf("stored blocks: %w", err)
		}
	}
	return x.startGauges(ctx)
}

// housed finds the directory of the cell, where a model may want one, and empties it of what a killed process left.
func (x *cell[E]) housed() (err error) {
	f, ok := x.out.(interface {
		Folder() (string, error)
		Shared() (string, error)
	})
	for _, m := range x.Models {
		if _, dear := m.(generate.Dear); dear && ok && x.folder == nil {
			x.folder, x.shared = f.Folder, f.Shared
			_, err = f.Folder()
		}
	}
	return err
}

// run is the loop: draws, lessons, measures, one record a generation.
func (x *cell[E]) run(ctx context.Context) (string, error) {
	for x.next <= x.Generations {
		g := x.next
		rec := results.Record{Generation: g}
		step, key := x.plan.Steps[g], x.key.Child("generation", g)
		err := x.draws(ctx, step, g, key, &rec)
		if errors.Is(err, ErrNothingLeft) {
			rec.Note = note(rec.Note, 0, err.Error())
			return fmt.Sprintf("stopped: %v at generation %d", err, g), x.out.Put(rec)
		}
		if err != nil {
			return "", fmt.Errorf("generation %d: %w", g, err)
		}
		for n, l := range step.Lessons {
			at := generate.At{Generation: g, Index: n}
			f, err := x.fit(ctx, l, at, key)
			if err != nil {
				return "", fmt.Errorf("generation %d: fit %d: %w", g, n, err)
			}
			x.fits[at] = f
		}
		if err := x.measure(ctx, g, key, &rec); err != nil {
			return "", fmt.Errorf("generation %d: %w", g, err)
		}
		stop := x.out.Put(rec)
		if stop != nil && !errors.Is(stop, ErrStopped) {
			return "", stop
		}
		x.next++
		x.forget(x.plan, g, x.grows)
		if err := x.checkpoint(); err != nil {
			return "", fmt.Errorf("generation %d: checkpoint: %w", g, err)
		}
		if stop != nil {
			return "", stop
		}
		if err := ctx.Err(); err != nil {
			return "", err
		}
	}
	return Finished, nil
}

// fit teaches one node, from statistics where that is enough; key is the generation's.
func (x *cell[E]) fit(ctx context.Context, l generate.Lesson, at generate.At, key rng.Key) (generate.Fitted[E], error) {
	m := x.Models[l.Model]
	t := generate.Task[E]{Arm: x.Name, Chain: x.key, Generation: at.Generation, Node: at.Index, Rand: x.fitting.Set(key, "fit", at.Index), Progress: x.progress(at.Generation)}
	if x.store != nil && x.Checkpoint {
		t.Scratch = x.store.Sub("fit-" + t.ID())
	}
	t.Folder, t.Shared = x.folder, x.shared
	if l.Start != nil {
		t.Start = x.fits[*l.Start]
	}
	if inc, ok := m.(generate.Incremental[E]); ok && !x.rows {
		return inc.FitStats(ctx, t, x.pool(inc, l, at.Index, x.grows))
	}
	t.Train = x.sample(x.Kind, l)
	return m.Fit(ctx, t)
}

func silent(float64, string) {}

func (x *cell[E]) progress(g int) func(float64, string) {
	if f, ok := x.out.(interface{ Fitting(Event) }); ok && x.folder != nil { // only dear fits take long enough to speak of
		return func(done float64, note string) {
			f.Fitting(Event{Generation: g, Generations: x.Generations, Phase: "fit", Note: note, Done: done})
		}
	}
	if x.Progress == nil {
		return silent
	}
	return func(done float64, note string) {
		x.Progress(Event{Generation: g, Generations: x.Generations, Phase: "fit", Note: note, Done: done})
	}
}
