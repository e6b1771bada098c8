package store

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"strings"
)

// A Folder is an open directory. Names in it are slash-separated and relative; a name that leads outside,
// through ".." or through a link, is an error of every method. It is safe for concurrent use on different names.
type Folder struct {
	root *os.Root
	at   string
	// Fault, when set, is asked before every operation and may refuse it, and again after it was done: for tests
	// of a failing disk. The operations are mkdir, open, create, read, write, sync, close, truncate, rename,
	// remove, list; done ones are called "done " and their name. A write refused with ErrShort writes half of its bytes.
	Fault func(op, name string) error
}

// Open opens a directory that exists.
func Open(dir string) (*Folder, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, explain("open", dir, err)
	}
	return &Folder{root: root, at: dir}, nil
}

// Make opens a directory, which it creates with its parents when there is none.
func Make(dir string) (*Folder, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, explain("mkdir", dir, err)
	}
	return Open(dir)
}

// Path is the name as the user would type it, for messages and for libraries that take a path.
func (f *Folder) Path(name string) string { return filepath.Join(f.at, filepath.FromSlash(name)) }

// Close releases the directory. Files that are open stay open.
func (f *Folder) Close() error { return f.root.Close() }

// ok asks Fault and wraps its answer.
func (f *Folder) ok(op, name string) error {
	if f.Fault == nil {
		return nil
	}
	if err := f.Fault(op, name); err != nil {
		return explain(op, f.Path(name), err)
	}
	return nil
}

// do runs one operation that leaves nothing open.
func (f *Folder) do(op, name string, run func() error) error {
	if err := f.ok(op, name); err != nil {
		return err
	}
	if err := run(); err != nil {
		return explain(op, f.Path(name), err)
	}
	return f.ok("done "+op, name)
}

// MkdirAll creates a directory with its parents, on disk when it returns.
func (f *Folder) MkdirAll(dir string) error {
	if dir == "." || dir == "" {
		return nil
	}
	if info, err := f.root.Stat(dir); err == nil && info.IsDir() {
		return nil
	}
	parent := path.Dir(dir)
	if err := f.MkdirAll(parent); err != nil {
		return err
	}
	err := f.do("mkdir", dir, func() error {
		if err := f.root.Mkdir(dir, 0o755); !errors.Is(err, fs.ErrExist) {
			return err
		}
		return nil
	})
	if err != nil {
		return err
	}
	return f.syncDir(parent)
}

// syncDir puts the names in a directory on disk; Windows does that by itself and cannot be asked to.
func (f *Folder) syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	return f.do("sync", dir, func() error {
		d, err := f.root.Open(dir)
		if err != nil {
			return err
		}
		defer d.Close()
		return d.Sync()
	})
}

// Remove deletes a file or a directory with all that it holds; of a missing name: nil.
func (f *Folder) Remove(name string) error {
	return f.do("remove", name, func() error { return f.root.RemoveAll(name) })
}

// Exists says whether there is a file or a directory of that name.
func (f *Folder) Exists(name string) bool {
	_, err := f.root.Stat(name)
	return err == nil
}

// Names lists a directory, sorted, without names that start with a dot; a directory that does not exist has none.
func (f *Folder) Names(dir string) (names []string, err error) {
	all, err := f.list(dir)
	for _, e := range all {
		if !strings.HasPrefix(e.Name(), ".") {
			names = append(names, e.Name())
		}
	}
	return names, err
}

func (f *Folder) list(dir string) (all []fs.DirEntry, err error) {
	err = f.do("list", dir, func() error {
		all, err = fs.ReadDir(f.root.FS(), dir)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	})
	return all, err
}

// Sweep deletes what a kill left of unfinished Puts in a directory, and below it when deep is set. Only the
// directory's one writer may call it.
func (f *Folder) Sweep(dir string, deep bool) error {
	all, err := f.list(dir)
	for _, e := range all {
		name := path.Join(dir, e.Name())
		switch {
		case e.IsDir() && deep:
			err = errors.Join(err, f.Sweep(name, deep))
		case isTemp(e.Name()):
			err = errors.Join(err, f.Remove(name))
		}
	}
	return err
}

// Rename moves a file within the folder, replacing one of that name; the directories are on disk when it returns.
func (f *Folder) Rename(from, to string) error {
	if err := f.MkdirAll(path.Dir(to)); err != nil {
		return err
	}
	if err := f.do("rename", to, func() error { return f.root.Rename(from, to) }); err != nil {
		return err
	}
	return errors.Join(f.syncDir(path.Dir(from)), f.syncDir(path.Dir(to)))
}
