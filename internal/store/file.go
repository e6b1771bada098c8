package store

import (
	"errors"
	"io"
	"os"
	"path"
)

// A File is open in a Folder.
type File struct {
	file   *os.File
	folder *Folder
	name   string
	reads  bool // only: closing it can lose nothing
}

// Open opens a file for reading; fs.ErrNotExist when there is none.
func (f *Folder) Open(name string) (*File, error) { return f.open("open", name, os.O_RDONLY) }

// OpenAppend opens a file whose every Write goes to its end, and creates it with its directories. It returns
// the size so far.
func (f *Folder) OpenAppend(name string) (*File, int64, error) {
	if err := f.MkdirAll(path.Dir(name)); err != nil {
		return nil, 0, err
	}
	fresh := !f.Exists(name)
	file, err := f.open("create", name, os.O_RDWR|os.O_CREATE|os.O_APPEND)
	if err != nil {
		return nil, 0, err
	}
	if fresh {
		if err := f.syncDir(path.Dir(name)); err != nil {
			return nil, 0, errors.Join(err, file.Close())
		}
	}
	size, err := file.Size()
	if err != nil {
		return nil, 0, errors.Join(err, file.Close())
	}
	return file, size, nil
}

func (f *Folder) open(op, name string, flag int) (*File, error) {
	if err := f.ok(op, name); err != nil {
		return nil, err
	}
	file, err := f.root.OpenFile(name, flag, 0o644)
	if err != nil {
		return nil, explain(op, f.Path(name), err)
	}
	return &File{file, f, name, flag == os.O_RDONLY}, nil
}

// ReadFile returns all of a file; fs.ErrNotExist when there is none.
func (f *Folder) ReadFile(name string) ([]byte, error) {
	file, err := f.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(file)
}

// Size is the length of the file in bytes.
func (f *File) Size() (int64, error) {
	info, err := f.file.Stat()
	if err != nil {
		return 0, explain("stat", f.folder.Path(f.name), err)
	}
	return info.Size(), nil
}

// Read implements io.Reader; io.EOF is not wrapped.
func (f *File) Read(b []byte) (int, error) {
	if err := f.folder.ok("read", f.name); err != nil {
		return 0, err
	}
	n, err := f.file.Read(b)
	if err != nil && err != io.EOF {
		err = explain("read", f.folder.Path(f.name), err)
	}
	return n, err
}

// ReadAt implements io.ReaderAt.
func (f *File) ReadAt(b []byte, at int64) (int, error) {
	if err := f.folder.ok("read", f.name); err != nil {
		return 0, err
	}
	n, err := f.file.ReadAt(b, at)
	if err != nil && err != io.EOF {
		err = explain("read", f.folder.Path(f.name), err)
	}
	return n, err
}

// Write writes all of b or returns an error; then a part of b may be in the file.
func (f *File) Write(b []byte) (int, error) {
	if err := f.folder.ok("write", f.name); err != nil {
		n := 0
		if errors.Is(err, ErrShort) {
			n, _ = f.file.Write(b[:len(b)/2])
		}
		return n, err
	}
	n, err := f.file.Write(b)
	if err != nil {
		return n, explain("write", f.folder.Path(f.name), err)
	}
	return n, f.folder.ok("done write", f.name)
}

// Truncate cuts the file to size bytes.
func (f *File) Truncate(size int64) error {
	return f.folder.do("truncate", f.name, func() error { return f.file.Truncate(size) })
}

// Sync puts the bytes on disk.
func (f *File) Sync() error {
	return f.folder.do("sync", f.name, f.file.Sync)
}

// Close closes the file, whatever it returns; nil for a file that was only read.
func (f *File) Close() error {
	if f.reads {
		f.file.Close()
		return nil
	}
	fault := f.folder.ok("close", f.name)
	return errors.Join(fault, explain("close", f.folder.Path(f.name), f.file.Close()))
}

// Overwrite replaces the bytes of a file in place: for a file whose identity matters, such as a lock. It is not atomic.
func (f *Folder) Overwrite(name string, b []byte) error {
	file, err := f.open("create", name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC)
	if err != nil {
		return err
	}
	_, err = file.Write(b)
	return errors.Join(err, file.Close())
}
