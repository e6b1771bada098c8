package results

import (
	"fmt"
	"maps"
	"path"
	"time"

	"modelcollapse/internal/journal"
)

// A CellWriter writes one cell, from one goroutine: records by generation, then the seal. What it writes
// depends on the records alone; the clock decides only where the bytes live.
type CellWriter struct {
	run     *Run
	id      string
	metrics map[string]string
	born    time.Time
	old     history
	resumed bool // the journal was written with the same metrics: generations may be left to it
	stale   func(series string) bool

	lines    []byte // the records so far
	ends     []int  // of each line in lines; the index is the generation
	series   []string
	seen     map[string]bool
	attached []Attachment
	journal  *journal.Journal // nil while the cell is in memory
	scratch  Record
	decoder  decoder
	closed   bool
	worked   bool // Folder was swept
}

// Cell opens a cell for writing. metrics names what its records are going to hold, each with a hash of its
// parameters and version. Whatever earlier writers left is compared with what is put: a generation made again
// must agree bit for bit with its record, and series that only the record has are carried over; those of a
// metric whose identity changed are made anew. With other metrics than last time the checkpoints are deleted,
// so that the chain replays from generation 0.
func (r *Run) Cell(id string, metrics map[string]string) (*CellWriter, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case !r.known[id]:
		return nil, fmt.Errorf("cell %q: not in the manifest of %s", id, r.folder.Path("."))
	case r.open[id]:
		return nil, fmt.Errorf("cell %s: is being written already", id)
	}
	c := &CellWriter{run: r, id: id, metrics: metrics, born: time.Now()}
	if err := c.recall(); err != nil {
		return nil, err
	}
	r.open[id] = true
	if n := len(r.spare); n > 0 {
		c.lines, c.ends = r.spare[n-1].lines, r.spare[n-1].ends
		r.spare = r.spare[:n-1]
	}
	return c, nil
}

// recall reads what earlier writers left. The run is locked.
func (c *CellWriter) recall() (err error) {
	var sealed *located
	if s, ok := c.run.index.sealed[c.id]; ok {
		sealed = &s
	}
	folder := c.run.index.folders[c.id]
	if c.old, err = readHistory(c.run.folder, c.id, sealed, folder); err != nil {
		return err
	}
	c.stale = changed(c.old.metrics, c.metrics)
	c.resumed = c.old.last != nil && maps.Equal(c.old.last, c.metrics)
	if !folder {
		return nil
	}
	if err := c.run.folder.Sweep(path.Join(cellsDir, c.id), true); err != nil {
		return err
	}
	if !c.resumed {
		if err := c.dropState(); err != nil {
			return err
		}
	}
	if c.old.journal {
		return c.spill()
	}
	return nil
}

// Put appends the record of the next generation. The first may be a later one than 0 when the chain goes on
// from a checkpoint of this cell; then the earlier records are those of the journal.
func (c *CellWriter) Put(r Record) error {
	g := r.Generation
	if len(c.ends) == 0 && g > 0 {
		if err := c.carry(g); err != nil {
			return err
		}
	}
	if g != len(c.ends) {
		return fmt.Errorf("cell %s: record of generation %d: want generation %d", c.id, g, len(c.ends))
	}
	var was past
	if g < len(c.old.records) {
		was = c.old.records[g]
	}
	if was.line != nil {
		if err := c.decoder.record(was.line, &c.scratch); err != nil {
			return fmt.Errorf("cell %s: generation %d: %w", c.id, g, err)
		}
		values, differs := union(c.scratch, r, c.stale)
		if differs != nil {
			differs.Cell = c.id
			return differs
		}
		r.Values = values
	}
	from := len(c.lines)
	c.lines = AppendRecord(c.lines, r)
	c.ends = append(c.ends, len(c.lines))
	c.note(r.Values)
	if was.current && c.resumed && string(was.line) == string(c.lines[from:]) {
		return nil // it is in the journal
	}
	return c.log(c.lines[from:])
}

// carry takes the records before generation g from the journal.
func (c *CellWriter) carry(g int) error {
	for i := len(c.ends); i < g; i++ {
		if !c.resumed || i >= len(c.old.records) || !c.old.records[i].current {
			return fmt.Errorf("cell %s: the record of generation %d is missing: delete %s to start the cell anew",
				c.id, i, c.run.folder.Path(cellPath(c.id, stateName)))
		}
		line := c.old.records[i].line
		if err := c.decoder.record(line, &c.scratch); err != nil {
			return fmt.Errorf("cell %s: generation %d: %w", c.id, i, err)
		}
		c.lines = append(c.lines, line...)
		c.ends = append(c.ends, len(c.lines))
		c.note(c.scratch.Values)
	}
	return nil
}

// Recorded is the record of generation g as earlier writers left it, for a chain that goes on from a checkpoint.
func (c *CellWriter) Recorded(g int) (r Record, ok bool) {
	if g < 0 || g >= len(c.old.records) || c.old.records[g].line == nil {
		return r, false
	}
	err := ParseRecord(c.old.records[g].line, &r)
	return r, err == nil
}

// note remembers the series in the order in which they were first seen.
func (c *CellWriter) note(values []Value) {
	for i, v := range values {
		if i < len(c.series) && c.series[i] == v.Series || c.seen[v.Series] {
			continue
		}
		if c.seen == nil {
			c.seen = map[string]bool{}
		}
		c.seen[v.Series] = true
		c.series = append(c.series, v.Series)
	}
}

// log appends lines to the journal, if the cell is old enough to have one.
func (c *CellWriter) log(b []byte) error {
	if c.journal == nil {
		if time.Since(c.born) < c.run.inMemory {
			return nil
		}
		return c.spill()
	}
	_, err := c.journal.Append(b)
	return err
}
