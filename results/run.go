package results

import (
	"errors"
	"fmt"
	"path"
	"sync"
	"time"

	"github.com/gofrs/flock"

	"modelcollapse/internal/journal"
	"modelcollapse/internal/store"
)

// packFile is where the cheap cells of this process go.
var packFile = path.Join(packsDir, "main.jsonl")

// A Run is a run folder opened for writing, by one process at a time. Its methods are safe for concurrent use;
// a CellWriter belongs to one goroutine.
type Run struct {
	folder   *store.Folder
	lock     *flock.Flock
	manifest Manifest
	found    []Damage // when it was opened
	known    map[string]bool
	inMemory time.Duration    // a cell younger than that has no folder
	pack     *journal.Journal // the sealed cells that have no folder
	timings  *journal.Journal
	failures *journal.Journal

	mu     sync.Mutex
	index  *index
	open   map[string]bool // cells being written
	tries  map[string]int  // failures so far
	spare  []buffers       // of closed cells
	unsure bool            // a write failed, so the index may not be what is on disk
}

// buffers hold the lines of a cell while it is written.
type buffers struct {
	lines []byte
	ends  []int
}

// spillAfter is how old a cell gets before it has a folder of its own: a kill costs at most this much work of
// each worker, and sealing a folder costs 1 to 4 ms, which is then small beside the cell.
const spillAfter = 100 * time.Millisecond

// Create opens a run folder for writing and makes it what m says: a new one, or one from earlier, whose sealed
// cells stay. It takes the lock, cuts what a killed writer left unfinished, and moves damaged files to the
// folder damaged, so that their cells are made again; Damage says which. An error names the file and what to do.
func Create(dir string, m Manifest) (*Run, error) {
	if err := m.check(); err != nil {
		return nil, fmt.Errorf("%s: %w", dir, err)
	}
	folder, err := store.Make(dir)
	if err != nil {
		return nil, err
	}
	return create(folder, m, spillAfter)
}

func create(folder *store.Folder, m Manifest, inMemory time.Duration) (*Run, error) {
	lock, err := journal.Lock(folder, lockFile, folder.Path("."))
	if err != nil {
		return nil, errors.Join(err, folder.Close())
	}
	r := &Run{folder: folder, lock: lock, manifest: m, inMemory: inMemory, open: map[string]bool{}, known: map[string]bool{}}
	for _, c := range m.Cells {
		r.known[c.ID] = true
	}
	if err := r.prepare(); err != nil {
		return nil, errors.Join(err, lock.Unlock(), folder.Close())
	}
	return r, nil
}

func (r *Run) prepare() (err error) {
	for _, dir := range []string{".", figuresDir, packsDir} {
		if err := r.folder.Sweep(dir, false); err != nil {
			return err
		}
	}
	if r.index, err = readIndex(r.folder); err != nil {
		return err
	}
	r.found = r.index.damage
	if err := r.index.repair(r.folder); err != nil {
		return err
	}
	if err := r.writeManifest(); err != nil {
		return err
	}
	r.pack = journal.Resume(r.folder, packFile, r.index.packs[packFile].good)
	r.timings = journal.New(r.folder, timingsFile)
	r.failures = journal.New(r.folder, failedFile)
	failed, err := readFailures(r.folder)
	r.tries = map[string]int{}
	for _, f := range failed {
		r.tries[f.Cell]++
	}
	return err
}

// Manifest is what the run is meant to hold.
func (r *Run) Manifest() Manifest { return r.manifest }

// Damage is what was found changed, cut or lost when the run was opened; those cells are not Done.
func (r *Run) Damage() []Damage { return r.found }

// Sealed returns the seal of a cell, if it has one.
func (r *Run) Sealed(id string) (Seal, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	c, ok := r.index.sealed[id]
	return c.Seal, ok
}

// Done says whether the cell is sealed and holds all these metrics, with the same identities.
func (r *Run) Done(id string, metrics map[string]string) bool {
	s, ok := r.Sealed(id)
	return ok && s.Has(metrics)
}

// Figures is where figures go; every Put is atomic.
func (r *Run) Figures() store.Store { return r.folder.Dir(figuresDir) }

// Close puts everything on disk, writes seal.json, by which later damage is found, and releases the lock. After a
// failed write it writes no seal.json: the next Close does.
func (r *Run) Close() error {
	err := errors.Join(r.pack.Close(), r.timings.Close(), r.failures.Close())
	if err == nil && !r.unsure {
		err = r.index.writeSeal(r.folder)
	}
	return errors.Join(err, r.lock.Unlock(), r.folder.Close())
}
