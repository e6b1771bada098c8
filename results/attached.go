package results

import (
	"errors"
	"fmt"
	"path"

	"modelcollapse/internal/journal"
)

// Attachments lists what a sealed cell has attached, by generation, node and name.
func (r *Reader) Attachments(id string) (all []Attachment, err error) {
	c, ok := r.index.sealed[id]
	if !ok {
		return nil, nil
	}
	b, err := r.body(nil, c)
	if err != nil {
		return nil, err
	}
	err = journal.Lines(b, func(line []byte) error {
		if !isAttach(line) {
			return nil
		}
		var a Attachment
		err := journal.ParseObject(line, &a)
		all = append(all, a)
		return err
	})
	return all, err
}

// Attachment reads the content, and checks it against the cell's seal.
func (r *Reader) Attachment(id string, a Attachment) ([]byte, error) {
	file := path.Join(cellsDir, id, a.file())
	b, err := r.folder.ReadFile(file)
	if err == nil && digest(b) != a.SHA256 {
		err = fmt.Errorf("%s: %w", r.folder.Path(file), journal.ErrDamaged)
	}
	return b, err
}

// Verify reads everything that is sealed, attachments included, and returns all that is damaged.
func (r *Reader) Verify() error {
	errs := make([]error, 0, len(r.index.damage))
	for _, d := range r.index.damage {
		errs = append(errs, d)
	}
	for _, id := range sortedKeys(r.index.sealed) {
		if path.Dir(r.index.sealed[id].file) == packsDir {
			continue
		}
		all, err := r.Attachments(id)
		errs = append(errs, err)
		for _, a := range all {
			_, err := r.Attachment(id, a)
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}
