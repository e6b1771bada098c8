package results

import (
	"regexp"
	"slices"
)

// A Noted is a remark that records of an arm carry: a degenerate fit, a block that stayed short, a chain without rows.
type Noted struct {
	Arm   string
	Text  string // of the first record; others say the same with other numbers
	Cells int    // that say so at least once
	First int    // the earliest generation
}

var digits = regexp.MustCompile(`[0-9][0-9.e+-]*`)

// note remembers the remark of a record.
func (t *Table) note(cell CellInfo, rec Record) {
	if rec.Note == "" {
		return
	}
	kind := digits.ReplaceAllString(rec.Note, "#")
	i := slices.IndexFunc(t.noted, func(n noted) bool { return n.Arm == cell.Arm && n.kind == kind })
	if i < 0 {
		i = len(t.noted)
		t.noted = append(t.noted, noted{Noted: Noted{Arm: cell.Arm, Text: rec.Note, First: rec.Generation}, kind: kind, cells: map[string]bool{}})
	}
	n := &t.noted[i]
	n.cells[cell.ID], n.First = true, min(n.First, rec.Generation)
}

type noted struct {
	Noted
	kind  string // the text without its numbers
	cells map[string]bool
}

// Notes are the remarks of all records, those of most cells first, by arm.
func (t *Table) Notes() (all []Noted) {
	for _, a := range t.manifest.Arms {
		from := len(all)
		for _, n := range t.noted {
			if n.Arm == a.Name {
				n.Cells = len(n.cells)
				all = append(all, n.Noted)
			}
		}
		slices.SortStableFunc(all[from:], func(a, b Noted) int { return b.Cells - a.Cells })
	}
	return all
}
