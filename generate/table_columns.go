package generate

import (
	"fmt"
	"slices"

	"modelcollapse/internal/num"
)

// columnar is the rows of a sample that weigh anything, column by column.
type columnar struct {
	schema Schema
	x      [][]float64
	weight []float64 // of each row; nil: all weigh alike
	total  float64   // of the weights; rows, where all weigh alike
}

// columnsOfSample turns a sample round. A row of other columns, or of a category that does not exist, is an error.
func columnsOfSample(s Schema, train Sample[Record]) (c columnar, err error) {
	n := train.Len()
	flat, weight := make([]float64, n*len(s)), make([]float64, 0, n)
	c = columnar{schema: s, x: make([][]float64, len(s))}
	for j := range c.x {
		c.x[j] = flat[j*n : (j+1)*n]
	}
	for row, w := range train.All() {
		if !(w > 0) {
			continue
		}
		if len(row) != len(s) {
			return c, fmt.Errorf("a row has %d columns, the table %d", len(row), len(s))
		}
		i := len(weight)
		for j, x := range row {
			c.x[j][i] = x
		}
		weight = append(weight, w)
	}
	n = len(weight)
	for j := range c.x {
		c.x[j] = c.x[j][:n]
		if bad := slices.IndexFunc(c.x[j], func(x float64) bool { return !s[j].Numbers() && !s[j].has(x) }); bad >= 0 {
			return c, fmt.Errorf("column %s: %s", s[j].Name, s[j].Text(c.x[j][bad]))
		}
	}
	c.total = float64(n)
	if slices.ContainsFunc(weight, func(w float64) bool { return w != weight[0] }) {
		c.weight, c.total = weight, num.SumCompensated(weight)
	}
	return c, nil
}

// rows is how many there are.
func (c columnar) rows() int { return len(c.x[0]) }

// of is the weight of row i; 1 where all weigh alike.
func (c columnar) of(i int) float64 {
	if c.weight == nil {
		return 1
	}
	return c.weight[i]
}

// frequencies are the weights of the categories of column j, by code.
func (c columnar) frequencies(j int) []float64 {
	f := make([]float64, len(c.schema[j].Categories))
	for i, x := range c.x[j] {
		f[int(x)] += c.of(i)
	}
	return f
}

// constant says which columns have one value, for the record; "" if none has.
func (c columnar) constant() string {
	var names []string
	for j, x := range c.x {
		same := func(y float64) bool { return y == x[0] || y != y && x[0] != x[0] }
		if !slices.ContainsFunc(x, func(y float64) bool { return !same(y) }) {
			names = append(names, c.schema[j].Name)
		}
	}
	switch n := len(names); {
	case n == 0:
		return ""
	case n == len(c.x):
		return "every column is constant"
	case n > 3:
		return fmt.Sprintf("%d columns are constant, %s among them", n, names[0])
	case n == 1:
		return "column " + names[0] + " is constant"
	}
	return fmt.Sprintf("columns %v are constant", names)
}
