package read_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"modelcollapse/generate/read"
)

// rowsOf are rows of odd values: every exponent, nulls, texts that need quotes and escapes.
func rowsOf(n int) []row {
	r := rand.New(rand.NewPCG(1, 2))
	kinds := []string{"a", "b, \"c\"", "line\nbreak", "caf\u00e9 \U0001f600", "NA.", "\ttab", " space"}
	rows := make([]row, n)
	for i := range rows {
		rows[i].N = r.Int64N(1 << 53)
		if r.IntN(5) > 0 {
			x := math.Float64frombits(r.Uint64())
			if i%2 == 0 || math.IsNaN(x) || math.IsInf(x, 0) {
				x = float64(r.IntN(1000000)) / 1000
			}
			rows[i].X = &x
		}
		if r.IntN(4) > 0 {
			rows[i].Day = pointer(fmt.Sprintf("20%02d-03-%02d", r.IntN(100), 1+r.IntN(28)))
		}
		if r.IntN(3) > 0 {
			rows[i].Kind = pointer(kinds[r.IntN(len(kinds))])
		}
	}
	return rows
}

// One table, in every format: the same values to the last bit, the same codes, the same nulls.
func TestFormatsAgree(t *testing.T) {
	rows := rowsOf(500)
	var want string
	for _, name := range []string{
		"t.csv", "t.tsv", "t.jsonl", "t.json", "t.parquet", "t.csv.gz", "t.tsv.zst", "t.jsonl.zst", "t.json.gz", "t.parquet.gz",
	} {
		f := table(t, written(t, name, rows), read.Options{Columns: []string{"x", "n", "day", "kind"}})
		got := content(f)
		if want == "" {
			want = got
			for i, r := range rows {
				if x := f.Column("x").Numbers[i]; r.X != nil && x != *r.X || r.X == nil && !math.IsNaN(x) || f.Column("n").Numbers[i] != float64(r.N) {
					t.Fatalf("%s: row %d: %v", name, i, x)
				}
			}
		}
		if got != want {
			t.Errorf("%s:\n%.300s\nwant\n%.300s", name, got, want)
		}
		for _, c := range f.Columns {
			nulls := 0
			for i := range f.Rows {
				if shown(&c, i) == "null" {
					nulls++
				}
			}
			if c.Nulls != nulls || nulls == 0 && c.Name != "n" {
				t.Errorf("%s: column %s: %d nulls, %d counted", name, c.Name, c.Nulls, nulls)
			}
		}
	}
}

func TestTypes(t *testing.T) {
	for _, c := range []struct {
		name, content string
		options       read.Options
		want          string
	}{
		{"a.csv", "x,y\n1,a\n2,b\n", read.Options{}, "x numeric: 1 2\ny category: \"a\" \"b\"\n"},
		{"a.csv", "1,2\n3,4", read.Options{}, "1 numeric: 1 3\n2 numeric: 2 4\n"},
		{"a.csv", "1,2\n3,4", read.Options{Header: "yes"}, "1 numeric: 3\n2 numeric: 4\n"},
		{"a.csv", "a,b\nc,d\n", read.Options{Header: "no"}, "1 category: \"a\" \"c\"\n2 category: \"b\" \"d\"\n"},
		{"a.csv", ",x\n1,2\n", read.Options{}, "1 numeric: 1\nx numeric: 2\n"},
		{"a.csv", "x\n1\nNA\n2\n", read.Options{}, "x numeric: 1 null 2\n"},
		{"a.csv", "x\nNA\nNA\nb\n", read.Options{}, "x category: null null \"b\"\n"},
		{"a.csv", "x\n1\n?\n", read.Options{Nulls: []string{"?"}}, "x numeric: 1 null\n"},
		{"a.csv", "x\n1\nNA\n", read.Options{Nulls: []string{"?"}}, "x category: \"1\" \"NA\"\n"},
		{"a.csv", "x,y\n01,2\n1.0,3\nb,4\n", read.Options{}, "x category: \"01\" \"1.0\" \"b\"\ny numeric: 2 3 4\n"},
		{"a.csv", "x\n2020-01-02\n1970-01-01T00:00:01.5Z\n", read.Options{}, "x date: 1.5779232e+09 1.5\n"},
		{"a.csv", "x\n2020-01-02\n7\n", read.Options{}, "x category: \"2020-01-02\" \"7\"\n"},
		{"a.csv", "x\n1\n2\n", read.Options{Schema: map[string]string{"x": "category"}}, "x category: \"1\" \"2\"\n"},
		{"a.csv", "x,y\n1,2\n", read.Options{Schema: map[string]string{"x": "drop"}}, "y numeric: 2\n"},
		{"a.csv", "x,y,z\n1,2,3\n", read.Options{Columns: []string{"z", "x"}}, "z numeric: 3\nx numeric: 1\n"},
		{"a.csv", "x,x,y\n1,2,3\n", read.Options{Columns: []string{"y"}}, "y numeric: 3\n"},
		{"a.csv", "x,y\n1,inf\n2,0x10\n", read.Options{}, "x numeric: 1 2\ny category: \"inf\" \"0x10\"\n"},
		{"a.jsonl", "{\"x\":1}\n\n{\"y\":\"NA\"}\n", read.Options{}, "x numeric: 1 null\ny category: null \"NA\"\n"},
		{"a.jsonl", "{\"x\":1}\n{\"x\":\"1\"}\n", read.Options{}, "x category: \"1\" \"1\"\n"},
		{"a.jsonl", "{\"x\":\"1\"}", read.Options{Schema: map[string]string{"x": "numeric"}}, "x numeric: 1\n"},
		{"a.jsonl", "{\"x\":true,\"y\":{\"z\":[1,\"}\"]}}", read.Options{Columns: []string{"x"}}, "x category: \"true\"\n"},
		{"a.jsonl", "{\"\\u0078\":\"\\n\\\"\"}", read.Options{}, "x category: \"\\n\\\"\"\n"},
		{"a.jsonl", "{\"x\":1e999}\n{\"x\":1}", read.Options{}, "x category: \"1e999\" \"1\"\n"},
		{"a.jsonl", "{\"x\":null}\n{\"x\":1e999}", read.Options{}, "x category: null \"1e999\"\n"},
		{"a.json", "{\"x\":1}{\"x\":2}", read.Options{}, "x numeric: 1 2\n"},
		{"data", "x\ty\n1\t2\n", read.Options{}, "x numeric: 1\ny numeric: 2\n"},
		{"data", "[{\"x\":1}]", read.Options{}, "x numeric: 1\n"},
	} {
		if got := content(table(t, file(t, c.name, c.content), c.options)); got != c.want {
			t.Errorf("%q: %s, want %s", c.content, got, c.want)
		}
	}
}

