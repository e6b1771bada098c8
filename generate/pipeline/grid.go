package pipeline

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
)

// Grid is a source of every combination of the values of its axes: topic × audience × style. Its records are no data, and
// have no share of real ancestry to give.
type Grid struct {
	Axes  map[string][]string `json:"axes" required:"true" doc:"values by field; a record for each combination"`
	Order string              `json:"order" default:"shuffled" enum:"shuffled,written" doc:"shuffled: each pass in an order of its own, so that a few records are of many cells"`
}

// Validate asks for values.
func (g Grid) Validate() error {
	cells := 1
	for _, name := range slices.Sorted(maps.Keys(g.Axes)) {
		if err := checkField(name); err != nil {
			return fmt.Errorf("axes: %w", err)
		}
		if len(g.Axes[name]) == 0 {
			return fmt.Errorf("axes.%s: has no values", name)
		}
		if cells *= len(g.Axes[name]); cells > maxCells {
			return fmt.Errorf("axes: more than %d combinations", maxCells)
		}
	}
	if len(g.Axes) == 0 {
		return errors.New("axes: there are none")
	}
	return nil
}

// maxCells bounds a grid, whose order is kept in memory.
const maxCells = 1 << 24

// Open implements Stage.
func (g Grid) Open(e *Env) (any, error) {
	c := newCells(g.Axes)
	e.Fields.add(c.names...)
	e.Fields.wrote = c.names
	c.sized(e.Fields)
	out := &grid{Grid: g, cells: c, env: e}
	out.again()
	e.about = fmt.Sprintf("%d cells of %s", c.count, strings.Join(c.names, " × "))
	return out, nil
}

// Cells are all combinations of values, the last name turning fastest.
type cells struct {
	names  []string
	values [][]string
	count  int
}

func newCells(axes map[string][]string) cells {
	c := cells{names: slices.Sorted(maps.Keys(axes)), count: 1}
	for _, name := range c.names {
		c.values = append(c.values, axes[name])
		c.count *= len(axes[name])
	}
	return c
}

// sized notes how long the values are.
func (c cells) sized(n *Names) {
	for i, name := range c.names {
		n.sized(measured(c.values[i]), false, name)
	}
}

// at is combination i as fields.
func (c cells) at(i int) Fields {
	f := Fields{}
	for j, name := range slices.Backward(c.names) {
		n := len(c.values[j])
		f[name] = c.values[j][i%n]
		i /= n
	}
	return f
}

type grid struct {
	Grid
	cells cells
	env   *Env
	pass  int
	drawn int
	order []int // nil: as written
}

func (g *grid) size() int { return g.cells.count }

// again begins the next pass.
func (g *grid) again() bool {
	if g.drawn = 0; g.Order == "shuffled" {
		g.order = g.env.key.Child("pass", g.pass).Stream().Perm(g.cells.count)
	}
	g.pass++
	return true
}

// Draw gives the next n cells; fewer: the pass is over.
func (g *grid) Draw(_ context.Context, dst []Record, n int, _ *rand.Rand) ([]Record, error) {
	for ; n > 0 && g.drawn < g.cells.count; n-- {
		i := g.drawn
		if g.order != nil {
			i = g.order[i]
		}
		dst = append(dst, Record{ID: id(g.env.Run, g.env.Name, i), Stage: g.env.Name, Fields: g.cells.at(i)})
		g.drawn++
	}
	return dst, nil
}
