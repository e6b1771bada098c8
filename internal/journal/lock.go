package journal

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"

	"modelcollapse/internal/store"
)

// A Holder is the process that writes.
type Holder struct {
	PID     int       `json:"pid"`
	Host    string    `json:"host"`
	Started time.Time `json:"started"`
}

// ErrLocked is that another process writes.
var ErrLocked = errors.New("is being written")

// patience covers a reader that looks whether the lock is held, which holds it for some microseconds.
const patience = 300 * time.Millisecond

// Lock takes the lock that is the file name in f, which the system releases when the process ends, however it ends. Beside it
// is name.json, which says who holds it: Windows lets nobody read or write a locked file. What is locked is called what in errors.
func Lock(f *store.Folder, name, what string) (*flock.Flock, error) {
	l := flock.New(f.Path(name))
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	held, err := l.TryLockContext(ctx, 5*time.Millisecond)
	switch {
	case errors.Is(err, context.DeadlineExceeded) || err == nil && !held:
		return nil, lockedBy(f, name, what)
	case err != nil:
		return nil, fmt.Errorf("%s: lock: %w: the file system may not support locks: choose a folder on another one", f.Path(name), err)
	}
	host, _ := os.Hostname()
	b, _ := json.Marshal(Holder{os.Getpid(), host, time.Now().Truncate(time.Second)})
	if err := f.Overwrite(name+".json", append(b, '\n')); err != nil {
		return nil, errors.Join(err, l.Unlock())
	}
	return l, nil
}

func lockedBy(f *store.Folder, name, what string) error {
	h, err := readHolder(f, name)
	if err != nil {
		return fmt.Errorf("%s: %w by another process: wait until it is done, or stop it", what, ErrLocked)
	}
	return fmt.Errorf("%s: %w by process %d on %s since %s: wait until it is done, or stop it (kill %d)",
		what, ErrLocked, h.PID, h.Host, h.Started.Format(time.DateTime), h.PID)
}

func readHolder(f *store.Folder, name string) (h Holder, err error) {
	b, err := f.ReadFile(name + ".json")
	if err == nil {
		err = json.Unmarshal(b, &h)
	}
	return h, err
}

// HolderOf says who holds the lock now; nil: nobody.
func HolderOf(f *store.Folder, lock string) (*Holder, error) {
	name, err := filepath.Abs(f.Path(lock))
	if err != nil || !f.Exists(lock) {
		return nil, err
	}
	l := flock.New(name)
	free, err := l.TryRLock()
	if err != nil && !errors.Is(err, fs.ErrPermission) {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if free || err != nil {
		return nil, l.Unlock()
	}
	h, err := readHolder(f, lock)
	if err != nil {
		return &Holder{}, nil // between taking the lock and signing it
	}
	return &h, nil
}
