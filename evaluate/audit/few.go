package audit

import (
	"math/rand/v2"
	"slices"

	"modelcollapse/internal/rng"
)

// few are rows that a dear statistic looks at: of found and exchanges up to limit real and limit synthetic ones of those that found
// compares; of the null twice as many real ones, which it halves itself, as most of them would be out of a small split.
type few struct {
	joined, alone []int
	real          int     // of joined, the first ones
	group         []int   // by row; nil: every row is alone
	apart         [][]int // places in alone, of rows that belong together
}

// fewOf chooses at random.
func fewOf(found Split, u Units, limit int, r *rand.Rand) few {
	f := few{group: u.Group}
	var real, synth, rest []int
	for i, side := range found.Side {
		switch {
		case side == Reference:
			real = append(real, i)
		case side == Candidate:
			synth = append(synth, i)
		case i < u.Real:
			rest = append(rest, i)
		}
	}
	real, synth = some(real, limit, r), some(synth, limit, r)
	f.real = len(real)
	f.joined = append(append(f.joined, real...), synth...)
	f.alone = append(append(f.alone, real...), some(rest, len(real), r)...)
	f.apart = f.together()
	return f
}

// some is up to n of rows, in random order; it shuffles them.
func some(rows []int, n int, r *rand.Rand) []int {
	r.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	return rows[:min(n, len(rows))]
}

// rows are those that a split looks at.
func (f few) rows(s Split) []int {
	if s.Alone {
		return f.alone
	}
	return f.joined
}

// sides are theirs, in the order of rows.
func (f few) sides(s Split) []Side {
	rows := f.rows(s)
	side := make([]Side, len(rows))
	if !s.Alone {
		for k, i := range rows {
			side[k] = s.Side[i]
		}
		return side
	}
	order := slices.Clone(f.apart)
	r := s.Key.Child("few", len(rows)).Stream()
	r.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	n := 0
	for _, members := range order {
		to := Reference
		if 2*n >= len(rows) {
			to = Candidate
		}
		for _, k := range members {
			side[k] = to
			n++
		}
	}
	return side
}

// together are the places of rows in alone by group.
func (f few) together() (all [][]int) {
	at := map[int]int{}
	for k, i := range f.alone {
		g := -1 - i
		if f.group != nil {
			g = f.group[i]
		}
		n, ok := at[g]
		if !ok {
			n = len(all)
			at[g], all = n, append(all, nil)
		}
		all[n] = append(all[n], k)
	}
	return all
}

// streamOf is a stream of an audit by name.
func streamOf(o Options, name string) *rand.Rand {
	return rng.Root(o.Seed).Child("audit", 0).Child(name, 0).Stream()
}
