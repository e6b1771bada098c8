// Package read brings the user's own files in: tables as typed columns (Table), texts one at a time (Texts).
//
// Both understand CSV, TSV, Parquet, JSON and JSON lines, plain text and Markdown for Texts alone; each also compressed by
// gzip or zstd; as files, globs, folders, folders of the Hugging Face hub, or standard input. What was read is said by a
// Summary, with the digest of the files as they lie on disk. The package knows nothing of models or rows.
package read

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
)

// A Source says which files are read.
type Source struct {
	Path   Paths     // files, globs, folders, "-" for standard input
	Config string    // of a Hugging Face folder; "": its default
	Split  string    // of a Hugging Face folder; "": train, or the only one
	Stdin  io.Reader // what "-" stands for; nil: os.Stdin

	spooled map[string]string // by path: the temporary file that holds a stream
}

// kinds says which formats a reading takes from folders.
type kinds int

const (
	tables kinds = iota // what has columns
	texts               // what has columns, and prose
)

// An input is one file that is being read.
type input struct {
	name   string
	number int    // of the file in the source, from 1
	format format // by its name
	file   *os.File
	raw    *counted
}

// each opens the files one after the other and gives them to read; whatever of a file is used, its digest covers all of it.
func (s Source) each(ctx context.Context, k kinds, read func(*input) error) (sum Summary, err error) {
	names, err := s.files(k)
	if err != nil {
		return sum, err
	}
	h := sha256.New()
	for i, name := range names {
		if err := ctx.Err(); err != nil {
			return sum, err
		}
		in, err := s.open(name, h)
		if err == nil {
			in.number = i + 1
			err = in.use(read)
			sum.Bytes += in.raw.bytes
		}
		if err != nil {
			return sum, located(name, err)
		}
	}
	sum.Files, sum.SHA256 = names, hex.EncodeToString(h.Sum(nil))
	return sum, nil
}

// use reads a file, then the rest of it for the digest.
func (in *input) use(read func(*input) error) error {
	if in.file != nil {
		defer in.file.Close()
	}
	if err := read(in); err != nil && !errors.Is(err, ErrEnough) {
		return err
	}
	_, err := io.Copy(io.Discard, in.raw)
	return err
}

// open opens one file, or standard input.
func (s Source) open(name string, h hash.Hash) (*input, error) {
	in := &input{name: name, format: formatOf(name), raw: &counted{to: h}}
	if name == stdin && s.spooled[name] == "" {
		if in.raw.from = s.Stdin; in.raw.from == nil {
			in.raw.from = os.Stdin
		}
		return in, nil
	}
	path := name
	if kept := s.spooled[name]; kept != "" {
		path = kept
	}
	f, err := os.Open(path)
	if err != nil {
		var bare *os.PathError
		if errors.As(err, &bare) {
			err = bare.Err
		}
		return nil, err
	}
	in.file, in.raw.from = f, f
	return in, nil
}

// A placed error says its own place in a file: "line:column: …" or "line n: …".
type placed struct {
	line, column int
	err          error
}

func (p *placed) Error() string { return fmt.Sprintf("%d:%d: %v", p.line, p.column, p.err) }
func (p *placed) Unwrap() error { return p.err }

// located puts the name of a file before an error, as file:line:column where it has a place.
func located(name string, err error) error {
	var p *placed
	if errors.As(err, &p) {
		return fmt.Errorf("%s:%w", name, err)
	}
	return fmt.Errorf("%s: %w", name, err)
}

// counted hashes and counts what is read through it.
type counted struct {
	from  io.Reader
	to    hash.Hash
	bytes int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.from.Read(p)
	c.to.Write(p[:n])
	c.bytes += int64(n)
	return n, err
}
