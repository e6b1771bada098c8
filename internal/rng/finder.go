package rng

// finderBlock categories are found together, before one of them is.
const finderBlock = 16

// blocks is how many blocks n categories make.
func blocks(n int) int { return (n + finderBlock - 1) / finderBlock }

// A finder finds the block that a share of all weight falls into, in about one step: a table says where to begin.
type finder struct {
	end   []float64 // weight of all blocks up to each
	begin []int32   // the block to begin at, by the share in steps of 1/len
}

// finder finds by weights, not all 0, in the room, until it is asked for the next.
func (r *Room) finder(weight []float64) finder {
	r.end, r.begin = sizedTo(r.end, len(weight)), sizedTo(r.begin, len(weight))
	total := 0.0
	for b, w := range weight {
		total += w
		r.end[b] = total
	}
	b, step := 0, total/float64(len(weight))
	for i := range r.begin {
		for from := float64(step * float64(i)); b < len(weight)-1 && r.end[b] <= from; {
			b++
		}
		r.begin[i] = int32(b)
	}
	return finder{r.end, r.begin}
}

// find is the block that u, in [0, 1), falls into, and how far into it.
func (f finder) find(u float64) (block int, x float64) {
	n := len(f.end)
	x = float64(u * f.end[n-1])
	b := int(f.begin[min(n-1, int(float64(u*float64(n))))])
	for b > 0 && x < f.end[b-1] {
		b--
	}
	for b < n-1 && x >= f.end[b] {
		b++
	}
	if b > 0 {
		x -= f.end[b-1]
	}
	return b, x
}
