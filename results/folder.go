package results

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"

	"modelcollapse/internal/journal"
	"modelcollapse/internal/store"
)

// Names in a run folder.
const (
	configFile      = "config.yaml"
	cellsFile       = "cells.json"
	envFile         = "env.json"
	predictionsFile = "predictions.jsonl"
	metricsFile     = "metrics.csv"
	sealFile        = "seal.json"
	failedFile      = "failed.jsonl"
	timingsFile     = "timings.jsonl"
	lockFile        = "lock"
	holderFile      = lockFile + ".json" // who holds it
	cellsDir        = "cells"
	packsDir        = "packs"
	figuresDir      = "figures"
	damagedDir      = "damaged"
	recordsName     = "records.jsonl"
	journalName     = "records.part.jsonl"
)

func cellPath(id, name string) string { return path.Join(cellsDir, id, name) }

// An index is what a run folder holds. The files are the truth: it is read off them.
type index struct {
	sealed  map[string]located
	folders map[string]bool // cells that have a folder of their own
	packs   map[string]scan
	damage  []Damage
}

// readIndex reads and verifies every sealed cell. A cell in a folder of its own goes before a packed one, a
// later version in a pack before an earlier one.
func readIndex(f *store.Folder) (*index, error) {
	x := &index{sealed: map[string]located{}, folders: map[string]bool{}, packs: map[string]scan{}}
	packs, err := f.Names(packsDir)
	if err != nil {
		return nil, err
	}
	for _, name := range packs {
		if !strings.HasSuffix(name, ".jsonl") {
			continue
		}
		file := path.Join(packsDir, name)
		s, err := scanNamed(f, file)
		if err != nil {
			return nil, err
		}
		for _, c := range s.cells {
			x.sealed[c.Cell] = c
		}
		x.packs[file], x.damage = s, append(x.damage, s.damage...)
	}
	ids, err := f.Names(cellsDir)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		if err := x.addFolder(f, id); err != nil {
			return nil, err
		}
	}
	return x, x.compareSeal(f)
}

// addFolder reads the sealed cell of a folder, if it is sealed.
func (x *index) addFolder(f *store.Folder, id string) error {
	x.folders[id] = true
	file := cellPath(id, recordsName)
	s, err := scanNamed(f, file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	switch {
	case err != nil:
		return err
	case len(s.cells) != 1 || len(s.damage) > 0 || s.good != s.size || s.cells[0].Cell != id:
		x.damage = append(x.damage, Damage{file, id, journal.ErrDamaged})
	default:
		x.sealed[id] = s.cells[0]
	}
	return nil
}

func scanNamed(f *store.Folder, file string) (scan, error) {
	r, err := f.Open(file)
	if err != nil {
		return scan{}, err
	}
	defer r.Close()
	return scanFile(file, r)
}

// body reads the lines of a sealed cell, and with the seal when whole is set.
func (c located) body(f *store.Folder, whole bool) ([]byte, error) {
	r, err := f.Open(c.file)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	size := c.size
	if whole {
		size = c.whole
	}
	b := make([]byte, size)
	if n, err := r.ReadAt(b, c.from); int64(n) < size {
		return nil, fmt.Errorf("%s: cell %s: the file was cut while it was read: %w", f.Path(c.file), c.Cell, errors.Join(err, io.ErrUnexpectedEOF))
	}
	return b, c.holds(b[:c.size])
}
