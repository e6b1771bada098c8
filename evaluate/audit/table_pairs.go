package audit

import (
	"fmt"
	"math"

	"modelcollapse/internal/num"
)

// pairs are how differently columns depend on each other on both sides, over all pairs of a kind: the mean difference and that of the
// worst pair. Numbers: Pearson's correlation, of rows that have both. Categories: mutual information, plug-in, nats (what chance
// adds to it is alike on sides of equal rows, and in the null). Numbers and categories: the correlation ratio η, the root of the share of
// the numbers' variance that lies between categories.
type pairs struct {
	few
	d     *table
	kinds []pairKind
	logs  []float64          // k ln k
	both  map[[2]int][]int32 // of two category columns: by row of joined, then of alone, a number for their two categories
	codes map[[2]int]int     // how many such numbers
	x     [][]float64        // of columns of numbers, in standard deviations from the mean of the pool: sums of squares keep their digits
}

// A pairKind is all pairs of one kind.
type pairKind struct {
	name, what, unit string
	mean, worst      float64 // thresholds
	pairs            [][2]int
	of               func(p *pairs, i, j int, rows []int, side []Side) float64 // candidate's less reference's
}

// pairRows is how many rows a side pairs look at, and mostPairs how many pairs of a kind: every so-and-so-many-th, where there are more.
const (
	pairRows  = 10_000
	mostPairs = 200
)

func pairsOf(d *table, f few) *pairs {
	p := &pairs{few: f, d: d, both: map[[2]int][]int32{}, codes: map[[2]int]int{}}
	for k := range max(len(f.joined), len(f.alone)) + 1 {
		p.logs = append(p.logs, float64(float64(k)*num.Log(float64(max(1, k)))))
	}
	kinds := []pairKind{
		{"correlation", "correlations of numbers", "", 0.05, 0.1, nil, (*pairs).correlation},
		{"information", "mutual information of categories", "nats", 0.05, 0.1, nil, (*pairs).information},
		{"ratio", "correlation ratios of numbers in categories", "", 0.05, 0.1, nil, (*pairs).ratio},
	}
	for i := range d.columns {
		p.x = append(p.x, d.columns[i].standardised())
		for j := range i {
			a, b := i, j
			if !d.columns[a].numbers() {
				a, b = b, a
			}
			k := 0
			if !d.columns[b].numbers() {
				if k = 2; !d.columns[a].numbers() {
					k = 1
				}
			}
			kinds[k].pairs = append(kinds[k].pairs, [2]int{a, b})
		}
	}
	for _, k := range kinds {
		if len(k.pairs) == 0 {
			continue
		}
		k.pairs = thinned(k.pairs)
		p.kinds = append(p.kinds, k)
		if k.name == "information" {
			for _, pair := range k.pairs {
				p.number(pair)
			}
		}
	}
	return p
}

// thinned is mostPairs of them, evenly.
func thinned(all [][2]int) (some [][2]int) {
	step := (len(all) + mostPairs - 1) / mostPairs
	for i := 0; i < len(all); i += step {
		some = append(some, all[i])
	}
	return some
}

// number gives every two categories that occur together a number.
func (p *pairs) number(pair [2]int) {
	a, b := &p.d.columns[pair[0]], &p.d.columns[pair[1]]
	at := map[int64]int32{}
	for _, rows := range [][]int{p.joined, p.alone} {
		for _, row := range rows {
			key := int64(a.code[row])*int64(b.kinds) + int64(b.code[row])
			k, ok := at[key]
			if !ok {
				k = int32(len(at))
				at[key] = k
			}
			p.both[pair] = append(p.both[pair], k)
		}
	}
	p.codes[pair] = len(at)
}

// standardised are numbers less their mean, over their deviation; nil of categories.
func (c *column) standardised() []float64 {
	if !c.numbers() {
		return nil
	}
	var have []float64
	for _, i := range c.order {
		have = append(have, c.x[i])
	}
	mean, variance := num.Variance(have)
	sd := math.Sqrt(variance)
	if !(sd > 0) {
		sd = 1
	}
	x := make([]float64, len(c.x))
	for i, v := range c.x {
		x[i] = (v - mean) / sd
	}
	return x
}

// Statistics are mean and worst of every kind.
func (p *pairs) Statistics() (all []Statistic) {
	for _, k := range p.kinds {
		name := "pairs." + k.name
		all = append(all, Statistic{Name: name + "@10000", Part: Pairs, What: "difference of " + k.what + ", mean of pairs", Unit: k.unit, Worse: More, Threshold: k.mean, limit: pairRows},
			Statistic{Name: name + ".worst@10000", Part: Pairs, What: "difference of " + k.what + ", worst pair", Unit: k.unit, Worse: More, Threshold: k.worst, limit: pairRows})
	}
	return all
}

