package generate

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
)

// ChowLiu is the tree that keeps most of what columns say of each other (Chow and Liu 1968, IEEE Transactions on
// Information Theory 14(3), 462–467): the maximum spanning tree of the mutual information of every two columns, by
// plug-in frequencies. Numeric columns count by bins of equal mass for it, equal numbers in one, missing ones in a bin
// of their own.
//
// Rows are drawn along the tree: the root's cell as it was seen, and the cell of a column from the rows whose cell in the
// parent column lies in the bin of the parent's. So the law of bins is the tree's, and of numbers that of the rows
// within. The root is the column that says most of all others together.
type ChowLiu struct {
	Bins int `json:"bins" default:"10" min:"1" max:"10000" doc:"bins of equal mass that a numeric column is cut into"`

	schema Schema
}

// Bind takes the columns from the truth.
func (m ChowLiu) Bind(truth Source[Record]) (Model[Record], error) {
	var err error
	m.schema, err = SchemaOf(truth)
	return m, err
}

// Weighs is true: a row of weight 2 is that row twice.
func (ChowLiu) Weighs() bool { return true }

// Fits is a Tree.
func (m ChowLiu) Fits() Fitted[Record] { return Tree{schema: m.schema} }

// Fit finds the tree, and sorts rows by the bins of parents.
func (m ChowLiu) Fit(_ context.Context, t Task[Record]) (Fitted[Record], error) {
	c, err := columnsOfSample(m.schema, t.Train)
	if err == nil && c.rows() == 0 {
		err = errNoRows
	}
	if err != nil {
		return nil, fmt.Errorf("chow_liu: %w", err)
	}
	bins := c.binned(max(1, m.Bins))
	information := mutualInformation(c, bins)
	f := Tree{schema: m.schema, why: c.constant(), columns: make([]branch, len(m.schema))}
	var parents []int
	f.order, parents = spanning(information, len(m.schema))
	for j, p := range parents {
		f.columns[j] = branchOf(c, bins, j, p)
		if p >= 0 {
			f.information += information[j*len(parents)+p]
		}
	}
	return f, nil
}

// Tree is what ChowLiu fits.
type Tree struct {
	schema      Schema
	columns     []branch
	order       []int // parents before children
	information float64
	why         string
}

// A branch is the rows of one column in the order of their parent's bin.
type branch struct {
	parent int // a column; −1: the root
	start  []int
	cell   []float64
	bin    []int32
	upTo   []float64 // weight of a row and those before it; nil: all weigh alike
}

// branchOf sorts column j by the bins of its parent; those of a root are one.
func branchOf(c columnar, bins []binning, j, parent int) branch {
	b := branch{parent: parent, start: []int{0, c.rows()}}
	order := func(k int) int { return k }
	if parent >= 0 {
		g := bins[parent]
		b.start, order = g.start, func(k int) int { return int(g.rows[k]) }
	}
	b.cell, b.bin = make([]float64, c.rows()), make([]int32, c.rows())
	for k := range b.cell {
		b.cell[k], b.bin[k] = c.x[j][order(k)], bins[j].of[order(k)]
	}
	if c.weight != nil {
		b.upTo = make([]float64, len(b.cell))
		sum := 0.0
		for k := range b.upTo {
			sum += c.weight[order(k)]
			b.upTo[k] = sum
		}
	}
	return b
}

// pick is a row at the share u of those whose parent is in a bin.
func (b branch) pick(bin int32, u float64) int {
	from, to := b.start[bin], b.start[bin+1]
	if b.upTo == nil {
		return min(to-1, from+int(float64(u*float64(to-from))))
	}
	below := 0.0
	if from > 0 {
		below = b.upTo[from-1]
	}
	k, found := slices.BinarySearch(b.upTo[from:to], below+float64(u*(b.upTo[to-1]-below)))
	if found {
		k++
	}
	return min(to-1, from+k)
}

// Schema is that of the rows.
func (f Tree) Schema() Schema { return f.schema }

// Degenerate names the columns that have one value; "" without any.
func (f Tree) Degenerate() string { return f.why }

// Parents are the columns above the columns; −1 of the root.
func (f Tree) Parents() []int {
	p := make([]int, len(f.columns))
	for j, b := range f.columns {
		p[j] = b.parent
	}
	return p
}

// Information is the mutual information along the tree's branches, in nats: what it keeps of the columns' dependence.
func (f Tree) Information() float64 { return f.information }

// Draw takes a uniform number a cell.
func (f Tree) Draw(_ context.Context, dst []Record, n int, r *rand.Rand) ([]Record, error) {
	columns := len(f.columns)
	flat, bin := make([]float64, n*columns), make([]int32, columns)
	for i := range n {
		for _, j := range f.order {
			b, above := &f.columns[j], int32(0)
			if b.parent >= 0 {
				above = bin[b.parent]
			}
			k := b.pick(above, r.Float64())
			flat[i*columns+j], bin[j] = b.cell[k], b.bin[k]
		}
	}
	return views(dst, flat, n, columns), nil
}
