package rng

import (
	"math"
	"math/rand/v2"
)

const (
	spreadHead   = 32  // an expected count from here on is drawn by itself, as a binomial
	spreadMargin = 2.5 // standard deviations that the table's counts stay below their sum
)

// Spread is Multinomial by another way: the same law and other draws, in a fraction of the time where there are many
// categories of small expected count. Every p[i] must be positive and finite. The counts go to dst, which is as long as
// p and shares no memory with it, and sum to n. room is memory that is used again; nil: none.
//
// Categories that expect many draws are drawn first, each a binomial share of what is left. The others share the rest,
// m draws: each takes an independent Poisson count of a rate just below its expectation, from a table of few rates. Given
// their total such counts are multinomial, and what is missing of m is drawn one by one: as many as a Poisson variate
// says from what the rates in the table fall short of the true ones, all others from p itself. If the total would
// exceed m (once in some hundred times) the others begin again, which changes no law: they are multinomial given any total.
func Spread[T int64 | float64](r *rand.Rand, n int64, p []float64, dst []T, room *Room) {
	if room == nil {
		room = &Room{}
	}
	s := spread[T]{Room: room, r: r, p: p, dst: dst, margin: spreadMargin}
	s.draw(n)
}

// A Room is memory that calls of Spread use one after the other.
type Room struct {
	weight, short, end []float64 // by block: of the tail, of what the table's rates fall short, summed up to each
	begin, head        []int32
	rest               []float64
}

// A spread is one call of Spread.
type spread[T int64 | float64] struct {
	*Room
	r      *rand.Rand
	p      []float64
	dst    []T
	margin float64
	limit  float64 // weights from here on are of the head
	tail   float64 // weight of the others
}

// sizedTo is s cut to n elements, or a new slice if it is shorter.
func sizedTo[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}

func (s *spread[T]) draw(n int64) {
	if n <= 0 || len(s.p) == 0 {
		clear(s.dst)
		return
	}
	s.weigh(n)
	n = s.heads(n)
	for !s.tails(n) {
	}
}

// block is the weights of block b, and where they begin.
func (s *spread[T]) block(b int) (p []float64, at int) {
	at = b * finderBlock
	return s.p[at:min(at+finderBlock, len(s.p))], at
}

// weigh sums the weights by block, and finds the limit.
func (s *spread[T]) weigh(n int64) {
	s.weight = sizedTo(s.weight, blocks(len(s.p)))
	total := 0.0
	for b := range s.weight {
		p, _ := s.block(b)
		sum := 0.0
		for _, w := range p {
			sum += w
		}
		s.weight[b] = sum
		total += sum
	}
	s.limit = float64(spreadHead / float64(n) * total)
}

// heads draws the categories that expect many, takes them out of the blocks, and returns what is left for the others.
func (s *spread[T]) heads(n int64) (left int64) {
	head := s.head[:0]
	for b := range s.weight {
		p, at := s.block(b)
		found, sum := len(head), 0.0
		for i, w := range p {
			if w >= s.limit {
				head = append(head, int32(at+i))
			} else {
				sum += w
			}
		}
		if len(head) > found {
			s.weight[b] = sum
		}
		s.tail += s.weight[b]
	}
	s.head, s.rest = head, sizedTo(s.rest, len(head))
	rest := s.rest // summed from the far end, as in Multinomial
	sum := s.tail
	for j := len(head) - 1; j >= 0; j-- {
		sum += s.p[head[j]]
		rest[j] = sum
	}
	for j, i := range head {
		k := int64(0)
		if n > 0 {
			k = Binomial(s.r, n, s.p[i]/rest[j])
		}
		s.dst[i] = T(k)
		n -= k
	}
	return n
}

// tails spreads n draws over the others; false: they came out too many.
func (s *spread[T]) tails(n int64) bool {
	m := float64(n)
	m -= float64(s.margin * math.Sqrt(m))
	if m <= 0 {
		for i, w := range s.p {
			if w < s.limit {
				s.dst[i] = 0
			}
		}
		if n > 0 {
			s.fill(n, s.finder(s.weight))
		}
		return true
	}
	scale := m / s.tail
	drawn, owed := s.poissons(scale)
	extra := Poisson(s.r, owed)
	if drawn+extra > n {
		return false
	}
	if extra > 0 {
		s.owe(extra, scale, s.finder(s.short))
	}
	s.fill(n-drawn-extra, s.finder(s.weight))
	return true
}

// poissons draws a count of every category of the tail from the table, and returns their sum, and what the rates fall
// short of the true ones, by block and in all.
func (s *spread[T]) poissons(scale float64) (drawn int64, owed float64) {
	table, bits := smallPoisson(), halves{r: s.r}
	s.short = sizedTo(s.short, len(s.weight))
	for b := range s.short {
		p, at := s.block(b)
		dst, lacks := s.dst[at:][:len(p)], 0.0
		for i, w := range p {
			if w >= s.limit {
				continue
			}
			rate := float64(w * scale)
			c := rateClass(rate)
			k := int64(0)
			switch {
			case c < 0:
				lacks += rate
			case c < len(table):
				t := &table[c]
				k = t.draw(&bits)
				lacks += rate - t.rate
			default: // a tail that had more draws than it expects
				k = Poisson(s.r, rate)
			}
			dst[i] = T(k)
			drawn += k
		}
		s.short[b] = lacks
		owed += lacks
	}
	return drawn, owed
}

// owe draws n of the others one by one, by what the table's rates fall short.
func (s *spread[T]) owe(n int64, scale float64, f finder) {
	for range n {
		b, x := f.find(s.r.Float64())
		p, at := s.block(b)
		last := 0
		for i, w := range p {
			if w >= s.limit {
				continue
			}
			if share := shortfall(float64(w * scale)); share > 0 {
				last = i
				if x -= share; x < 0 {
					break
				}
			}
		}
		s.dst[at+last]++ // the last where rounding leaves x after it
	}
}

// fill draws n of the others one by one, by their weights.
func (s *spread[T]) fill(n int64, f finder) {
	for range n {
		b, x := f.find(s.r.Float64())
		p, at := s.block(b)
		last := 0
		for i, w := range p {
			if w >= s.limit {
				continue
			}
			last = i
			if x -= w; x < 0 {
				break
			}
		}
		s.dst[at+last]++
	}
}
