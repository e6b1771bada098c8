package evaluate

import (
	"fmt"

	"modelcollapse/generate"
)

// A mixing collects the origins of a block.
type mixing struct {
	rows    float64
	cov     []float64 // of Σ π_c m_c with every block before
	second  float64   // Σ π_c q_c
	between float64   // Σ π_c Var m_c
	within  float64   // Σ f_c (q_c − Var m_c)
	id      []int
	weight  []float64
}

// draw adds a block: given its origins its rows are independent, or taken without replacement.
func (o *oracle) draw(d generate.Draw, at generate.At) error {
	if err := o.sameInputs(d); err != nil {
		return err
	}
	m := &mixing{rows: float64(d.Rows), cov: make([]float64, len(o.cov)+1)}
	for i, from := range d.From {
		c, second, correction, err := o.origin(from, poolOf{at.Index, i}, m.rows)
		if err != nil {
			return err
		}
		o.mix(m, c, from.Chance(), second, correction)
	}
	v := 0.0
	for i, k := range m.id {
		v += float64(m.weight[i] * m.cov[k])
	}
	j := len(o.cov)
	m.cov[j] = v + (m.between-v)/m.rows + m.within
	o.id[at], o.cov = j, append(o.cov, m.cov)
	o.second, o.rows = append(o.second, m.second), append(o.rows, m.rows)
	return nil
}

// mix adds an origin of a chance, a mean c, a second moment and a variance of its rows within the block.
func (o *oracle) mix(m *mixing, c *combination, chance, second, correction float64) {
	m.within += float64(correction * (second - c.v))
	m.between += float64(chance * c.v)
	m.second += float64(chance * second)
	for k := range len(m.cov) - 1 {
		if o.cov[k] != nil {
			m.cov[k] += float64(chance * o.with(c, k))
		}
	}
	for i := range c.id {
		m.id, m.weight = append(m.id, c.id[i]), append(m.weight, float64(chance*c.weight[i]))
	}
}

// origin is the mean of an origin's rows, their second moment about the truth, and by what the variance within the block
// is multiplied.
func (o *oracle) origin(from generate.Origin, pool poolOf, rows float64) (c *combination, second, correction float64, err error) {
	chance := from.Chance()
	correction = chance / rows
	switch {
	case from.Truth && from.Source != 0:
		return nil, 0, 0, fmt.Errorf("a second source of real rows")
	case from.Truth:
		return &combination{}, o.laws[0].Real(), correction, nil
	case from.Fit != nil:
		c, m := o.fits[*from.Fit], o.out[*from.Fit]
		return c, m.Row + m.Var, correction, nil
	}
	if c, err = o.combine(lessonOf(from.Past), o.pools[pool]); err != nil {
		return nil, 0, 0, err
	}
	o.pools[pool] = c
	if n := c.rows; !from.Replacement { // divisor N − 1, and what was taken is not taken again
		correction = float64(n / (n - 1) * (chance/rows - (float64(chance*(1-chance))/rows+float64(chance*chance))/n))
		if n == 1 {
			correction = 0
		}
	}
	return c, c.second, correction, nil
}

// sameInputs refuses a design that is not that of generation 0: then fits are not linear in block means.
func (o *oracle) sameInputs(d generate.Draw) error {
	if d.Given == nil {
		return nil
	}
	past := d.Given.Past
	if len(past) != 1 || past[0].Lo != 0 || past[0].Hi != 1 || o.plan.Count(past[0]) != d.Rows {
		return fmt.Errorf("inputs that are not all those of generation 0's block")
	}
	return nil
}
