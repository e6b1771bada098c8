package generate

import (
	"context"
	"fmt"
	"math"

	"modelcollapse/internal/num"
)

// Score is the log density, by Gauss–Legendre panels no longer than 1.25 times the noise: within 1e-6, relative, on the curves.
// Without noise there is no density.
func (c *Curves) Score(ctx context.Context, rows []Vector, nats []float64) error {
	if c.noise == 0 {
		return fmt.Errorf("%s: there is no density without noise", c.name)
	}
	for i, row := range rows {
		if len(row) != c.Dim() {
			return fmt.Errorf("%s: row %d has %d columns, want %d", c.name, i, len(row), c.Dim())
		}
	}
	if c.height == 0 {
		return c.density.Score(ctx, rows, nats)
	}
	flat := make([]Vector, len(rows))
	for i, row := range rows {
		flat[i] = Vector{row[0], row[2]}
	}
	if err := c.density.Score(ctx, flat, nats); err != nil {
		return err
	}
	for i, row := range rows {
		nats[i] += c.logHeight(row[1])
	}
	return nil
}

// Modes are the arcs, for metrics that ask which of the truth's modes a row belongs to; none of a single arc, or without
// noise.
func (c *Curves) Modes() (modes []Scorer[Vector]) {
	if len(c.modes) < 2 {
		return nil
	}
	for _, m := range c.modes {
		modes = append(modes, m)
	}
	return modes
}

// logHeight is the log density of a uniform height with noise.
func (c *Curves) logHeight(y float64) float64 {
	y = math.Min(y, c.height-y) // it is symmetric: from the nearer end
	near, far := y/c.noise, (y-c.height)/c.noise
	if near > 0 {
		return num.Log(num.NormalCDF(near)-num.NormalCDF(far)) - num.Log(c.height)
	}
	tail := num.LogNormalTail(-near)
	return tail + num.Log1p(-num.Exp(num.LogNormalTail(-far)-tail)) - num.Log(c.height)
}
