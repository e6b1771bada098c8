package audit

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"

	"modelcollapse/internal/rng"
)

// A family is measures of one exchange.
type family struct {
	name     string // of its streams
	units    Units
	measures []Measure
	chosen   func(found Split, jobs int) ([]Measure, error) // those that choose rows of found; nil: none
	paired   bool                                           // both sets are real and as large as a side: their exchanges are the null
}

// values are what a family's splits gave, a row a split, a column a statistic.
type values struct {
	statistics []Statistic
	size       int // rows of a side
	found      []float64
	null       [][]float64
	tested     []float64   // found, of statistics of one side alone the difference of both sides
	exchange   [][]float64 // the same of exchanges
	stays      float64     // of the plan
}

// run measures found, and every split and exchange. Equal seeds give equal values, whatever Jobs is.
func (f family) run(ctx context.Context, o Options) (v values, err error) {
	k := rng.Root(o.Seed).Child("audit", 0).Child(f.name, 0)
	p := newPlan(f.units, f.paired, k.Child("found", 0))
	v.size, v.stays = p.size, p.stays
	if f.chosen != nil {
		more, err := f.chosen(p.found, o.Jobs)
		if err != nil {
			return v, err
		}
		f.measures = append(slices.Clone(f.measures), more...)
	}
	for _, m := range f.measures {
		v.statistics = append(v.statistics, m.Statistics()...)
	}
	v.null, v.exchange = make([][]float64, o.Splits), make([][]float64, o.exchanges(f.units))
	v.found = f.measure(p.found)
	v.tested = f.between(p.found, v.found)
	tasks := make([]func(), 0, len(v.null)+len(v.exchange))
	for i := range v.exchange {
		tasks = append(tasks, func() {
			s := p.exchange(k, "exchange", i)
			v.exchange[i] = f.between(s, f.measure(s))
		})
	}
	for i := range v.null {
		tasks = append(tasks, func() {
			if f.paired {
				v.null[i] = f.measure(p.exchange(k, "null", i))
			} else {
				v.null[i] = f.measure(p.null(k, i))
			}
		})
	}
	return v, each(ctx, o.Jobs, tasks)
}

// cheapRows is up to how many rows (or tokens) of both sets exchanges are cheap.
const cheapRows = 30_000

// exchanges is how many there are.
func (o Options) exchanges(u Units) int {
	if o.Exchanges > 0 {
		return o.Exchanges
	}
	size := 0
	for i := range u.Real + u.Synthetic {
		size += u.weight(i)
	}
	if size <= cheapRows {
		return 5 * o.Splits
	}
	return o.Splits
}

func (f family) measure(s Split) []float64 {
	all := make([]float64, 0, 64)
	for _, m := range f.measures {
		at := len(all)
		all = append(all, make([]float64, len(m.Statistics()))...)
		m.Measure(s, all[at:])
	}
	return all
}

// between is what is tested: values of a split, those of one side alone less the same of the other. Under exchange the difference has
// mean 0; the value of a side alone would move half of the way to what was found, as every exchange gives that side half of the
// candidates.
func (f family) between(s Split, x []float64) []float64 {
	all := append(make([]float64, 0, len(x)), x...)
	var other Split
	at := 0
	for _, m := range f.measures {
		stats := m.Statistics()
		if slices.ContainsFunc(stats, func(s Statistic) bool { return s.own != compares }) {
			if other.Side == nil {
				other = s.mirrored()
			}
			to := make([]float64, len(stats))
			m.Measure(other, to)
			for k, stat := range stats {
				if stat.own != compares {
					all[at+k] -= to[k]
				}
			}
		}
		at += len(stats)
	}
	return all
}

// each does tasks, several at once, until the context ends.
func each(ctx context.Context, jobs int, tasks []func()) error {
	var next atomic.Int64
	var all sync.WaitGroup
	for range min(jobs, len(tasks)) {
		all.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(tasks)) && ctx.Err() == nil; i = next.Add(1) - 1 {
				tasks[i]()
			}
		})
	}
	all.Wait()
	return ctx.Err()
}
