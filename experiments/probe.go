package experiments

import (
	"context"
	"fmt"

	"modelcollapse/generate"
	"modelcollapse/internal/rng"
)

// probe draws whole rows of a fit until they have at least facts.Probe units, and cuts the last one.
// The number of rows asked for at a time follows from what was drawn, so it is the same wherever it runs.
func (x *cell[E]) probe(ctx context.Context, f generate.Fitted[E], key rng.Key) (rows []E, err error) {
	r, want := key.Stream(), x.facts.Probe
	if x.Kind.Units == nil {
		return f.Draw(ctx, nil, want, r)
	}
	perRow := max(1, float64(x.facts.Units)/float64(max(1, x.facts.Rows)))
	have := 0
	for have < want {
		from := len(rows)
		n := int(float64(want-have)/perRow) + 1
		if rows, err = f.Draw(ctx, rows, n, r); err != nil {
			return nil, err
		}
		drawn := x.Kind.UnitsOf(rows[from:])
		if drawn == 0 {
			return nil, fmt.Errorf("%d rows of no tokens", n)
		}
		perRow, have = max(1, float64(drawn)/float64(n)), have+drawn
	}
	return cut(x.Kind, rows, have, want), nil
}

// cut drops whole rows from the end, then cuts the last one, until want of have units are left.
func cut[E any](k generate.Kind[E], rows []E, have, want int) []E {
	for have > want {
		last := len(rows) - 1
		units := k.Units(rows[last])
		if over := have - want; over < units {
			rows[last] = k.Cut(rows[last], units-over)
			return rows
		}
		rows, have = rows[:last], have-units
	}
	return rows
}
