package experiments

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"modelcollapse/generate"
	"modelcollapse/results"
)

// Options are how a study is run; none of them changes a number.
type Options struct {
	Jobs        int             // cells at once; 0: 1
	FailFast    bool            // stop at the first failed cell
	RetryFailed bool            // run cells again that failed three times
	Stop        <-chan struct{} // closed: finish the running generations, save, return ErrStopped
	Kept        *results.Reader // measure what this earlier run kept of its cells; nil: run the cells
	Listen      func(Happening) // called from one goroutine at a time; nil: nobody listens
}

// ErrStopped says that a study was stopped before its end; what it finished is saved.
var ErrStopped = errors.New("stopped")

// errDisk marks what stops a run: nothing can be saved. It is not the cell's failure.
var errDisk = errors.New("cannot save")

// attempts is how often a cell may fail before it is left alone.
const attempts = 3

// Run runs the cells that into does not hold yet. The error joins ErrStopped, the context's error or the failures
// of the disk; failed cells are counted in the tally and listed in the run folder, and the others go on.
func (s *Study) Run(ctx context.Context, into *results.Run, o Options) (Tally, error) {
	x := &scheduler{study: s, into: into, Options: o, tally: Tally{Cells: len(s.Cells)}}
	caller := ctx
	ctx, x.cancel = context.WithCancel(caller)
	defer x.cancel()
	todo := x.todo()
	next := make(chan Cell)
	var workers sync.WaitGroup
	for range max(1, o.Jobs) {
		workers.Go(func() {
			for c := range next {
				x.cell(ctx, c)
			}
		})
	}
	for _, c := range todo {
		if x.halted(ctx) {
			break
		}
		select {
		case next <- c:
		case <-ctx.Done():
		}
	}
	close(next)
	workers.Wait()
	if x.stopped.Load() {
		x.fatal = errors.Join(ErrStopped, x.pause, x.fatal)
	}
	return x.tally, errors.Join(x.fatal, caller.Err())
}

// A scheduler hands cells to workers and keeps count.
type scheduler struct {
	Options
	study   *Study
	into    *results.Run
	cancel  context.CancelFunc
	stopped atomic.Bool

	mu    sync.Mutex
	tally Tally
	fatal error // the disk's, or the failure that FailFast stopped for
	pause error // why nothing more may be paid for
}

// todo are the cells to run; the others are counted as reused or as failed for good.
func (x *scheduler) todo() (todo []Cell) {
	for _, c := range x.study.Cells {
		h := Happening{Cell: c}
		switch {
		case x.into.Done(c.ID, c.Metrics):
			h.What = "reused"
			x.tell(h)
		case !x.RetryFailed && x.into.Attempts(c.ID) >= attempts:
			h.What, h.Err = "failed", fmt.Errorf("failed %d times before; --retry-failed tries again", attempts)
			x.tell(h)
		default:
			todo = append(todo, c)
		}
	}
	return todo
}

// halted reports that no further cell may start.
func (x *scheduler) halted(ctx context.Context) bool {
	select {
	case <-x.Stop:
		x.stopped.Store(true)
	default:
	}
	return x.stopped.Load() || ctx.Err() != nil
}

func (x *scheduler) tell(h Happening) {
	x.mu.Lock()
	defer x.mu.Unlock()
	h.Arm, h.Last = x.study.Arms[h.Cell.Arm].Name, h.Cell.runner.Plan().Generations()
	x.tally.Count(h)
	if x.Listen != nil {
		x.Listen(h)
	}
}

func (x *scheduler) fail(err error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.fatal == nil { // the others say the same
		x.fatal = err
	}
	x.cancel()
}

