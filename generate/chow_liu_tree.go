package generate

import (
	"math"

	"modelcollapse/internal/num"
)

// A binning is the bin of every row in one column, and the rows in the order of their bins.
type binning struct {
	of     []int32
	rows   []int32
	start  []int // of each bin in rows; one more at the end
	weight []float64
}

// binned cuts every column: categories as they are, numbers into so many bins of equal mass, and missing ones into one more.
func (c columnar) binned(bins int) (all []binning) {
	var by sorter
	for j, col := range c.schema {
		b := binning{of: make([]int32, c.rows())}
		count := len(col.Categories)
		if col.Numbers() {
			count = bins + 1
			c.cut(j, bins, b.of, &by)
		} else {
			for i, x := range c.x[j] {
				b.of[i] = int32(x)
			}
		}
		b.group(c, count)
		all = append(all, b)
	}
	return all
}

// cut writes the bin of every row in numeric column j: equal numbers share that of their middle.
func (c columnar) cut(j, bins int, of []int32, by *sorter) {
	m := c.marginal(j, nil, by)
	for from, to := range m.ties {
		bin := int32(float64(bins) * m.middle(from, to))
		if math.IsNaN(m.values[from]) {
			bin = int32(bins)
		}
		for _, i := range by.out[from:to] {
			of[i] = bin
		}
	}
}

// group orders the rows by bin.
func (b *binning) group(c columnar, count int) {
	b.start, b.weight, b.rows = make([]int, count+1), make([]float64, count), make([]int32, len(b.of))
	for i, k := range b.of {
		b.start[k+1]++
		b.weight[k] += c.of(i)
	}
	for k := range count {
		b.start[k+1] += b.start[k]
	}
	next := append([]int(nil), b.start...)
	for i, k := range b.of {
		b.rows[next[k]] = int32(i)
		next[k]++
	}
}

// mutualInformation is Σ p(a, b) ln p(a, b)/(p(a) p(b)) of the bins of every two columns, in nats, row by row in one array.
func mutualInformation(c columnar, bins []binning) []float64 {
	dim := len(bins)
	out, entropy := make([]float64, dim*dim), make([]float64, dim)
	for i, b := range bins {
		for _, w := range b.weight {
			entropy[i] += logOf(w)
		}
	}
	whole := logOf(c.total)
	for i := range dim {
		for j := range i {
			sum := jointLogs(c, bins[i], bins[j]) - entropy[i] - entropy[j] + whole
			information := max(0, sum/c.total)
			out[i*dim+j], out[j*dim+i] = information, information
		}
	}
	return out
}

// logOf is w ln w, 0 at 0.
func logOf(w float64) float64 {
	if w == 0 {
		return 0
	}
	return float64(w * num.Log(w))
}

// jointLogs is Σ w ln w over the weights w of pairs of bins.
func jointLogs(c columnar, a, b binning) (sum float64) {
	weight := make([]float64, len(b.weight))
	var seen []int32
	for k := range a.weight {
		seen = seen[:0]
		for _, i := range a.rows[a.start[k]:a.start[k+1]] {
			bin := b.of[i]
			if weight[bin] == 0 {
				seen = append(seen, bin)
			}
			weight[bin] += c.of(int(i))
		}
		for _, bin := range seen {
			sum += logOf(weight[bin])
			weight[bin] = 0
		}
	}
	return sum
}

// spanning is the maximum spanning tree (Prim's algorithm, of equal branches the first) from the column of most information in all:
// the columns, parents before children, and their parents.
func spanning(information []float64, dim int) (order, parents []int) {
	root, most := 0, -1.0
	for i := range dim {
		if sum := num.Sum(information[i*dim : (i+1)*dim]); sum > most {
			root, most = i, sum
		}
	}
	parents, order = make([]int, dim), []int{root}
	parents[root] = -1
	in := make([]bool, dim)
	in[root] = true
	for len(order) < dim {
		from, to := -1, -1
		for _, i := range order {
			for j := range dim {
				if !in[j] && (to < 0 || information[i*dim+j] > information[from*dim+to]) {
					from, to = i, j
				}
			}
		}
		in[to], parents[to] = true, from
		order = append(order, to)
	}
	return order, parents
}
