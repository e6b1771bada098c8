package read_test

import (
	"os"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"

	"modelcollapse/generate/read"
)

type deep struct {
	X    float64           `parquet:"x"`
	List []int64           `parquet:"list"`
	Map  map[string]string `parquet:"map"`
	In   struct {
		Y float64 `parquet:"y"`
	} `parquet:"in"`
}

func parquetOf[T any](t testing.TB, rows []T) string {
	t.Helper()
	var b strings.Builder
	if err := parquet.Write(&b, rows); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// What is wrong with a file is said with its name, the place, and what to do.
func TestHostileTables(t *testing.T) {
	good := gzipped(strings.Repeat("1,2,3\n", 10_000))
	nested := parquetOf(t, []deep{{X: 1, List: []int64{1, 2}}, {X: 2}})
	wide := parquetOf(t, rowsOf(300))
	none := read.Options{}
	for _, c := range []struct {
		name, content string
		options       read.Options
		want          string
	}{
		{"ragged.csv", "x,y\n1,2\n3\n", none, "ragged.csv:3:1: this line has another number of fields than the first: 1, not 2"},
		{"ragged.csv", "x,y\n\"1\n\n\",2\n3,4,5\n", none, "ragged.csv:5:1: this line has another"},
		{"cut.csv.gz", good[:len(good)/2], none, "cut.csv.gz: gzip: unexpected EOF (is the file cut short?)"},
		{"quote.csv", "x,y\n1,a\"b\n", none, "quote.csv:2:4: a quote inside of a field that is not quoted"},
		{"quote.csv", "x,y\n1,\"a\"b\n", none, "quote.csv:2:6: a quoted field goes on behind its quotes"},
		{"quote.csv", "x,y\n\"\n\n1\",\"a\"b\n", none, "quote.csv:4:7: a quoted field goes on behind its quotes"},
		{"quote.csv", "x,y\n1,\"a\n2,b\n", none, "quote.csv:2:3: the quote that opens here is not closed"},
		{"mixed.csv", "x\n1\nb\n", read.Options{Schema: map[string]string{"x": "numeric"}}, `mixed.csv:3:1: column x: "b" is not a finite number, as the schema has it`},
		{"mixed.csv", "x\n2020-01-01\nb\n", read.Options{Schema: map[string]string{"x": "date"}}, `mixed.csv:3:1: column x: "b" is not a date (2006-01-02`},
		{"latin.csv", "x,y\n1,caf\xe9\n", none, "latin.csv:2:3: column y: byte 0xe9 is not UTF-8"},
		{"latin.csv", "caf\xe9,y\n1,2\n", none, "latin.csv:1:1: byte 0xe9 is not UTF-8"},
		{"latin.csv", "x\n1\n\xff\n", none, "latin.csv:3:1: column x: byte 0xff is not UTF-8"},
		{"nul.csv", "x,y\n1,a\x00b\n", none, "nul.csv:2:3: column y: a NUL byte"},
		{"wide.csv", "\xff\xfex\x00", none, "UTF-16"},
		{"other.csv", "x;y\n1;2\n", none, `other.csv:1:1: one column, called "x;y": fields are separated by commas, or by tabs`},
		{"empty.csv", "", none, "empty.csv: the file is empty"},
		{"empty.csv", "\xef\xbb\xbf\r\n\n", none, "empty.csv: the file is empty"},
		{"header.csv", "x,y\n", none, "header.csv: there are no rows below the header"},
		{"same.csv", "x,x\n1,2\n", none, `same.csv: two columns are called "x": rename one, or choose others`},
		{"other.csv", "x,y\n1,2\n", read.Options{Columns: []string{"z"}}, `other.csv: no column "z": there are x, y`},
		{"other.csv", "x,y\n1,2\n", read.Options{Schema: map[string]string{"z": "drop"}}, `schema: no column "z": there are x, y`},
		{"other.csv", "x,y\n1,2\n", read.Options{Columns: []string{"x", "x"}}, `columns: "x" stands there twice`},
		{"other.csv", "x,y\n1,2\n", read.Options{Schema: map[string]string{"x": "number"}}, `schema: column "x": unknown type "number"`},
		{"other.csv", "x,y\n1,2\n", read.Options{Header: "maybe"}, `header: unknown "maybe"`},
		{"ids.csv", "x\n" + strings.Join(strings.Split("abcdefghijklmnopqrstuvwxyz", ""), "\n"), none, "no column is left of x"},
		{"null.csv", "x\n1\nNA\n", read.Options{Strict: true}, `null.csv:3:1: column x: "NA" is not a finite number`},
		{"prose.txt", "x y", none, "text has no columns"},
		{"list.jsonl", "[1]\n", none, "list.jsonl:1:1: a record must be an object"},
		{"twice.jsonl", "{\"x\":1,\"x\":2}\n", none, `key "x" stands twice`},
		{"nested.jsonl", "{\"x\":1}\n{\"x\":[1]}\n", none, "nested.jsonl:2:6: column x is nested"},
		{"cut.jsonl", "{\"x\":1}\n{\"x\":", none, "cut.jsonl:2:6: not JSON: it ends where a value should be"},
		{"zero.jsonl", "{\"x\":01}", none, "not JSON"},
		{"after.jsonl", "{\"x\":1} 2", none, "not JSON: '2' where the end of the record should be"},
		{"comma.jsonl", "{\"x\":1,}", none, "not JSON"},
		{"nul.jsonl", "{\"x\":\"a\\u0000\"}", none, "a NUL byte"},
		{"nan.jsonl", "{\"x\":NaN}", none, "not JSON: 'N' where a value should be"},
		{"null.jsonl", "{\"x\":1}\n{\"x\":null}", read.Options{Strict: true}, "null.jsonl:2:6: column x: there is no value"},
		{"text.jsonl", "{\"x\":\"a\"}", read.Options{Strict: true}, `text.jsonl:1:6: column x: "a" is not a finite number`},
		{"late.jsonl", "{\"x\":1}\n", read.Options{Columns: []string{"y"}}, `no column "y": there are x`},
		{"empty.jsonl", "\n\n", none, "there are no rows"},
		{"cut.json", "[{\"x\":1},{\"x\"", none, "record 2"},
		{"nested.parquet", nested, none, "nested.parquet: column list is nested (objects or lists): choose other columns"},
		{"nested.parquet", nested, read.Options{Columns: []string{"in"}}, "column in is nested"},
		{"cut.parquet", wide[:len(wide)-9], none, "cut.parquet: parquet: "},
		{"cut.parquet", wide[:len(wide)/2], none, "cut.parquet: parquet: "},
		{"empty.parquet", "", none, "empty.parquet: parquet: "},
		{"no.parquet", "PAR1 and more that is none PAR1", none, "no.parquet: parquet: "},
		{"null.parquet", wide, read.Options{Strict: true, Columns: []string{"x"}}, "column x: there is no value"},
	} {
		_, err := read.Table(t.Context(), read.Source{Path: read.Paths{file(t, c.name, c.content)}}, c.options)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v: does not say %q", c.name, err, c.want)
		}
	}
	f := table(t, file(t, "nested.parquet", nested), read.Options{Columns: []string{"x"}})
	if content(f) != "x numeric: 1 2\n" {
		t.Error(content(f))
	}
}

// A Parquet file with any byte changed is an error or a table, never a panic.
func TestDamagedParquet(t *testing.T) {
	good := parquetOf(t, rowsOf(60))
	path := file(t, "a.parquet", "")
	for i := 0; i < len(good); i += 7 {
		bad := []byte(good)
		bad[i] ^= byte(1 + i%255)
		if err := os.WriteFile(path, bad, 0o600); err != nil {
			t.Fatal(err)
		}
		read.Table(t.Context(), read.Source{Path: read.Paths{path}}, read.Options{})
	}
}
