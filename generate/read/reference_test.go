package read_test

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"

	"modelcollapse/generate/read"
)

// What DuckDB wrote (testdata/reference.mjs) is what DuckDB says it is, in each format.
func TestReference(t *testing.T) {
	reads(t, "reference.json", "reference.parquet", "reference.csv", "reference.jsonl")
}

// What pandas wrote (testdata/reference_pandas.py) is what pandas reads back: quotes, line ends within fields and missing cells too.
func TestPandas(t *testing.T) {
	reads(t, "pandas.json", "pandas.csv", "pandas.csv.gz")
}

// reads compares files with the values that a reference has for each column.
func reads(t *testing.T, reference string, files ...string) {
	content, err := os.ReadFile(filepath.Join("testdata", reference))
	if err != nil {
		t.Fatal(err)
	}
	var want map[string]struct {
		Type   string
		Values []any
	}
	if err := json.Unmarshal(content, &want); err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		f := table(t, filepath.Join("testdata", name), read.Options{})
		if len(f.Columns) != len(want) {
			t.Errorf("%s: %d columns, want %d: %s", name, len(f.Columns), len(want), f.Summary)
		}
		for _, c := range f.Columns {
			w := want[c.Name]
			if c.Type.String() != w.Type || f.Rows != len(w.Values) {
				t.Errorf("%s: column %s: %s of %d rows, want %s of %d", name, c.Name, c.Type, f.Rows, w.Type, len(w.Values))
				continue
			}
			for i, v := range w.Values {
				if !agrees(&c, i, v) {
					t.Errorf("%s: column %s, row %d: %s, want %v", name, c.Name, i, shown(&c, i), v)
					break
				}
			}
		}
	}
}

// agrees says whether a value is that of a JSON reference.
func agrees(c *read.Column, i int, want any) bool {
	switch v := want.(type) {
	case nil:
		return shown(c, i) == "null"
	case float64:
		return c.Type != read.Category && math.Float64bits(c.Numbers[i]) == math.Float64bits(v)
	}
	return c.Type == read.Category && c.Categories[c.Codes[i]] == want
}

func TestReferenceChat(t *testing.T) {
	s := read.Source{Path: read.Paths{"testdata/chat.parquet"}}
	got, _ := texts(t, s, "")
	for i, text := range got {
		if want := fmt.Sprintf("answer %d", i+1); text != want {
			t.Errorf("%q, want %q", text, want)
		}
	}
	if len(got) != 30 {
		t.Errorf("%d texts", len(got))
	}
}
