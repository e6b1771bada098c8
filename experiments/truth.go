package experiments

import (
	"context"
	"fmt"
	"math/rand/v2"

	"modelcollapse/generate"
	"modelcollapse/internal/rng"
)

// A deal says where the real blocks of a plan find their rows in a source: for a finite one at offsets that follow
// from the plan alone, so that no two blocks share a row and a restart finds the same.
type deal[E any] struct {
	source     generate.Source[E]
	finite     bool
	rows       []E
	held, tune []E
	offset     map[generate.At]int
}

// ErrFewRows says that a finite source cannot feed a plan.
type ErrFewRows struct{ Need, Have int }

func (e ErrFewRows) Error() string {
	return fmt.Sprintf("the workflow needs %d real rows, never seen twice, and the source has %d to train on", e.Need, e.Have)
}

// deal reserves the real rows of the whole plan.
func (c *compiled[E]) deal() error {
	for i, src := range c.Truth {
		d := deal[E]{source: src}
		total, offset := c.plan.RealRows(i)
		if f, ok := src.(generate.Finite[E]); ok {
			d.finite, d.rows, d.held, d.tune, d.offset = true, f.Rows(), f.HeldOut(), f.Tune(), offset
			if total > len(d.rows) {
				return fmt.Errorf("source %d: %w", i, ErrFewRows{total, len(d.rows)})
			}
		}
		c.deals = append(c.deals, d)
	}
	d := c.deals[0]
	if c.need.HeldOut && d.finite && len(d.held) == 0 {
		return fmt.Errorf("a metric needs held-out rows, and data.heldout keeps none")
	}
	if c.need.Tune && len(d.tune) == 0 {
		return fmt.Errorf("a metric needs rows to tune on; give data.tune a share")
	}
	return nil
}

// draw appends the n real rows of block at, of those that the plan reserved for it.
func (d deal[E]) draw(ctx context.Context, dst []E, n, reserved int, at generate.At, r *rand.Rand) ([]E, error) {
	if !d.finite {
		return d.source.Draw(ctx, dst, n, r)
	}
	from := d.offset[at]
	if n > reserved {
		return nil, fmt.Errorf("%d real rows by chance, where %d were set aside", n, reserved)
	}
	return append(dst, d.rows[from:from+n]...), nil
}

// heldOut returns the held-out rows of a cell: the source's own, or draws of the truth.
func (c *compiled[E]) heldOut(ctx context.Context, key rng.Key) ([]E, error) {
	d := c.deals[0]
	if d.finite || !c.need.HeldOut {
		return d.held, nil
	}
	n := c.HeldOut
	if n == 0 {
		n = 10_000
	}
	held, err := d.source.Draw(ctx, nil, n, key.Child("heldout", 0).Stream())
	if err != nil {
		return nil, fmt.Errorf("held-out rows: %w", err)
	}
	return held, nil
}
