package results

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"modelcollapse/internal/journal"
)

// A timing is a line of timings.jsonl, which no result depends on.
type timing struct {
	Cell string  `json:"timed"`
	Wall float64 `json:"wall"` // seconds
	CPU  float64 `json:"cpu"`  // seconds; 0: not known
}

// Seal completes the cell, with its outcome: "finished", or why the chain ended early. A failure is no outcome:
// see Fail. From then on the cell is Done; when Seal fails, it is not, and can be written again.
func (c *CellWriter) Seal(outcome string, wall, cpu time.Duration) error {
	if c.closed {
		return fmt.Errorf("cell %s: is closed", c.id)
	}
	if outcome == "" || strings.HasPrefix(outcome, "failed") {
		return fmt.Errorf("cell %s: outcome %q: want how the chain ended; a failure is not sealed", c.id, outcome)
	}
	if len(c.ends) == 0 && c.resumed {
		if err := c.carry(len(c.old.records)); err != nil {
			return err
		}
	}
	if n := len(c.ends); n < len(c.old.records) {
		return &ReplayError{c.id, "number of generations", n, fmt.Sprint(len(c.old.records)), fmt.Sprint(n)}
	}
	whole, at := c.assemble(outcome)
	if err := c.store(whole, &at); err != nil {
		c.run.mu.Lock()
		c.run.unsure = true
		c.run.mu.Unlock()
		return err
	}
	c.run.mu.Lock()
	c.run.index.sealed[c.id] = at
	c.run.mu.Unlock()
	_, err := c.run.timings.Append(journal.AppendObject(nil, timing{c.id, wall.Seconds(), cpu.Seconds()}))
	return errors.Join(err, c.Close())
}

// assemble returns the bytes of the sealed cell: of each generation its attachments, then its record; the seal.
func (c *CellWriter) assemble(outcome string) ([]byte, located) {
	attached := c.attached
	for _, a := range c.old.attached {
		if !slices.ContainsFunc(attached, a.same) && !c.stale(a.Name) {
			attached = append(attached, a)
		}
	}
	slices.SortFunc(attached, Attachment.compare)
	body := c.lines
	if len(attached) > 0 {
		body = make([]byte, 0, len(c.lines)+200*len(attached))
		from, next := 0, 0
		for g, end := range c.ends {
			for ; next < len(attached) && attached[next].Generation <= g; next++ {
				body = journal.AppendObject(body, attached[next])
			}
			body = append(body, c.lines[from:end]...)
			from = end
		}
		for ; next < len(attached); next++ {
			body = journal.AppendObject(body, attached[next])
		}
	}
	seal := Seal{c.id, outcome, len(c.ends), len(c.ends) + len(attached), c.series, c.allMetrics(), digest(body)}
	size := len(body)
	body = journal.AppendObject(body, seal)
	return body, located{Seal: seal, size: int64(size), whole: int64(len(body)), trailer: digest(body[size:])}
}

// store puts the bytes where they belong, says where, and removes what only an unfinished cell needs.
func (c *CellWriter) store(whole []byte, at *located) (err error) {
	at.file, err = c.run.place(c.id, whole, c.journal != nil, &at.from)
	if err != nil || at.file == packFile {
		return err
	}
	if c.journal != nil {
		if err := c.journal.Close(); err != nil {
			return err
		}
	}
	if err := c.run.folder.Remove(path.Join(cellsDir, c.id, journalName)); err != nil {
		return err
	}
	return c.dropState()
}

// Close gives the cell back, sealed or not; what was put survives in its journal if it has one. A second Close
// does nothing.
func (c *CellWriter) Close() error {
	if c.closed {
		return nil
	}
	c.closed = true
	r := c.run
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.open, c.id)
	r.spare = append(r.spare, buffers{c.lines[:0], c.ends[:0]})
	c.lines, c.ends = nil, nil
	if c.journal == nil {
		return nil
	}
	r.index.folders[c.id] = true
	return c.journal.Close()
}

// hasFolder says whether the cell had a folder when it was opened.
func (r *Run) hasFolder(id string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.index.folders[id]
}