// cell runs one cell to its seal. A panic becomes a failed cell with its stack, never a dead run.
func (x *scheduler) cell(ctx context.Context, c Cell) {
	if x.halted(ctx) {
		return
	}
	x.tell(Happening{What: "started", Cell: c})
	ctx, done := x.hasty(ctx, c)
	defer done()
	begin := time.Now()
	w, err := x.into.Cell(c.ID, c.Metrics)
	if err != nil {
		x.fail(err)
		return
	}
	outcome, err := x.attempt(ctx, c, w)
	if err == nil {
		if err = w.Seal(outcome, time.Since(begin), 0); err != nil {
			err = fmt.Errorf("%w: %w", errDisk, err)
		}
	} else {
		err = errors.Join(err, w.Close())
	}
	switch {
	case err == nil:
		x.tell(Happening{What: "done", Cell: c, Outcome: outcome, Took: time.Since(begin)})
	case errors.Is(err, errDisk):
		x.fail(err)
	case errors.Is(err, ErrStopped) || ctx.Err() != nil:
		x.halted(ctx)
	case errors.Is(err, generate.ErrPaused):
		x.paused(err)
	default:
		x.failed(c, err)
	}
}

// hasty ends with the study's stop where a cell calls a server: a generation of calls takes long and costs, and those that were
// answered are kept.
func (x *scheduler) hasty(ctx context.Context, c Cell) (context.Context, func()) {
	if len(x.study.Arms[c.Arm].Facts.Calls) == 0 || x.Stop == nil {
		return ctx, func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		select {
		case <-x.Stop:
			cancel()
		case <-ctx.Done():
		}
	}()
	return ctx, cancel
}

// paused starts no further cell: what one may not pay for, no other may.
func (x *scheduler) paused(err error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.pause == nil {
		x.pause = x.study.words.error(err)
	}
	x.stopped.Store(true)
}

func (x *scheduler) failed(c Cell, err error) {
	err = x.study.words.error(err)
	if e := x.into.Fail(c.ID, err); e != nil {
		x.fail(errors.Join(err, e)) // the disk fails, so nothing can be saved
		return
	}
	x.tell(Happening{What: "failed", Cell: c, Err: err})
	if x.FailFast {
		x.fail(nil)
	}
}

func (x *scheduler) attempt(ctx context.Context, c Cell, w *results.CellWriter) (outcome string, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	if x.Kept != nil {
		was, _ := x.Kept.Sealed(c.ID)
		return c.runner.Again(ctx, c.Key, x.Kept.Kept(c.ID), was, &watched{w, x, c})
	}
	var store generate.Store
	if c.stores {
		store = safe{w.Store()}
	}
	return c.runner.Cell(ctx, c.Key, store, &watched{w, x, c})
}

// watched passes records on, and ends the cell when the study was told to stop.
type watched struct {
	*results.CellWriter
	x *scheduler
	c Cell
}

// safe is a store whose failing writes are the disk's, not the cell's.
type safe struct{ generate.Store }

func (s safe) Put(name string, write func(io.Writer) error) error {
	return saved(s.Store.Put(name, write))
}
func (s safe) Sub(name string) generate.Store { return safe{s.Store.Sub(name)} }

// saved marks an error of the disk; a replay that differs from its record is the cell's own failure.
func saved(err error) error {
	if err == nil {
		return nil
	}
	var differs *results.ReplayError
	if errors.As(err, &differs) {
		return err
	}
	return fmt.Errorf("%w: %w", errDisk, err)
}

func (w *watched) Attach(generation, node int, name, mediaType string, content []byte) error {
	return saved(w.CellWriter.Attach(generation, node, name, mediaType, content))
}

// Replicate is the number of the cell's replicate, for metrics that attach those of the first alone.
func (w *watched) Replicate() int { return w.c.Replicate }

// Fitting tells how far a fit is.
func (w *watched) Fitting(e Event) {
	if w.x.Listen != nil {
		w.x.tell(Happening{What: "fit", Cell: w.c, Generation: e.Generation, Done: e.Done, Note: e.Note})
	}
}

func (w *watched) Put(r results.Record) error {
	if err := saved(w.CellWriter.Put(r)); err != nil {
		return err
	}
	if w.x.Listen != nil {
		w.x.tell(Happening{What: "generation", Cell: w.c, Generation: r.Generation})
	}
	if w.x.halted(context.Background()) && r.Generation < w.c.runner.Plan().Generations() {
		return ErrStopped
	}
	return nil
}
