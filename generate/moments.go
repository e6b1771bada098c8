package generate

// Moments are the weight, rows, mean and weighted sum of squared deviations of scalars.
type Moments struct{ weight, rows, mean, squares float64 }

// Rows is the plain number of rows.
func (s *Moments) Rows() float64 { return s.rows }

// Mean and Variance (divisor n) of what was added.
func (s *Moments) Mean() float64     { return s.mean }
func (s *Moments) Variance() float64 { return s.squares / s.weight }

// Add adds the rows of a span: two passes over plain rows, row by row where weights differ.
func (s *Moments) Add(sp Span[float64]) {
	if len(sp.Rows) == 0 {
		return
	}
	if sp.Weights != nil {
		for i, x := range sp.Rows {
			s.Merge(&Moments{1, 1, x, 0}, sp.At(i))
		}
		return
	}
	n, total := float64(len(sp.Rows)), 0.0
	for _, x := range sp.Rows {
		total += x
	}
	t := Moments{weight: n, rows: n, mean: total / n}
	for _, x := range sp.Rows {
		d := x - t.mean
		t.squares += float64(d * d)
	}
	s.Merge(&t, sp.Weight)
}

// Merge adds other, each row weighing weight (Chan et al. 1979).
func (s *Moments) Merge(other Stats[float64], weight float64) {
	t := *other.(*Moments)
	t.weight, t.squares = float64(t.weight*weight), float64(t.squares*weight)
	s.rows += t.rows
	if t.weight == 0 {
		return
	}
	if s.weight == 0 {
		s.weight, s.mean, s.squares = t.weight, t.mean, t.squares
		return
	}
	n, d := s.weight+t.weight, t.mean-s.mean
	s.mean += float64(d*t.weight) / n
	s.squares += t.squares + float64(float64(d*d)*float64(s.weight*t.weight))/n
	s.weight = n
}
