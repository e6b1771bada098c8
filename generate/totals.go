package generate

import "modelcollapse/internal/num"

// Totals are the weight, rows and weighted sum of scalars: all that a family fitted by its mean must know of them.
type Totals struct {
	weight, rows float64
	sum          num.Accumulator
}

// Rows is the plain number of rows.
func (s *Totals) Rows() float64 { return s.rows }

// Sum is the weighted sum of what was added.
func (s *Totals) Sum() float64 { return s.sum.Sum() }

// Mean is Sum over the weight; NaN of no rows, or of rows without weight.
func (s *Totals) Mean() float64 { return s.Sum() / s.weight }

// Add adds the rows of a span. A row of weight 0 adds nothing but its number.
func (s *Totals) Add(sp Span[float64]) {
	s.rows += float64(len(sp.Rows))
	if sp.Weights == nil && sp.Weight != 0 {
		s.weight += float64(sp.Weight * float64(len(sp.Rows)))
		total := num.SumCompensated(sp.Rows)
		s.sum.Add(float64(sp.Weight * total))
		return
	}
	for i, x := range sp.Rows {
		if w := sp.At(i); w != 0 {
			s.weight += w
			s.sum.Add(float64(w * x))
		}
	}
}

// Merge adds other, each row weighing weight.
func (s *Totals) Merge(other Stats[float64], weight float64) {
	t := other.(*Totals)
	s.rows += t.rows
	if weight != 0 {
		s.weight += float64(weight * t.weight)
		s.sum.Add(float64(weight * t.Sum()))
	}
}
