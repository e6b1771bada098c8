package results

import (
	"errors"
	"io"
	"maps"
	"path"

	"modelcollapse/internal/journal"
	"modelcollapse/internal/store"
)

const (
	stateName = "state"
	keptName  = "kept" // of the state, what outlives the seal: models and samples for later metrics
)

// spill gives the cell a folder and a journal, which takes what is in memory.
func (c *CellWriter) spill() error {
	if c.journal != nil {
		return nil
	}
	j := journal.New(c.run.folder, cellPath(c.id, journalName))
	var b []byte
	if !c.resumed {
		b = journal.AppendObject(b, start{c.id, c.metrics})
	}
	b = append(b, c.lines...)
	for _, a := range c.attached {
		b = journal.AppendObject(b, a)
	}
	if len(b) > 0 {
		if _, err := j.Append(b); err != nil {
			return errors.Join(err, j.Close())
		}
	}
	c.journal = j
	return nil
}

// Store is where the chain keeps its checkpoints: a Put there puts the records before it on disk first, so that
// a checkpoint never knows more generations than the journal. It is emptied when the cell is sealed, but for
// the Sub named kept.
func (c *CellWriter) Store() store.Store {
	return checkpoints{c, c.run.folder.Dir(cellPath(c.id, stateName))}
}

type checkpoints struct {
	cell *CellWriter
	store.Store
}

func (s checkpoints) Put(name string, write func(io.Writer) error) error {
	if err := s.cell.spill(); err != nil {
		return err
	}
	if err := s.cell.journal.Sync(); err != nil {
		return err
	}
	return s.Store.Put(name, write)
}

func (s checkpoints) Sub(name string) store.Store { return checkpoints{s.cell, s.Store.Sub(name)} }

// dropState deletes the checkpoints.
func (c *CellWriter) dropState() error {
	dir := c.run.folder.Dir(cellPath(c.id, stateName))
	names, err := dir.Names()
	if err != nil {
		return err
	}
	kept := false
	for _, name := range names {
		if name == keptName {
			kept = true
			continue
		}
		if err := dir.Delete(name); err != nil {
			return err
		}
	}
	if kept || !c.run.folder.Exists(cellPath(c.id, stateName)) {
		return nil
	}
	return c.run.folder.Remove(cellPath(c.id, stateName))
}

// Attach stores content beside the records. Made again, it must be the same.
func (c *CellWriter) Attach(generation, node int, name, mediaType string, content []byte) error {
	a := Attachment{name, generation, node, mediaType, int64(len(content)), digest(content)}
	if err := a.check(); err != nil {
		return err
	}
	for _, b := range c.attached {
		if a.same(b) {
			return errors.New("attachment " + name + ": was given twice in one generation")
		}
	}
	var was *Attachment
	for i, b := range c.old.attached {
		if a.same(b) && !c.stale(name) {
			was = &c.old.attached[i]
		}
	}
	if was != nil && was.SHA256 != a.SHA256 {
		return &ReplayError{c.id, "attachment " + name, generation, "sha256 " + was.SHA256, "sha256 " + a.SHA256}
	}
	if err := c.spill(); err != nil {
		return err
	}
	file := path.Join(cellsDir, c.id, a.file())
	if was == nil || !c.run.folder.Exists(file) {
		if err := c.run.folder.PutBytes(file, content); err != nil {
			return err
		}
	}
	c.attached = append(c.attached, a)
	_, err := c.journal.Append(journal.AppendObject(nil, a))
	return err
}

// allMetrics are those of this writer, and of earlier ones those that this one does not measure.
func (c *CellWriter) allMetrics() map[string]string {
	if len(c.old.metrics) == 0 {
		return c.metrics
	}
	all := maps.Clone(c.old.metrics)
	maps.Copy(all, c.metrics)
	return all
}
