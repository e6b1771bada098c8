package results

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"sync"

	"modelcollapse/internal/journal"
	"modelcollapse/internal/store"
)

// A Reader is a run folder opened for reading, without a lock, also while another process writes it: it sees
// the cells that were sealed when it was opened.
type Reader struct {
	folder   *store.Folder
	manifest Manifest
	index    *index

	mu    sync.Mutex
	files map[string]*store.File // packs, once read
}

// OpenRun opens a run folder and verifies every sealed cell; what was changed, cut or lost is in Damage.
func OpenRun(dir string) (*Reader, error) {
	folder, err := store.Open(dir)
	if err != nil {
		return nil, err
	}
	r := &Reader{folder: folder, files: map[string]*store.File{}}
	if err := r.load(); err != nil {
		return nil, errors.Join(err, folder.Close())
	}
	return r, nil
}

func (r *Reader) load() error {
	b, err := r.folder.ReadFile(cellsFile)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s: is no run folder: there is no %s in it", r.folder.Path("."), cellsFile)
	}
	if err != nil {
		return err
	}
	if r.manifest, err = decodeManifest(b); err != nil {
		return fmt.Errorf("%s: %w: run the same command again to write it anew", r.folder.Path(cellsFile), err)
	}
	if r.manifest.Config, err = r.optional(configFile); err != nil {
		return err
	}
	env, err := r.optional(envFile)
	if err != nil {
		return err
	}
	var all []map[string]string
	if json.Unmarshal(env, &all) == nil && len(all) > 0 {
		r.manifest.Env = all[len(all)-1]
	}
	r.index, err = readIndex(r.folder)
	return err
}

func (r *Reader) optional(name string) ([]byte, error) {
	b, err := r.folder.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return b, err
}

// Close closes the folder.
func (r *Reader) Close() (err error) {
	for _, f := range r.files {
		err = errors.Join(err, f.Close())
	}
	r.files = nil
	return errors.Join(err, r.folder.Close())
}

// Manifest is what the run is meant to hold; Env is the latest of its environments.
func (r *Reader) Manifest() Manifest { return r.manifest }

// Damage is what was found changed, cut or lost.
func (r *Reader) Damage() []Damage { return r.index.damage }

// intact is nil, or what is damaged and what to do.
func (r *Reader) intact() error {
	n := len(r.index.damage)
	if n == 0 {
		return nil
	}
	return fmt.Errorf("%s: places that are damaged: %d, the first in %w: run the same command again to make those cells anew",
		r.folder.Path("."), n, r.index.damage[0])
}

// Sealed returns the seal of a cell, if it has one.
func (r *Reader) Sealed(id string) (Seal, bool) {
	c, ok := r.index.sealed[id]
	return c.Seal, ok
}

// Figures is where figures go; every Put is atomic.
func (r *Reader) Figures() store.Store { return r.folder.Dir(figuresDir) }

// Kept is what the chain of a cell kept for later metrics: models and samples.
func (r *Reader) Kept(id string) store.Store {
	return r.folder.Dir(cellPath(id, stateName)).Sub(keptName)
}

// Each calls use for every record of every sealed cell: cells in the order of the manifest, records by
// generation. rec and its slices are reused. Damage anywhere in the run is an error before the first call.
func (r *Reader) Each(use func(cell CellInfo, rec Record) error) error {
	if err := r.intact(); err != nil {
		return err
	}
	var d decoder
	var rec Record
	var b []byte
	for _, cell := range r.manifest.Cells {
		c, ok := r.index.sealed[cell.ID]
		if !ok {
			continue
		}
		var err error
		if b, err = r.body(b, c); err != nil {
			return err
		}
		err = journal.Lines(b, func(line []byte) error {
			if isAttach(line) {
				return nil
			}
			if err := d.record(line, &rec); err != nil {
				return fmt.Errorf("%s: cell %s: %w", r.folder.Path(c.file), c.Cell, err)
			}
			return use(cell, rec)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// body reads the lines of a cell into b, which it may replace. The index has verified them; the records'
// checksums find what changed since.
func (r *Reader) body(b []byte, c located) ([]byte, error) {
	if path.Dir(c.file) != packsDir {
		return c.body(r.folder, false)
	}
	r.mu.Lock()
	f := r.files[c.file]
	if f == nil {
		var err error
		if f, err = r.folder.Open(c.file); err != nil {
			r.mu.Unlock()
			return nil, err
		}
		r.files[c.file] = f
	}
	r.mu.Unlock()
	if int64(cap(b)) < c.size {
		b = make([]byte, c.size)
	}
	b = b[:c.size]
	if n, err := f.ReadAt(b, c.from); n < len(b) {
		return nil, fmt.Errorf("cell %s: the file was cut while it was read: %w", c.Cell, err)
	}
	return b, nil
}
