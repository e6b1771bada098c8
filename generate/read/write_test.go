package read_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go"

	"modelcollapse/generate/read"
)

// file writes a file of a fresh folder and returns its path.
func file(t testing.TB, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	write(t, path, content)
	return path
}

func write(t testing.TB, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

func gzipped(content string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write([]byte(content))
	w.Close()
	return b.String()
}

func zstded(t testing.TB, content string) string {
	var b bytes.Buffer
	w, err := zstd.NewWriter(&b)
	if err != nil {
		t.Fatal(err)
	}
	w.Write([]byte(content))
	w.Close()
	return b.String()
}

// table reads one file.
func table(t testing.TB, path string, o read.Options) *read.Frame {
	t.Helper()
	f, err := read.Table(t.Context(), read.Source{Path: read.Paths{path}}, o)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// A row is one of a table that tests write in every format; nil: null.
type row struct {
	X    *float64 `parquet:"x,optional"`
	N    int64    `parquet:"n"`
	Day  *string  `parquet:"day,optional"`
	Kind *string  `parquet:"kind,optional,dict"`
}

func (r row) csv(comma string) string {
	text := func(s *string) string {
		if s == nil {
			return ""
		}
		return `"` + strings.ReplaceAll(*s, `"`, `""`) + `"`
	}
	x := "NA"
	if r.X != nil {
		x = strconv.FormatFloat(*r.X, 'g', -1, 64)
	}
	return strings.Join([]string{x, fmt.Sprint(r.N), text(r.Day), text(r.Kind)}, comma) + "\r\n"
}

func (r row) json() string {
	text := func(s *string) string {
		if s == nil {
			return "null"
		}
		quoted, _ := json.Marshal(*s)
		return string(quoted)
	}
	x := "" // a key that is missing is a null
	if r.X != nil {
		x = `"x":` + strconv.FormatFloat(*r.X, 'g', -1, 64) + `,`
	}
	return fmt.Sprintf(`{"n": %d ,%s "day":%s,"kind":%s}`, r.N, x, text(r.Day), text(r.Kind))
}

// written writes rows in a format by the name of a file.
func written(t testing.TB, name string, rows []row) string {
	t.Helper()
	var b strings.Builder
	switch format, _, _ := strings.Cut(name[2:], "."); format {
	case "csv", "tsv":
		comma := map[string]string{"csv": ",", "tsv": "\t"}[format]
		b.WriteString("\ufeff" + strings.ReplaceAll("x,n,day,kind\r\n", ",", comma))
		for _, r := range rows {
			b.WriteString(r.csv(comma))
		}
	case "jsonl":
		for _, r := range rows {
			b.WriteString(r.json() + "\n")
		}
	case "json":
		var all []string
		for _, r := range rows {
			all = append(all, r.json())
		}
		b.WriteString("[" + strings.Join(all, ",\n") + "]")
	case "parquet":
		if err := parquet.Write(&b, rows, parquet.MaxRowsPerRowGroup(37), parquet.PageBufferSize(100)); err != nil {
			t.Fatal(err)
		}
	}
	content := b.String()
	switch filepath.Ext(name) {
	case ".gz":
		content = gzipped(content)
	case ".zst":
		content = zstded(t, content)
	}
	return file(t, name, content)
}

func pointer[T any](x T) *T { return &x }

// shown is a value as tests compare them: exact.
func shown(c *read.Column, i int) string {
	switch {
	case c.Type == read.Category && int(c.Codes[i]) == c.Null:
		return "null"
	case c.Type == read.Category:
		return strconv.Quote(c.Categories[c.Codes[i]])
	case math.IsNaN(c.Numbers[i]):
		return "null"
	}
	return strconv.FormatFloat(c.Numbers[i], 'g', -1, 64)
}

// content is all values of a table, a line a column, sorted by how options order them.
func content(f *read.Frame) string {
	var b strings.Builder
	for i := range f.Columns {
		c := &f.Columns[i]
		fmt.Fprintf(&b, "%s %s:", c.Name, c.Type)
		for r := range f.Rows {
			b.WriteString(" " + shown(c, r))
		}
		b.WriteString("\n")
	}
	return b.String()
}
