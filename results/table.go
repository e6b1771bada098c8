package results

import (
	"fmt"
	"math"
	"slices"
)

// A Table is all values of a run in memory, by arm, series and node.
type Table struct {
	manifest Manifest
	order    []string // series, first seen first
	lines    map[place]*Curves
	row      map[CellInfo]int // of a cell among the lines of its arm
	names    map[string][]int // replicates of an arm
	noted    []noted
}

type place struct {
	arm, series string
	node        int
}

// Curves are one series of one arm: a line a replicate.
type Curves struct {
	Arm, Series string
	Node        int
	Log         bool        // the scale on which replicates are averaged
	Replicates  []int       // of each line
	Lines       [][]float64 // [replicate][generation]; IsMissing where there is no value
}

// missing stands for a value that a line does not have: a NaN that no measurement returns.
var missing = math.Float64frombits(0x7ff8_0000_dead_0001)

// IsMissing says whether x stands for a value that is not there, rather than for a NaN that was measured.
func IsMissing(x float64) bool { return math.Float64bits(x) == math.Float64bits(missing) }

// Table reads all records.
func (r *Reader) Table() (*Table, error) {
	var sealed []CellInfo
	for _, c := range r.manifest.Cells {
		if _, ok := r.index.sealed[c.ID]; ok {
			sealed = append(sealed, c)
		}
	}
	t := NewTable(r.manifest, sealed)
	return t, r.Each(t.Add)
}

// NewTable is an empty table of some cells of a manifest.
func NewTable(m Manifest, cells []CellInfo) *Table {
	t := &Table{manifest: m, lines: map[place]*Curves{}, row: map[CellInfo]int{}, names: map[string][]int{}}
	for _, c := range cells {
		t.row[c] = len(t.names[c.Arm])
		t.names[c.Arm] = append(t.names[c.Arm], c.Replicate)
	}
	return t
}

// Add adds the values of a record of one of the cells, which come by generation.
func (t *Table) Add(cell CellInfo, rec Record) error {
	row := t.row[cell]
	t.note(cell, rec)
	for _, v := range rec.Values {
		at := place{cell.Arm, v.Series, v.Node}
		c := t.lines[at]
		if c == nil {
			axis, known := t.manifest.Axis(v.Series)
			if !known { // of a metric that the run is not meant to have
				continue
			}
			c = &Curves{Arm: cell.Arm, Series: v.Series, Node: v.Node, Log: axis.Log, Replicates: t.names[cell.Arm]}
			c.Lines = make([][]float64, len(c.Replicates))
			t.lines[at] = c
			if !slices.Contains(t.order, v.Series) {
				t.order = append(t.order, v.Series)
			}
		}
		for len(c.Lines[row]) < rec.Generation {
			c.Lines[row] = append(c.Lines[row], missing)
		}
		if len(c.Lines[row]) > rec.Generation {
			return fmt.Errorf("cell %s: generation %d: series %s of node %d was put twice", cell.ID, rec.Generation, v.Series, v.Node)
		}
		x := v.X
		if x != x {
			x = math.NaN() // never missing
		}
		c.Lines[row] = append(c.Lines[row], x)
	}
	return nil
}

// Series lists all series, first seen first.
func (t *Table) Series() []string { return slices.Clone(t.order) }

// Nodes lists the nodes of an arm that have a series, in order.
func (t *Table) Nodes(arm, series string) (nodes []int) {
	for at := range t.lines {
		if at.arm == arm && at.series == series {
			nodes = append(nodes, at.node)
		}
	}
	slices.Sort(nodes)
	return nodes
}

// Curves returns one line a sealed replicate, up to the last generation that the arm was meant to reach, or to the last one
// reached; no lines when the arm lacks the series.
func (t *Table) Curves(arm, series string, node int) Curves {
	axis, _ := t.manifest.Axis(series)
	out := Curves{Arm: arm, Series: series, Node: node, Log: axis.Log}
	c := t.lines[place{arm, series, node}]
	if c == nil {
		return out
	}
	n := t.manifest.planned(arm)
	for _, l := range c.Lines {
		n = max(n, len(l))
	}
	out.Replicates = slices.Clone(c.Replicates)
	for _, l := range c.Lines {
		l = slices.Clone(l)
		for len(l) < n {
			l = append(l, missing)
		}
		out.Lines = append(out.Lines, l)
	}
	return out
}
