package evaluate

import "modelcollapse/generate"

// A chainRow is what follows one context.
type chainRow struct {
	known bool
	next  []uint32
	p     []float64 // above rest
	rest  float64
}

// chainVisits is how often a row visits each context on average, Begin once: what is left of a row after n steps is
// followed until it is below 1e-13 of a row, at most 100,000 steps.
func chainVisits(c generate.Transitions, ids int) []float64 {
	visits, now, after := make([]float64, ids), make([]float64, ids), make([]float64, ids)
	rows := make([]chainRow, ids)
	_, unknown := c.Transition(generate.Begin, generate.Unknown)
	now[generate.Begin] = 1
	for step, left := 0, 1.0; left > 1e-13 && step < 100_000; step++ {
		clear(after)
		even := 0.0 // what every id that can follow gets
		for h, x := range now {
			if x == 0 {
				continue
			}
			visits[h] += x
			row := &rows[h]
			if !row.known {
				row.read(c, uint32(h))
			}
			for i, w := range row.next {
				after[w] += float64(x * row.p[i])
			}
			even += float64(x * row.rest)
		}
		left = spreadEven(after, even, unknown > 0)
		now, after = after, now
	}
	return visits
}

func (r *chainRow) read(c generate.Transitions, h uint32) {
	r.known = true
	r.next, r.p, _, r.rest = c.Next(h)
	for i := range r.p {
		r.p[i] -= r.rest
	}
}

// spreadEven adds even to all words, ends what has ended, and returns what goes on.
func spreadEven(after []float64, even float64, unknown bool) (left float64) {
	after[generate.End] = 0
	if unknown {
		after[generate.Unknown] += even
	}
	for w := int(generate.Words); w < len(after); w++ {
		after[w] += even
	}
	for _, x := range after {
		left += x
	}
	return left
}