// What is dropped is said, and what made a column one of categories.
func TestSummary(t *testing.T) {
	var b strings.Builder
	b.WriteString("id,x,none,mixed\n")
	for i := range 30 {
		fmt.Fprintf(&b, "id-%d,%d,,%d\n", i, i%7, i)
	}
	b.WriteString("id-30,NA,,n/a\n")
	path := file(t, "a.csv", b.String())
	f := table(t, path, read.Options{})
	sum := sha256.Sum256([]byte(b.String()))
	if s := f.Summary; s.SHA256 != hex.EncodeToString(sum[:]) || s.Rows != 31 || s.Bytes != int64(b.Len()) || !slices.Equal(s.Files, []string{path}) {
		t.Errorf("%+v", s)
	}
	got := f.Summary.String()
	for _, want := range []string{
		"31 rows of 1 columns", "x: numeric, 1 nulls", "dropped: id: every row has another text", "dropped: none: every row is null", "dropped: mixed: every row",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%s: does not say %q", got, want)
		}
	}
	f = table(t, path, read.Options{Schema: map[string]string{"id": "category", "none": "category"}, Columns: []string{"mixed", "id", "none"}})
	got = f.Summary.String()
	for _, want := range []string{"id: category of 31", "none: category of 1, 31 nulls", `mixed: category of 31 ("n/a" in ` + path + ":32:11 is no finite number)"} {
		if !strings.Contains(got, want) {
			t.Errorf("%s: does not say %q", got, want)
		}
	}
}

// Several files are one table: columns by name, standard input among them, and it is read twice where it must be.
func TestSeveralFiles(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	a, b := file(t, "a.csv", "x,y\n1,2\n"), file(t, "b.jsonl", "{\"y\":4,\"x\":3}\n")
	s := read.Source{Path: read.Paths{a, "-", b}, Stdin: strings.NewReader("y,x\n6,five\n")}
	f, err := read.Table(t.Context(), s, read.Options{})
	if want := "x category: \"1\" \"five\" \"3\"\ny numeric: 2 6 4\n"; err != nil || content(f) != want {
		t.Fatalf("%v: %v", err, f)
	}
	if left, err := os.ReadDir(os.TempDir()); err != nil || len(left) > 0 {
		t.Errorf("temporary files were left: %v, %v", left, err)
	}
	if _, err := read.Table(t.Context(), read.Source{Path: read.Paths{a, file(t, "c.csv", "x,z\n1,2\n")}}, read.Options{}); err == nil || !strings.Contains(err.Error(), `c.csv: column "z" is not one of `+a) {
		t.Error(err)
	}
	if _, err := read.Table(t.Context(), read.Source{Path: read.Paths{a, file(t, "c.csv", "x\n1\n")}}, read.Options{}); err == nil || !strings.Contains(err.Error(), `no column "y", which `+a) {
		t.Error(err)
	}
}
