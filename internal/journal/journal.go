package journal

import (
	"errors"
	"sync"
	"time"

	"modelcollapse/internal/store"
)

// syncEvery bounds how many seconds of work a loss of power costs. A killed process loses none of it.
const syncEvery = time.Second

// A Journal is a file of lines that is only appended to, by all workers: a write a call, an fsync a second.
type Journal struct {
	mu     sync.Mutex
	folder *store.Folder
	name   string
	known  bool        // good was given: what follows is cut; else whatever follows the last good line
	file   *store.File // nil until the first append
	good   int64       // bytes that count
	torn   bool        // there may be bytes behind good
	synced time.Time
	dirty  bool
}

// New is the journal in a file that may exist: its lines up to the first that is cut or changed count.
func New(folder *store.Folder, name string) *Journal { return &Journal{folder: folder, name: name} }

// Resume is the journal in a file of which the first good bytes count; what follows them is cut.
func Resume(folder *store.Folder, name string, good int64) *Journal {
	return &Journal{folder: folder, name: name, good: good, known: true}
}

// Append writes whole lines and returns where they are. When it fails, nothing of them counts.
func (j *Journal) Append(b []byte) (at int64, err error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if err := j.open(); err != nil {
		return 0, err
	}
	if j.torn {
		if err := j.file.Truncate(j.good); err != nil {
			return 0, err
		}
		j.torn = false
	}
	if _, err := j.file.Write(b); err != nil {
		j.torn = true
		return 0, err
	}
	at, j.good, j.dirty = j.good, j.good+int64(len(b)), true
	if time.Since(j.synced) < syncEvery {
		return at, nil
	}
	return at, j.flush()
}

func (j *Journal) open() error {
	if j.file != nil {
		return nil
	}
	file, size, err := j.folder.OpenAppend(j.name)
	if err != nil {
		return err
	}
	if !j.known && size > 0 {
		b := make([]byte, size)
		if n, err := file.ReadAt(b, 0); int64(n) < size {
			return errors.Join(err, file.Close())
		}
		j.good = int64(len(GoodLines(b)))
	}
	j.known = true
	j.file, j.torn, j.synced = file, size != j.good, time.Now()
	return nil
}

// GoodLines is b up to its first line that is cut or changed.
func GoodLines(b []byte) []byte {
	n := 0
	Lines(b, func(line []byte) error {
		_, err := CheckCRC(line)
		if err == nil {
			n += len(line)
		}
		return err
	})
	return b[:n]
}

// Sync puts the lines on disk.
func (j *Journal) Sync() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.flush()
}

func (j *Journal) flush() error {
	j.synced = time.Now()
	if !j.dirty {
		return nil
	}
	if err := j.file.Sync(); err != nil {
		return err
	}
	j.dirty = false
	return nil
}

// Close puts the lines on disk and closes the file.
func (j *Journal) Close() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.file == nil {
		return nil
	}
	err := errors.Join(j.flush(), j.file.Close())
	j.file = nil
	return err
}

// ReadAt reads bytes that were appended, by this process or an earlier one.
func (j *Journal) ReadAt(b []byte, at int64) (int, error) {
	j.mu.Lock()
	err := j.open()
	file := j.file
	j.mu.Unlock()
	if err != nil {
		return 0, err
	}
	return file.ReadAt(b, at)
}
