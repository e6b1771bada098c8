package generate

// A Tally is weighted counts of categories, of those alone that may have one: what is done with it costs what they
// cost, not what the vocabulary costs.
type Tally struct {
	categories   int
	at           []int32   // by rising index; never written, because fits and other tallies share it
	count        []float64 // by at; some may be 0
	full         bool      // no count is 0
	users        *holders  // of count, if there may be several or it is given back; nil: s alone
	weight, rows float64
}

// holders are how many tallies have the same counts, which nobody then writes.
type holders struct {
	n    int
	home *memory // where the counts go when nobody has them any more; nil: nowhere
}

// leave gives the counts up.
func (s *Tally) leave() {
	u := s.users
	if u == nil {
		return
	}
	if u.n--; u.n == 0 && u.home != nil {
		room := s.count
		u.home.counts.Put(&room)
	}
	s.users = nil
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
		at = make([]int32, n)
	}
	p, share := m.slices(s.categories, n)
	k := 0
	for j, i := range s.at {
		if c := s.count[j]; c > 0 {
			x := c / s.weight
			p[i], share[k] = x, x
			if n < len(s.at) {
				at[k] = i
			}
			k++
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
	if s.full {
		return len(s.count)
	}
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
	t := &Tally{categories: s.categories, at: make([]int32, 0, n), count: make([]float64, 0, n), full: true, weight: s.weight, rows: s.rows}
	for k, x := range s.count {
		if x > 0 {
			t.at, t.count = append(t.at, s.at[k]), append(t.count, x)
		}
	}
	return t
}

// Close gives the counts back: nobody will look at s any more.
func (s *Tally) Close() error {
	s.leave()
	s.at, s.count = nil, nil
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
	if s.users != nil && len(t.at) > 0 && (s.users.n > 1 || !s.full) {
		own := s.compact()
		s.leave()
		s.at, s.count, s.full = own.at, own.count, true
	}
	switch old := len(s.at); {
	case len(t.at) == 0:
	case old == 0:
		if shared && t.users == nil {
			t.users = &holders{n: 1}
		}
		if shared {
			t.users.n++
		}
		s.at, s.count, s.full, s.users = t.at, t.count, t.full, t.users
	case old == len(t.at) && &s.at[0] == &t.at[0]:
		for k, x := range t.count {
			s.count[k] += x
		}
	default:
		at, count := union(s, t)
		s.leave()
		s.at, s.count, s.full = at, count, s.full && len(at) == old
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
