package corpus

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/klauspost/compress/zstd"
)

// A format is how the text of a file is written, compression aside.
type format int

const (
	unknown format = iota // by its name; read as plain text where it was asked for by name
	plain
	markdown
	jsonLines
	jsonValues // an array of records, or records one behind the other
)

// texts are the endings of file names by format.
var texts = []struct {
	ending string
	format format
}{
	{".txt", plain}, {".text", plain}, {".md", markdown}, {".markdown", markdown},
	{".jsonl", jsonLines}, {".ndjson", jsonLines}, {".json", jsonValues},
}

func endings() (all []string) {
	for _, t := range texts {
		all = append(all, t.ending)
	}
	return all
}

// formatOf goes by the ending of a name, one of compression left out.
func formatOf(name string) format {
	name = strings.ToLower(name)
	for _, c := range []string{".gz", ".zst"} {
		name = strings.TrimSuffix(name, c)
	}
	for _, t := range texts {
		if filepath.Ext(name) == t.ending {
			return t.format
		}
	}
	return unknown
}

// sniff guesses the format of a stream without a name: JSON where it opens like a record or an array of records.
func sniff(r *bufio.Reader) format {
	head, _ := r.Peek(4096)
	head = bytes.TrimSpace(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")))
	switch {
	case len(head) > 1 && head[0] == '{' && bytes.HasPrefix(bytes.TrimSpace(head[1:]), []byte(`"`)),
		len(head) > 1 && head[0] == '[' && bytes.HasPrefix(bytes.TrimSpace(head[1:]), []byte(`{`)):
		return jsonValues
	}
	return plain
}

// maxWindow bounds what a zstd stream may make us hold (its own default for readers is the same).
const maxWindow = 128 << 20

// decompressed undoes gzip and zstd, which it knows by their first bytes and not by a name.
func decompressed(r io.Reader) (text *bufio.Reader, close func(), err error) {
	in := bufio.NewReaderSize(r, 1<<18)
	magic, _ := in.Peek(4)
	switch {
	case bytes.HasPrefix(magic, []byte("\x1f\x8b")):
		z, err := gzip.NewReader(in)
		if err != nil {
			return nil, nil, fmt.Errorf("gzip: %w", err)
		}
		return bufio.NewReaderSize(named{"gzip", z}, 1<<18), func() {}, nil
	case bytes.Equal(magic, []byte("\x28\xb5\x2f\xfd")):
		z, err := zstd.NewReader(in, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow))
		if err != nil {
			return nil, nil, fmt.Errorf("zstd: %w", err)
		}
		return bufio.NewReaderSize(named{"zstd", z}, 1<<18), z.Close, nil
	}
	return in, func() {}, nil
}

// named says in errors which decompressor met them: a file cut short is "gzip: unexpected EOF".
type named struct {
	name string
	r    io.Reader
}

func (n named) Read(b []byte) (int, error) {
	k, err := n.r.Read(b)
	if err != nil && err != io.EOF {
		err = fmt.Errorf("%s: %w (is the file cut short?)", n.name, err)
	}
	return k, err
}
