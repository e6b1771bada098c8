package results

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"modelcollapse/internal/journal"
	"modelcollapse/internal/store"
)

// A Failure is one attempt at a cell that ended in an error.
type Failure struct {
	Cell    string `json:"failed"`
	Attempt int    `json:"attempt"` // from 1
	Error   string `json:"error"`
}

// Fail writes down that a cell failed; a later Seal makes up for it.
func (r *Run) Fail(id string, cause error) error {
	r.mu.Lock()
	r.tries[id]++
	f := Failure{id, r.tries[id], strings.ToValidUTF8(cause.Error(), "\uFFFD")}
	r.mu.Unlock()
	if _, err := r.failures.Append(journal.AppendObject(nil, f)); err != nil {
		return fmt.Errorf("failure of cell %s: %w", id, err)
	}
	return r.failures.Sync()
}

// Attempts is how often a cell has failed.
func (r *Run) Attempts(id string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.tries[id]
}

// readFailures reads failed.jsonl up to a torn line.
func readFailures(f *store.Folder) (all []Failure, err error) {
	b, err := f.ReadFile(failedFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	err = journal.Lines(journal.GoodLines(b), func(line []byte) error {
		var x Failure
		if !bytes.HasPrefix(line, []byte(`{"failed":`)) {
			return nil
		}
		err := journal.ParseObject(line, &x)
		all = append(all, x)
		return err
	})
	return all, err
}
