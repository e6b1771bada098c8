package experiments

import (
	"context"
	"errors"
	"fmt"

	"modelcollapse/generate"
	"modelcollapse/internal/rng"
	"modelcollapse/results"
)

// ErrNothingLeft is an outcome, not a failure: a node has no rows to learn from, or a draw none to draw from.
var ErrNothingLeft = errors.New("nothing is left")

// nothingLeft is ErrNothingLeft with what to say of it.
type nothingLeft struct{ why string }

func (e nothingLeft) Error() string        { return e.why }
func (e nothingLeft) Is(target error) bool { return target == ErrNothingLeft }

// draws makes the blocks of generation g and puts what came of them on record. A block may be empty, so that a detector
// may leave the real rows alone; a node without any row may not.
func (x *cell[E]) draws(ctx context.Context, step generate.Step, g int, key rng.Key, rec *results.Record) error {
	for i, d := range step.Draws {
		at := generate.At{Generation: g, Index: i}
		b, err := x.draw(ctx, d, at, key.Child("draw", i))
		if err != nil {
			return fmt.Errorf("draw %d: %w", i, err)
		}
		x.blocks[at] = b
		rec.Draws = append(rec.Draws, b.realised)
		if b.short != "" {
			rec.Note = note(rec.Note, 0, b.short)
		}
	}
	for _, l := range step.Lessons {
		if by, starved := x.starved(l); starved {
			return nothingLeft{"nothing survived " + by}
		}
	}
	return nil
}

// starved reports that every block of a lesson is empty, and who emptied the newest.
func (x *cell[E]) starved(l generate.Lesson) (by string, yes bool) {
	for at := range l.Each {
		b := x.blocks[at]
		if b == nil || b.drawn != nil || x.Kind.Draws(b.rows) > 0 {
			return "", false // nil: it is in the running sum
		}
		for _, s := range b.stats {
			if s != nil && s.Rows() > 0 {
				return "", false
			}
		}
		by = b.emptied
	}
	return by, true
}