// Measure goes through all pairs.
func (p *pairs) Measure(s Split, to []float64) {
	rows, side := p.rows(s), p.sides(s)
	for n, k := range p.kinds {
		sum, most := 0.0, 0.0
		for _, pair := range k.pairs {
			apart := math.Abs(k.of(p, pair[0], pair[1], rows, side))
			sum, most = sum+apart, max(most, apart)
		}
		to[2*n], to[2*n+1] = sum/float64(len(k.pairs)), most
	}
}

// words name the pairs that differ most, of kinds that differ.
func (p *pairs) words(r *Report, found Split) (all []string) {
	rows, side := p.rows(found), p.sides(found)
	for _, k := range p.kinds {
		if x, _ := r.Result("pairs." + k.name + ".worst@10000"); x.Answer != Differs {
			continue
		}
		most, names := -1.0, [2]string{}
		for _, pair := range k.pairs {
			if x := math.Abs(k.of(p, pair[0], pair[1], rows, side)); x > most {
				most, names = x, [2]string{p.d.columns[pair[0]].name, p.d.columns[pair[1]].name}
			}
		}
		all = append(all, fmt.Sprintf("Of %s, %s and %s differ most: by %.2g.", k.what, names[0], names[1], most))
	}
	return all
}

// correlation is the difference of Pearson's; 0 on a side where one column has no spread.
func (p *pairs) correlation(i, j int, rows []int, side []Side) float64 {
	type sums struct{ n, x, y, xx, yy, xy float64 }
	var of [3]sums
	for k, row := range rows {
		x, y := p.x[i][row], p.x[j][row]
		if x != x || y != y {
			continue
		}
		s := &of[side[k]]
		s.n++
		s.x += x
		s.y += y
		s.xx += float64(x * x)
		s.yy += float64(y * y)
		s.xy += float64(x * y)
	}
	r := func(s sums) float64 {
		xx, yy := s.xx-float64(s.x*s.x)/s.n, s.yy-float64(s.y*s.y)/s.n
		if !(xx > 1e-12*s.n && yy > 1e-12*s.n) {
			return 0
		}
		return (s.xy - float64(s.x*s.y)/s.n) / float64(math.Sqrt(xx)*math.Sqrt(yy))
	}
	return r(of[Candidate]) - r(of[Reference])
}

// information is the difference of plug-in mutual information: Σ n ln n over cells, less those over the categories of either, and
// N ln N, over N.
func (p *pairs) information(i, j int, rows []int, side []Side) float64 {
	a, b, both := p.d.columns[i], p.d.columns[j], p.both[[2]int{i, j}]
	if &rows[0] == &p.alone[0] {
		both = both[len(p.joined):]
	}
	var n [3]int
	var cells, first, second [3][]int32
	for s := range n {
		cells[s], first[s], second[s] = make([]int32, p.codes[[2]int{i, j}]), make([]int32, a.kinds), make([]int32, b.kinds)
	}
	for k, row := range rows {
		s := side[k]
		n[s]++
		cells[s][both[k]]++
		first[s][a.code[row]]++
		second[s][b.code[row]]++
	}
	of := func(s Side) float64 {
		return (p.logSum(cells[s]) - p.logSum(first[s]) - p.logSum(second[s]) + p.logs[n[s]]) / float64(n[s])
	}
	return of(Candidate) - of(Reference)
}

// logSum is Σ k ln k.
func (p *pairs) logSum(counts []int32) (sum float64) {
	for _, k := range counts {
		sum += p.logs[k]
	}
	return sum
}

// ratio is the difference of the correlation ratio of numbers i in categories j, of rows that have the number; 0 on a side where the numbers
// have no spread.
func (p *pairs) ratio(i, j int, rows []int, side []Side) float64 {
	c := &p.d.columns[j]
	var n, sum [3][]float64
	var square [3]float64
	for s := range n {
		n[s], sum[s] = make([]float64, c.kinds), make([]float64, c.kinds)
	}
	for k, row := range rows {
		if x := p.x[i][row]; x == x {
			s, code := side[k], c.code[row]
			n[s][code]++
			sum[s][code] += x
			square[s] += float64(x * x)
		}
	}
	of := func(s Side) float64 {
		all, total, between := 0.0, 0.0, 0.0
		for code, k := range n[s] {
			if k > 0 {
				all, total = all+k, total+sum[s][code]
				between += float64(sum[s][code]*sum[s][code]) / k
			}
		}
		middle := float64(total*total) / all
		if spread := square[s] - middle; spread > 1e-12*all {
			return math.Sqrt(max(0, between-middle) / spread)
		}
		return 0
	}
	return of(Candidate) - of(Reference)
}
