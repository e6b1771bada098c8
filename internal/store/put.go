package store

import (
	"bufio"
	"crypto/rand"
	"errors"
	"io"
	"os"
	"path"
	"strings"
)

const tempSuffix = ".tmp"

// tempName is a name that no other Put uses, even one of a process with the same id in another container.
func tempName(name string) string {
	return path.Join(path.Dir(name), "."+path.Base(name)+"."+rand.Text()[:10]+tempSuffix)
}

func isTemp(base string) bool {
	return strings.HasPrefix(base, ".") && strings.HasSuffix(base, tempSuffix)
}

// Put stores what write produces under name, all of it or nothing, and creates the directories it needs. When
// it returns nil the bytes are on disk: a temporary file, fsync, rename, fsync of the directory.
func (f *Folder) Put(name string, write func(io.Writer) error) error {
	if err := f.MkdirAll(path.Dir(name)); err != nil {
		return err
	}
	temp := tempName(name)
	if err := f.fill(temp, write); err != nil {
		return errors.Join(err, f.root.RemoveAll(temp))
	}
	if err := f.do("rename", name, func() error { return f.root.Rename(temp, name) }); err != nil {
		return errors.Join(err, f.root.RemoveAll(temp))
	}
	return f.syncDir(path.Dir(name))
}

// PutBytes is Put of bytes.
func (f *Folder) PutBytes(name string, b []byte) error {
	return f.Put(name, func(w io.Writer) error { _, err := w.Write(b); return err })
}

func (f *Folder) fill(temp string, write func(io.Writer) error) error {
	file, err := f.open("create", temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL)
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(file, 1<<16)
	if err = write(w); err == nil {
		if err = w.Flush(); err == nil {
			err = file.Sync()
		}
	}
	return errors.Join(err, file.Close())
}
