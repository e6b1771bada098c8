package generate

import "math"

// atMost is how many of n draws an origin of chance p has: by chance up to ten standard deviations above the mean.
func atMost(n int, p float64) int {
	if p >= 1 {
		return n
	}
	mean := float64(p * float64(n))
	return min(n, int(math.Ceil(mean+float64(10*math.Sqrt(mean*(1-p))))))
}

// Reserve is how many rows of source i are set aside for d: all that it can need.
func (d Draw) Reserve(i int) int {
	p := 0.0
	for _, o := range d.From {
		if o.Truth && o.Source == i {
			p += o.Chance()
		}
	}
	if d.Given != nil && d.Given.Truth && d.Given.Source == i {
		return d.Rows
	}
	return atMost(d.Rows, p)
}

// RealRows is how many rows of source i the whole plan sets aside, and where each block finds its own:
// offsets follow from the plan alone, so that a block can be dealt again after a restart.
func (p *Plan) RealRows(i int) (total int, offset map[At]int) {
	offset = map[At]int{}
	for g, s := range p.Steps {
		for j, d := range s.Draws {
			if d.Real(i) {
				offset[At{g, j}] = total
				total += d.Reserve(i)
			}
		}
	}
	return total, offset
}

// Learned is how many draws a node learns from in generation g, as planned.
func (p *Plan) Learned(g, node int) (n int) {
	for _, s := range p.Steps[g].Lessons[node].Shares {
		n += p.Count(s.Blocks)
	}
	return n
}
