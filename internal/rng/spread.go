package rng

import "math/rand/v2"

// spreadHead is the expected count from which on a category is drawn by itself, as a binomial.
const spreadHead = 200

// Spread is Multinomial by another way: the same law and other draws, in a fraction of the time where there are many
// categories. Every p[i] must be positive and finite. The counts go to dst, which is as long as p and shares no memory
// with it, and sum to n. room is memory that is used again; nil: none.
//
// Categories that expect very many draws are drawn first, each a binomial share of what is left. The others share the
// rest, m draws: each takes an independent Poisson count of a rate just below its expectation, from tables of few rates;
// what the rates fall short of the true ones is a Poisson number of draws, made one by one. Given their total such counts
// are multinomial. The total is near m: what is missing is drawn one by one, and what is too much is taken away, every draw
// being as likely to go as any other, which leaves them multinomial.
func Spread[T int64 | float64](r *rand.Rand, n int64, p []float64, dst []T, room *Room) {
	if room == nil {
		room = &Room{}
	}
	s := spread[T]{Room: room, r: r, p: p, dst: dst}
	s.draw(n)
}

// A Room is memory that calls of Spread use one after the other.
type Room struct {
	weight, short, count, end []float64 // by block: of the tail, what the rates fall short, counts, the sum up to each
	begin, head               []int32
	rest                      []float64
}

// A spread is one call of Spread.
type spread[T int64 | float64] struct {
	*Room
	r     *rand.Rand
	p     []float64
	dst   []T
	limit float64 // weights from here on are of the head
	tail  float64 // weight of the others
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
	s.tails(s.heads(n))
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
	for b, all := range s.weight {
		if all >= s.limit {
			p, at := s.block(b)
			all = 0
			for i, w := range p {
				if w >= s.limit {
					head = append(head, int32(at+i))
				} else {
					all += w
				}
			}
			s.weight[b] = all
		}
		s.tail += all
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

// tails spreads n draws over the others.
func (s *spread[T]) tails(n int64) {
	if s.tail == 0 {
		return
	}
	scale := float64(n) / s.tail
	drawn, owed := s.poissons(scale)
	extra := Poisson(s.r, owed)
	if extra > 0 {
		s.owe(extra, scale, s.finder(s.short))
	}
	switch n -= drawn + extra; {
	case n > 0:
		s.fill(n, s.finder(s.weight))
	case n < 0:
		s.thin(-n)
	}
}

// poissons draws a count of every category of the tail from the tables, and returns their sum, and what the rates fall
// short of the true ones, by block in short and in all.
func (s *spread[T]) poissons(scale float64) (drawn int64, owed float64) {
	t, bits := smallPoisson(), quarters{r: s.r}
	s.short, s.count = sizedTo(s.short, len(s.weight)), sizedTo(s.count, len(s.weight))
	for b := range s.short {
		p, at := s.block(b)
		dst, lacks, before := s.dst[at:][:len(p)], 0.0, drawn
		for i, w := range p {
			if w >= s.limit {
				continue
			}
			k, rate := int64(0), float64(w*scale)
			if rate >= rateStep {
				k, rate = t.steps(rate, &bits)
			}
			if c := rateClass(rate); c >= 0 {
				table, u := &t.rates[c], bits.next()
				if j := table.first[u>>8]; u < table.end[j] { // rateTable.draw
					k += int64(j)
				} else {
					k += table.search(u, &bits)
				}
				rate -= table.rate
			}
			lacks += rate
			dst[i] = T(k)
			drawn += k
		}
		s.short[b], s.count[b] = lacks, float64(drawn-before)
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
		s.count[b]++
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

// thin takes n draws of the others away, all as likely to go.
func (s *spread[T]) thin(n int64) {
	for f := s.finder(s.count); n > 0; {
		b, x := f.find(s.r.Float64())
		p, at := s.block(b)
		for i, w := range p {
			if w >= s.limit {
				continue
			}
			if x -= float64(s.dst[at+i]); x < 0 {
				s.dst[at+i]--
				n--
				break
			}
		}
		// else it is one that has gone
	}
}
