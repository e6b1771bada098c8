package results

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"

	"modelcollapse/internal/journal"
	"modelcollapse/internal/store"
)

// A history is what earlier writers left of a cell: sealed, or a journal that a kill ended, or both.
type history struct {
	records  []past
	attached []Attachment
	metrics  map[string]string // identities of the metrics that the records may hold
	last     map[string]string // those of the last writer of the journal; nil without a journal
	journal  bool
}

// A past is an earlier record of one generation.
type past struct {
	line    []byte // nil: none
	current bool   // written by the last writer of the journal, so nothing is missing in it
}

// readHistory reads the sealed cell first and then the journal, whose lines are newer.
func readHistory(f *store.Folder, id string, sealed *located, folder bool) (h history, err error) {
	h.metrics = map[string]string{}
	if sealed != nil {
		b, err := sealed.body(f, false)
		if err != nil {
			return h, err
		}
		if err := h.add(b, id); err != nil {
			return h, err
		}
		maps.Copy(h.metrics, sealed.Metrics)
	}
	if !folder {
		return h, nil
	}
	b, err := f.ReadFile(cellPath(id, journalName))
	if errors.Is(err, fs.ErrNotExist) {
		return h, nil
	}
	if err != nil {
		return h, err
	}
	h.journal = true
	return h, h.add(journal.GoodLines(b), id)
}

func (h *history) add(b []byte, id string) error {
	var d decoder
	return journal.Lines(b, func(line []byte) error {
		switch {
		case isStart(line):
			var s start
			if err := journal.ParseObject(line, &s); err != nil || s.Cell != id {
				return fmt.Errorf("cell %s: its journal belongs to cell %q (%v): delete %s", id, s.Cell, err, cellPath(id, journalName))
			}
			for i := range h.records {
				h.records[i].current = false
			}
			maps.Copy(h.metrics, s.Metrics)
			h.last = s.Metrics
			if h.last == nil {
				h.last = map[string]string{}
			}
			return nil
		case isAttach(line):
			var a Attachment
			err := journal.ParseObject(line, &a)
			h.attach(a)
			return err
		}
		var r Record
		if err := d.record(line, &r); err != nil {
			return fmt.Errorf("cell %s: %w", id, err)
		}
		for len(h.records) <= r.Generation {
			h.records = append(h.records, past{})
		}
		h.records[r.Generation] = past{slices.Clone(line), h.last != nil}
		return nil
	})
}

func (h *history) attach(a Attachment) {
	i := slices.IndexFunc(h.attached, a.same)
	if i < 0 {
		h.attached = append(h.attached, a)
		return
	}
	h.attached[i] = a
}
