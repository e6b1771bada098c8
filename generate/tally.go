package generate

// A Tally is weighted counts of categories, of those alone that may have one: what is done with it costs what they
// cost, not what the vocabulary costs.
type Tally struct {
	categories   int
	at           []int32   // by rising index; never written, because fits and other tallies share it
	count        []float64 // by at; some may be 0
	shared       bool      // count belongs to another tally
	lent         bool      // count is another tally's too
	home         *memory   // where count goes when the tally is closed; nil: nowhere
	weight, rows float64
}

// Counts are the weighted counts by category; made for this call.
func (s *Tally) Counts() []float64 {
	all := make([]float64, s.categories)
	for k, i := range s.at {
		all[i] = s.count[k]
	}
	return all
}

// Rows is the plain number of draws.
func (s *Tally) Rows() float64 { return s.rows }

// shares is the fit of the counts by maximum likelihood.
func (s *Tally) shares(m *memory) Frequencies {
	n := s.living()
	at := s.at
	if n < len(at) {
		at = make([]int32, 0, n)
	}
	p, share := m.slices(s.categories, n)
	for k, i := range s.at {
		if c := s.count[k]; c > 0 {
			x := c / s.weight
			p[i], share = x, append(share, x)
			if n < len(s.at) {
				at = append(at, i)
			}
		}
	}
	f := Frequencies{P: p}
	if len(p) > 0 {
		f.living = &living{&p[0], at, share, m}
	}
	return f
}

// living is how many categories have a count.
func (s *Tally) living() (n int) {
	for _, x := range s.count {
		if x > 0 {
			n++
		}
	}
	return n
}

// compact is s without categories that have no count.
func (s *Tally) compact() *Tally {
	n := s.living()
	t := &Tally{categories: s.categories, at: make([]int32, 0, n), count: make([]float64, 0, n), weight: s.weight, rows: s.rows}
	for k, x := range s.count {
		if x > 0 {
			t.at, t.count = append(t.at, s.at[k]), append(t.count, x)
		}
	}
	return t
}

// Close gives the counts back, unless another tally has them: nobody will look at s any more.
func (s *Tally) Close() error {
	if s.home != nil && !s.shared && !s.lent {
		room := s.count
		s.home.counts.Put(&room)
		s.count, s.at, s.home = nil, nil, nil
	}
	return nil
}

// Add adds the histograms of a span.
func (s *Tally) Add(sp Span[Histogram]) {
	for i, h := range sp.Rows {
		t := &Tally{categories: s.categories}
		for j, c := range h[:min(len(h), s.categories)] {
			if c > 0 {
				t.at, t.count = append(t.at, int32(j)), append(t.count, float64(c))
				t.rows += float64(c)
			}
		}
		t.weight = t.rows
		s.Merge(t, sp.At(i))
	}
}

// Merge adds weight × other. What is merged into no draws is shared until more comes.
func (s *Tally) Merge(other Stats[Histogram], weight float64) {
	t := other.(*Tally)
	if weight == 1 {
		s.take(t, true)
		return
	}
	t = t.compact()
	for k, x := range t.count {
		t.count[k] = float64(weight * x)
	}
	t.weight = float64(weight * t.weight)
	s.take(t, false)
}

// take adds t, whose counts stay its own if shared.
func (s *Tally) take(t *Tally, shared bool) {
	if s.shared && len(t.at) > 0 {
		own := s.compact()
		s.at, s.count, s.shared, s.home = own.at, own.count, false, nil
	}
	switch {
	case len(t.at) == 0:
	case len(s.at) == 0:
		s.at, s.count, s.shared, s.home = t.at, t.count, shared, t.home
		t.lent = shared
	case len(s.at) == len(t.at) && &s.at[0] == &t.at[0]:
		for k, x := range t.count {
			s.count[k] += x
		}
	default:
		s.at, s.count = union(s, t)
		s.home = nil
	}
	s.weight, s.rows = s.weight+t.weight, s.rows+t.rows
}

// union are the categories of a and b and the sums of their counts. The categories are those of a itself where b adds
// none, so that a pool that only grows keeps them.
func union(a, b *Tally) (at []int32, count []float64) {
	at, count = make([]int32, 0, len(a.at)+len(b.at)), make([]float64, 0, len(a.at)+len(b.at))
	i, j := 0, 0
	for i < len(a.at) || j < len(b.at) {
		switch {
		case j == len(b.at) || i < len(a.at) && a.at[i] < b.at[j]:
			at, count = append(at, a.at[i]), append(count, a.count[i])
			i++
		case i == len(a.at) || b.at[j] < a.at[i]:
			at, count = append(at, b.at[j]), append(count, b.count[j])
			j++
		default:
			at, count = append(at, a.at[i]), append(count, a.count[i]+b.count[j])
			i, j = i+1, j+1
		}
	}
	if len(at) == len(a.at) {
		at = a.at
	}
	return at, count
}
