package evaluate

import (
	"cmp"
	"math"
	"slices"

	"modelcollapse/generate"
	"modelcollapse/internal/num"
)

// What a classifier of rows sees at most.
const (
	featureCategories = 30 // of a column, the most frequent
	featureProducts   = 8  // numeric columns whose products it sees
	featureClip       = 5  // standard deviations, beyond which a number is taken for this many
)

// features turn rows of a table into few numbers, most of them 0. The first is 1.
type features struct {
	dim     int
	columns []featureColumn
	numeric []int // columns
	product int   // where squares and products begin
}

// A featureColumn is where a column's features are.
type featureColumn struct {
	numbers  bool
	mean, sd float64 // of a numeric column
	at       int     // of the number, with that of missing behind it
	of       []int   // of a category, by code; 0: not one of the frequent
}

// featuresOf learns means, deviations and frequent categories.
func featuresOf(schema generate.Schema, rows []generate.Record) features {
	f := features{dim: 1}
	for j, c := range schema {
		col := featureColumn{numbers: c.Numbers(), at: f.dim}
		if col.numbers {
			x := slices.DeleteFunc(present(rows, j), func(x float64) bool { return math.IsInf(x, 0) })
			mean, variance := num.Variance(x)
			col.mean, col.sd = mean, math.Sqrt(max(0, variance))
			if len(x) < 2 || slices.Min(x) == slices.Max(x) {
				col.sd = 0
			}
			f.numeric = append(f.numeric, j)
			f.dim += 2
		} else {
			f.dim += col.frequent(categoryShares(rows, j, len(c.Categories)))
		}
		f.columns = append(f.columns, col)
	}
	f.product = f.dim
	if f.dim += len(f.numeric); len(f.numeric) <= featureProducts {
		f.dim += len(f.numeric) * (len(f.numeric) - 1) / 2
	}
	return f
}

// frequent gives features to the categories with the largest shares, and returns how many.
func (c *featureColumn) frequent(share []float64) (n int) {
	codes := make([]int, len(share))
	for k := range codes {
		codes[k] = k
	}
	slices.SortStableFunc(codes, func(a, b int) int { return cmp.Compare(share[b], share[a]) })
	c.of = make([]int, len(share))
	for _, k := range codes[:min(len(codes), featureCategories)] {
		if share[k] > 0 {
			c.of[k] = c.at + n
			n++
		}
	}
	return n
}

// A sparse is numbers that are not 0, by rising index.
type sparse struct {
	at []int
	x  []float64
}

func (s *sparse) put(at int, x float64) {
	if x != 0 {
		s.at, s.x = append(s.at, at), append(s.x, x)
	}
}

// times is the product with a vector.
func (s sparse) times(w []float64) (t float64) {
	for k, i := range s.at {
		t += float64(w[i] * s.x[k])
	}
	return t
}

// all are the features of rows.
func (f features) all(rows []generate.Record) []sparse {
	out, z := make([]sparse, len(rows)), make([]float64, len(f.columns))
	for i, row := range rows {
		s := &out[i]
		s.put(0, 1)
		for j, c := range f.columns {
			switch {
			case !c.numbers:
				if k := codeOf(row[j], len(c.of)); k < len(c.of) && c.of[k] > 0 {
					s.put(c.of[k], 1)
				}
			case math.IsNaN(row[j]) || math.IsInf(row[j], 0):
				z[j] = 0
				s.put(c.at+1, 1)
			default:
				if z[j] = 0; c.sd > 0 {
					z[j] = max(-featureClip, min(featureClip, (row[j]-c.mean)/c.sd))
				}
				s.put(c.at, z[j])
			}
		}
		f.second(s, z)
	}
	return out
}

// second adds squares, and products of not too many.
func (f features) second(s *sparse, z []float64) {
	at := f.product
	for _, j := range f.numeric {
		s.put(at, float64(z[j]*z[j]))
		at++
	}
	if len(f.numeric) > featureProducts {
		return
	}
	for a, i := range f.numeric {
		for _, j := range f.numeric[:a] {
			s.put(at, float64(z[i]*z[j]))
			at++
		}
	}
}
