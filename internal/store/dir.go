package store

import (
	"fmt"
	"io"
	"path"
	"strings"
)

// A Dir is a Store: one directory of a Folder, a file a name, a directory a Sub.
type Dir struct {
	folder *Folder
	at     string
	err    error // of a bad name given to Sub
}

// Dir returns the Store at a slash-separated name; the directory exists from the first Put on.
func (f *Folder) Dir(at string) Dir { return Dir{folder: f, at: at} }

var _ Store = Dir{}

// checkName refuses what is no plain name.
func checkName(name string) error {
	if name == "" || strings.HasPrefix(name, ".") || strings.ContainsAny(name, "/\\:\x00") || len(name) > 200 {
		return fmt.Errorf("name %.40q: want 1 to 200 bytes without / \\ : and without a leading dot", name)
	}
	return nil
}

func (d Dir) path(name string) (string, error) {
	if d.err != nil {
		return "", d.err
	}
	if err := checkName(name); err != nil {
		return "", fmt.Errorf("%s: %w", d.folder.Path(d.at), err)
	}
	return path.Join(d.at, name), nil
}

// Put implements Store; the bytes are on disk when it returns nil.
func (d Dir) Put(name string, write func(io.Writer) error) error {
	p, err := d.path(name)
	if err != nil {
		return err
	}
	return d.folder.Put(p, write)
}

// Open implements Store.
func (d Dir) Open(name string) (io.ReadCloser, error) {
	p, err := d.path(name)
	if err != nil {
		return nil, err
	}
	file, err := d.folder.Open(p)
	if err != nil {
		return nil, err // not file: a nil *File is no nil interface
	}
	return file, nil
}

// Delete implements Store.
func (d Dir) Delete(name string) error {
	p, err := d.path(name)
	if err != nil {
		return err
	}
	return d.folder.Remove(p)
}

// Sub implements Store. A bad name is reported by the first use of the Sub.
func (d Dir) Sub(name string) Store {
	p, err := d.path(name)
	return Dir{d.folder, p, err}
}

// Names implements Store.
func (d Dir) Names() ([]string, error) {
	if d.err != nil {
		return nil, d.err
	}
	return d.folder.Names(d.at)
}
