package generate

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"sync"

	"modelcollapse/internal/num"
	"modelcollapse/internal/rng"
)

// A Distribution over categories 0 … K−1 knows its probabilities; the slice must not be changed.
type Distribution interface{ Probabilities() []float64 }

// Frequencies is a categorical distribution, by probabilities that add to 1.
type Frequencies struct {
	P      []float64
	living *living // of P; nil, or of another slice: not known yet
}

// living are the categories of positive probability, by rising index, and these probabilities; never written.
type living struct {
	of    *float64 // the first of the slice that they were found in
	at    []int32
	share []float64
	home  *memory // where the slices go when the fit is closed; nil: nowhere
}

// A memory keeps the slices of closed fits for the next, and room to draw in: a chain of fits over a large vocabulary then
// costs what its living categories cost.
type memory struct{ fits, rooms, counts sync.Pool }

// room is memory for one draw after the other; it is given back by the function.
func (l *living) room() (room *rng.Room, back func()) {
	if l == nil || l.home == nil {
		return nil, func() {}
	}
	room, ok := l.home.rooms.Get().(*rng.Room)
	if !ok {
		room = &rng.Room{}
	}
	home := l.home
	return room, func() { home.rooms.Put(room) }
}

// counts is room for n counts.
func (l *living) counts(n int) []float64 {
	if l != nil && l.home != nil {
		if old, ok := l.home.counts.Get().(*[]float64); ok && cap(*old) >= n {
			return (*old)[:n]
		}
	}
	return make([]float64, n)
}

// slices are probabilities of so many categories, all 0, and room for those of the living ones.
func (m *memory) slices(categories, living int) (p, share []float64) {
	if m != nil {
		if old, ok := m.fits.Get().(*[2][]float64); ok && len(old[0]) == categories && cap(old[1]) >= living {
			return old[0], old[1][:living]
		}
	}
	return make([]float64, categories), make([]float64, living)
}

// Close gives the slices of a fit back: the chain is done with it.
func (f Frequencies) Close() error {
	l := f.living
	if l == nil || l.home == nil || l.of != &f.P[0] {
		return nil
	}
	for _, i := range l.at {
		f.P[i] = 0
	}
	l.home.fits.Put(&[2][]float64{f.P, l.share})
	l.home = nil
	return nil
}

// Probabilities are f.P.
func (f Frequencies) Probabilities() []float64 { return f.P }

// Living are the categories of positive probability, by rising index, and these probabilities; not to be changed.
func (f Frequencies) Living() (at []int32, share []float64) {
	if len(f.P) == 0 {
		return nil, nil
	}
	l := f.living
	if l == nil || l.of != &f.P[0] {
		l = livingOf(f.P)
	}
	return l.at, l.share
}

func livingOf(p []float64) *living {
	n := 0
	for _, x := range p {
		if x > 0 {
			n++
		}
	}
	l := &living{of: &p[0], at: make([]int32, 0, n), share: p}
	for i, x := range p {
		if x > 0 {
			l.at = append(l.at, int32(i))
		}
	}
	if n < len(p) {
		l.share = make([]float64, n)
		for k, i := range l.at {
			l.share[k] = p[i]
		}
	}
	return l
}

// known is f with its living categories found once.
func (f Frequencies) known() Frequencies {
	if len(f.P) > 0 {
		f.living = livingOf(f.P)
	}
	return f
}

// Draw appends one histogram of n draws: a multinomial at the cost of its living categories.
func (f Frequencies) Draw(_ context.Context, dst []Histogram, n int, r *rand.Rand) ([]Histogram, error) {
	h := make(Histogram, len(f.P))
	at, share := f.Living()
	count := make([]int64, len(at))
	room, back := f.living.room()
	defer back()
	rng.Spread(r, int64(n), share, count, room)
	for k, i := range at {
		h[i] = count[k]
	}
	return append(dst, h), nil
}

// DrawStats adds the counts of n draws without making the histogram.
func (f Frequencies) DrawStats(into Stats[Histogram], n int, r *rand.Rand) bool {
	c, ok := into.(*Tally)
	if ok {
		at, share := f.Living()
		t := Tally{categories: len(f.P), at: at, count: f.living.counts(len(at)), weight: float64(n), rows: float64(n)}
		if f.living != nil {
			t.users = &holders{1, f.living.home}
		}
		if len(at) == 0 {
			t.weight, t.rows = 0, 0
		}
		room, back := f.living.room()
		defer back()
		rng.Spread(r, int64(n), share, t.count, room)
		c.take(&t, false)
	}
	return ok
}

// Law is that of a natural exponential family with v2 = −1, summed over categories: V0 is the true heterozygosity 1 − Σp².
func (f Frequencies) Law(truth Source[Histogram]) (Law, error) {
	d, ok := truth.(Distribution)
	if !ok {
		return nil, fmt.Errorf("categories fitted to %T", truth)
	}
	var h num.Accumulator
	h.Add(1)
	for _, p := range d.Probabilities() {
		h.Add(-float64(p * p))
	}
	return QVF{V0: h.Sum(), V2: -1}, nil
}

// Degenerate reports that one category is left, or none.
func (f Frequencies) Degenerate() string {
	switch at, _ := f.Living(); len(at) {
	case 0:
		return "no category"
	case 1:
		return "one category left"
	}
	return ""
}

// Save writes the probabilities.
func (f Frequencies) Save(w io.Writer) error { return writeMany(w, f.P) }
