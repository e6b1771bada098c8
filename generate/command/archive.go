package command

import (
	"archive/tar"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// pack writes the regular files of a folder as a tar, in order and without times, so that the same files are the same bytes.
func pack(w io.Writer, dir string) error {
	names, err := filesBelow(dir)
	if err != nil {
		return err
	}
	t := tar.NewWriter(w)
	for _, n := range names {
		if err := packFile(t, dir, n); err != nil {
			return err
		}
	}
	return t.Close()
}

func packFile(t *tar.Writer, dir, name string) error {
	f, err := os.Open(filepath.Join(dir, name))
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if err := t.WriteHeader(&tar.Header{Name: filepath.ToSlash(name), Size: info.Size(), Mode: 0o644, Format: tar.FormatPAX}); err != nil {
		return err
	}
	_, err = io.Copy(t, f)
	return err
}

// unpack reads what pack wrote. No name leads out of the folder.
func unpack(r io.Reader, dir string) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	for t := tar.NewReader(r); ; {
		h, err := t.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("a stored model: %w", err)
		}
		if err := unpackFile(root, filepath.FromSlash(h.Name), t); err != nil {
			return err
		}
	}
}

func unpackFile(root *os.Root, name string, r io.Reader) (err error) {
	if err := root.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		return err
	}
	f, err := root.Create(name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	_, err = io.Copy(f, r)
	return err
}
