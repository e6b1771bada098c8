package read_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"modelcollapse/generate/read"
)

type typed struct {
	Long  int64     `parquet:"long"`
	Tiny  int32     `parquet:"tiny"`
	Whole uint32    `parquet:"whole"`
	Big   uint64    `parquet:"big"`
	Day   int32     `parquet:"day,date"`
	At    time.Time `parquet:"at,timestamp(microsecond)"`
	Cents int64     `parquet:"cents,decimal(2:12)"`
	Truth bool      `parquet:"truth"`
	ID    [16]byte  `parquet:"id,uuid"`
	F     float32   `parquet:"f"`
}

// Stored numbers are what their logical types say; as categories, integers keep every digit and dates are written out.
func TestParquetTypes(t *testing.T) {
	at := time.Date(1969, 12, 31, 23, 59, 58, 500_000_000, time.UTC)
	rows := []typed{
		{math.MaxInt64, -5, math.MaxUint32, math.MaxUint64, -1, at, -123, true, [16]byte{1, 15: 255}, 0.1},
		{math.MaxInt64 - 1, 5, 0, 1, 366, at.Add(1500 * time.Millisecond), 7, false, [16]byte{}, 1},
	}
	path := file(t, "a.parquet", parquetOf(t, rows))
	want := strings.TrimPrefix(`
long numeric: 9.223372036854776e+18 9.223372036854776e+18
tiny numeric: -5 5
whole numeric: 4.294967295e+09 0
big numeric: 1.8446744073709552e+19 1
day date: -86400 3.16224e+07
at date: -1.5 0
cents numeric: -1.23 0.07
truth category: "true" "false"
id category: "01000000-0000-0000-0000-0000000000ff" "00000000-0000-0000-0000-000000000000"
f numeric: 0.10000000149011612 1
`, "\n")
	if got := content(table(t, path, read.Options{})); got != want {
		t.Errorf("%s, want %s", got, want)
	}
	schema := map[string]string{}
	for _, name := range []string{"long", "tiny", "whole", "big", "day", "at", "cents"} {
		schema[name] = "category"
	}
	want = strings.TrimPrefix(`
long category: "9223372036854775807" "9223372036854775806"
tiny category: "-5" "5"
whole category: "4294967295" "0"
big category: "18446744073709551615" "1"
day category: "1969-12-31" "1971-01-02"
at category: "1969-12-31T23:59:58.5Z" "1970-01-01"
cents category: "-1.23" "0.07"
`, "\n")
	if got := content(table(t, path, read.Options{Schema: schema})); !strings.HasPrefix(got, want) {
		t.Errorf("%s, want %s", got, want)
	}
	inf := parquetOf(t, []typed{{F: 1}, {F: float32(math.Inf(1))}, {F: float32(math.NaN())}})
	if _, err := read.Table(t.Context(), read.Source{Path: read.Paths{file(t, "b.parquet", inf)}}, read.Options{}); err == nil || !strings.Contains(err.Error(), "b.parquet, row 2, column f is not finite") {
		t.Error(err)
	}
}

// A file that needs more texts than a column may have drops that column aloud, unless the schema keeps it.
func TestManyTexts(t *testing.T) {
	var b strings.Builder
	b.WriteString("x,name\n")
	for i := range 1<<20 + 10 {
		b.WriteString("1,a")
		for j := i; j > 0; j /= 26 {
			b.WriteByte('a' + byte(j%26))
		}
		b.WriteString("\n")
	}
	path := file(t, "a.csv", b.String())
	f := table(t, path, read.Options{})
	if len(f.Columns) != 1 || len(f.Summary.Dropped) != 1 || !strings.Contains(f.Summary.Dropped[0], "name: more than 1048576 texts") {
		t.Error(f.Summary)
	}
	if f = table(t, path, read.Options{Schema: map[string]string{"name": "category"}}); len(f.Columns) != 2 {
		t.Error(f.Summary)
	}
}
