package read_test

import (
	"encoding/json"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"modelcollapse/generate/read"
)

// records reads all records of one file, as JSON.
func records(t testing.TB, name, content string) ([]string, error) {
	t.Helper()
	var all []string
	_, err := read.Records(t.Context(), read.Source{Path: read.Paths{file(t, name, content)}}, func(f map[string]any, at read.Place) error {
		if at.File != 1 || at.Record != len(all)+1 {
			t.Errorf("record %d stands at %+v", len(all)+1, at)
		}
		b, err := json.Marshal(f)
		all = append(all, string(b))
		return err
	})
	return all, err
}

// Every format gives the same records, numbers as they were written.
func TestRecordsOfFormats(t *testing.T) {
	for name, x := range map[string][2]string{
		"a.jsonl":    {"{\"a\":1.50,\"b\":\"x\"}\n\n{\"a\":2}\n", `{"a":1.50,"b":"x"} {"a":2}`},
		"a.json":     {`[{"a":1.50,"b":"x"},{"a":2}]`, `{"a":1.50,"b":"x"} {"a":2}`},
		"a.csv":      {"a,b\n1.50,\"x,\"\"y\"\n2,\n", `{"a":"1.50","b":"x,\"y"} {"a":"2","b":""}`},
		"a.tsv":      {"a\tb\n1\t2\n", `{"a":"1","b":"2"}`},
		"a.txt":      {"one\n\n  \ntwo", `{"text":"one"} {"text":"two"}`},
		"a.jsonl.gz": {gzipped("\"bare\"\n"), `{"text":"bare"}`},
	} {
		got, err := records(t, name, x[0])
		if err != nil || strings.Join(got, " ") != x[1] {
			t.Errorf("%s: %v %v, want %s", name, got, err, x[1])
		}
	}
}

func TestRecordsAreRefusedWithTheirPlace(t *testing.T) {
	for name, x := range map[string][2]string{
		"a.jsonl": {"{\"a\":1}\n{\"a\":\n", "a.jsonl: line 2: "}, "b.jsonl": {"{\"a\":1} 2\n", "b.jsonl: line 1: more than one"}, "c.jsonl": {"[1]\n", "c.jsonl: line 1: "},
		"a.csv": {"a,a\n1,2\n", `a.csv:1:1: two columns are called "a"`}, "b.csv": {"a,b\n1\n", "b.csv:2"}, "c.csv": {"a\n\"1\n", "not closed"},
		"a.json": {"[{\"a\":1},{]", "a.json: record 2"}, "a.txt": {"x\xff\n", "a.txt: line 1, byte 1"},
	} {
		if _, err := records(t, name, x[0]); err == nil || !strings.Contains(err.Error(), x[1]) {
			t.Errorf("%s: %v, want %s", name, err, x[1])
		}
	}
	stop := errors.New("stop")
	path := file(t, "a.txt", "1\n2\n3\n")
	n := 0
	sum, err := read.Records(t.Context(), read.Source{Path: read.Paths{path}}, func(map[string]any, read.Place) error {
		if n++; n == 2 {
			return read.ErrEnough
		}
		return nil
	})
	if err != nil || sum.Rows != 2 || len(sum.SHA256) != 64 {
		t.Errorf("%+v %v", sum, err)
	}
	if _, err = read.Records(t.Context(), read.Source{Path: read.Paths{path}}, func(map[string]any, read.Place) error { return stop }); !errors.Is(err, stop) {
		t.Error(err)
	}
}

// Any objects, written as lines, come back as they were.
func TestRecordsRoundTrip(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(r *rapid.T) {
		var lines []string
		for range rapid.IntRange(1, 5).Draw(r, "n") {
			text := strings.ReplaceAll(rapid.String().Draw(r, "text"), "\x00", "")
			b, err := json.Marshal(map[string]any{"k": text, "n": rapid.Float64Range(-1e9, 1e9).Draw(r, "x"), "l": []any{nil, true}})
			if err != nil {
				r.Fatal(err)
			}
			lines = append(lines, string(b))
		}
		path := filepath.Join(dir, "r.jsonl")
		write(t, path, strings.Join(lines, "\n"))
		var got []string
		_, err := read.Records(t.Context(), read.Source{Path: read.Paths{path}}, func(f map[string]any, _ read.Place) error {
			b, err := json.Marshal(f)
			got = append(got, string(b))
			return err
		})
		if err != nil || strings.Join(got, "\n") != strings.Join(lines, "\n") {
			r.Fatalf("%v\n%s\nwant\n%s", err, got, lines)
		}
	})
}

func FuzzRecords(f *testing.F) {
	f.Add("a.jsonl", "{\"a\":1}\n")
	f.Add("a.csv", "a,b\n1,2\n")
	f.Fuzz(func(t *testing.T, name, content string) {
		switch filepath.Ext(name) {
		case ".jsonl", ".json", ".csv", ".tsv", ".txt", ".md", ".parquet":
		default:
			return
		}
		records(t, "x"+filepath.Ext(name), content)
	})
}
