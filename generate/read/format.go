package read

import (
	"bufio"
	"bytes"
	"path/filepath"
	"strings"
)

// A format is how a file is written, compression aside.
type format int

const (
	unknown format = iota // by its name
	plain
	markdown
	jsonLines
	jsonValues // an array of records, or records one behind the other
	commas
	tabs
	parquets
)

// endings are those of file names by format.
var endings = []struct {
	ending string
	format format
}{
	{".txt", plain}, {".text", plain}, {".md", markdown}, {".markdown", markdown},
	{".jsonl", jsonLines}, {".ndjson", jsonLines}, {".json", jsonValues},
	{".csv", commas}, {".tsv", tabs}, {".parquet", parquets},
}

// takes says whether a reading of this kind takes files of a format from folders.
func (k kinds) takes(f format) bool { return f >= jsonLines || k == texts && f != unknown }

// endings are those that a reading of this kind takes from folders.
func (k kinds) endings() string {
	var all []string
	for _, e := range endings {
		if k.takes(e.format) {
			all = append(all, e.ending)
		}
	}
	return strings.Join(all, ", ")
}

// formatOf goes by the ending of a name, one of compression left out.
func formatOf(name string) format {
	name = strings.ToLower(name)
	for _, c := range []string{".gz", ".zst"} {
		name = strings.TrimSuffix(name, c)
	}
	for _, e := range endings {
		if filepath.Ext(name) == e.ending {
			return e.format
		}
	}
	return unknown
}

// sniff guesses the format of a stream by its first bytes: Parquet by its mark, JSON where it opens like a record or an
// array of records; else a table where one is wanted, of tabs if its first line holds one and no comma; else plain text.
func sniff(r *bufio.Reader, k kinds) format {
	head, _ := r.Peek(4096)
	if bytes.HasPrefix(head, []byte("PAR1")) {
		return parquets
	}
	head = bytes.TrimSpace(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")))
	switch {
	case len(head) > 1 && head[0] == '{' && bytes.HasPrefix(bytes.TrimSpace(head[1:]), []byte(`"`)),
		len(head) > 1 && head[0] == '[' && bytes.HasPrefix(bytes.TrimSpace(head[1:]), []byte(`{`)):
		return jsonValues
	case k == texts:
		return plain
	}
	line, _, _ := bytes.Cut(head, []byte("\n"))
	if bytes.IndexByte(line, '\t') >= 0 && bytes.IndexByte(line, ',') < 0 {
		return tabs
	}
	return commas
}
