package draw

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"strconv"

	"modelcollapse/results"
	"modelcollapse/results/figure"
)

// ErrNoValue reports a series that the metrics of a run might have put, and did not: of another size, or none yet.
var ErrNoValue = errors.New("no value yet")

// ErrNoRows reports a figure of rows in a run where none are attached, or none yet.
var ErrNoRows = errors.New("no finished replicate has attached rows: the metric scatter attaches those of replicates numbered below its setting replicates")

// clouds are what one node of one cell attached to be drawn.
type clouds struct {
	name      string // of the arm, and the node where there are several
	arm, cell string
	replicate int
	real      results.Attachment
	rows      map[int]results.Attachment // by generation
	density   map[int]results.Attachment // by generation
}

// clouds finds the first replicate of every arm that attached rows; left is how many arms have none.
func (r Run) clouds() (all []clouds, left int, err error) {
	if r.reader == nil {
		return nil, 0, fmt.Errorf("rows are drawn from a run folder alone")
	}
	for _, arm := range r.Manifest.Arms {
		var found []clouds
		for _, c := range r.Manifest.Cells {
			if c.Arm != arm.Name {
				continue
			}
			if found, err = r.cloudsOf(c); err != nil || len(found) > 0 {
				break
			}
		}
		if err != nil {
			return nil, 0, err
		}
		if len(found) == 0 {
			left++
		}
		all = append(all, found...)
	}
	if len(all) == 0 {
		return nil, 0, ErrNoRows
	}
	return all, left, nil
}

// cloudsOf are those of one cell, a node each.
func (r Run) cloudsOf(cell results.CellInfo) (all []clouds, err error) {
	attached, err := r.reader.Attachments(cell.ID)
	if err != nil {
		return nil, err
	}
	nodes := 0
	for _, a := range attached {
		nodes = max(nodes, a.Node+1)
	}
	all = make([]clouds, nodes)
	for i := range all {
		all[i] = clouds{name: cell.Arm, arm: cell.Arm, cell: cell.ID, replicate: cell.Replicate,
			rows: map[int]results.Attachment{}, density: map[int]results.Attachment{}}
		if nodes > 1 {
			all[i].name = fmt.Sprintf("%s, node %d", cell.Arm, i)
		}
	}
	some := false
	for _, a := range attached {
		switch a.Name {
		case results.ScatterReal:
			all[a.Node].real = a
		case results.ScatterRows:
			all[a.Node].rows[a.Generation], some = a, true
		case results.ScatterDensity:
			all[a.Node].density[a.Generation] = a
		}
	}
	if !some {
		return nil, nil
	}
	return all, nil
}

// numbers reads an attachment: its first line, and all others as numbers.
func (r Run) numbers(c clouds, a results.Attachment) (header []string, rows [][]float64, err error) {
	b, err := r.reader.Attachment(c.cell, a)
	if err != nil {
		return nil, nil, err
	}
	all, err := csv.NewReader(bytes.NewReader(b)).ReadAll()
	if err == nil && len(all) == 0 {
		err = fmt.Errorf("no header")
	}
	if err != nil {
		return nil, nil, fmt.Errorf("cell %s: attachment %s: %w", c.cell, a.Name, err)
	}
	rows = make([][]float64, len(all)-1)
	for i, l := range all[1:] {
		if rows[i], err = parsed(l); err != nil {
			return nil, nil, fmt.Errorf("cell %s: attachment %s: line %d: %w", c.cell, a.Name, i+2, err)
		}
	}
	return all[0], rows, nil
}

func parsed(texts []string) (xs []float64, err error) {
	xs = make([]float64, len(texts))
	for i, s := range texts {
		if xs[i], err = strconv.ParseFloat(s, 64); err != nil {
			return nil, err
		}
	}
	return xs, nil
}

// points reads rows of two columns.
func (r Run) points(c clouds, a results.Attachment) (p figure.Points, err error) {
	_, rows, err := r.numbers(c, a)
	if err != nil {
		return p, err
	}
	for _, row := range rows {
		if len(row) != 2 {
			return p, fmt.Errorf("cell %s: attachment %s: %d columns, want 2", c.cell, a.Name, len(row))
		}
		p.X, p.Y = append(p.X, row[0]), append(p.Y, row[1])
	}
	return p, nil
}

// grid reads a log density.
func (r Run) grid(c clouds, a results.Attachment) (g figure.Contours, err error) {
	header, rows, err := r.numbers(c, a)
	if err != nil {
		return g, err
	}
	if g.X, err = parsed(header[1:]); err != nil {
		return g, fmt.Errorf("cell %s: attachment %s: line 1: %w", c.cell, a.Name, err)
	}
	for _, row := range rows {
		g.Y, g.Z = append(g.Y, row[0]), append(g.Z, row[1:])
	}
	return g, nil
}
