package read

import (
	"bufio"
	"fmt"
	"io"
	"os"
)

// kept is a source whose streams (standard input, pipes) can be read twice: they are kept in temporary files, which remove
// deletes.
func (s Source) kept() (again Source, remove func(), err error) {
	s.spooled = map[string]string{}
	remove = func() {
		for _, name := range s.spooled {
			os.Remove(name)
		}
	}
	for _, path := range s.Path {
		if path != stdin {
			if info, err := os.Stat(path); err != nil || info.Mode()&os.ModeNamedPipe == 0 {
				continue
			}
		}
		if s.spooled[path] != "" {
			continue
		}
		from := s.Stdin
		switch {
		case path != stdin:
			f, err := os.Open(path)
			if err != nil {
				remove()
				return s, nil, err
			}
			defer f.Close()
			from = f
		case from == nil:
			from = os.Stdin
		}
		f, err := spool(from)
		if err != nil {
			remove()
			return s, nil, fmt.Errorf("%s: %w", path, err)
		}
		s.spooled[path] = f.Name()
		f.Close()
	}
	return s, remove, nil
}

// spool copies a stream to a temporary file.
func spool(r io.Reader) (*os.File, error) {
	f, err := os.CreateTemp("", "collapse-*")
	if err != nil {
		return nil, err
	}
	if _, err := io.Copy(f, r); err != nil {
		f.Close()
		os.Remove(f.Name())
		return nil, err
	}
	return f, nil
}

// random gives read the bytes of a file in any order: the file itself, or a temporary copy where it is compressed or a
// stream.
func (in *input) random(text *bufio.Reader, packed bool, read func(r io.ReaderAt, size int64) error) error {
	if in.file != nil && !packed {
		if info, err := in.file.Stat(); err == nil && info.Mode().IsRegular() {
			return read(in.file, info.Size())
		}
	}
	f, err := spool(text)
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	return read(f, info.Size())
}
