package generate

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"modelcollapse/generate/read"
	"modelcollapse/internal/num"
	"modelcollapse/internal/rng"
)

// Rows come back as they were stored, missing cells too; a torn block is an error.
func TestTableRowsComeBack(t *testing.T) {
	rows := []Record{{1, math.NaN(), 3}, {-0.5, 2, 0}}
	var b bytes.Buffer
	if err := TableRows.Encode(&b, rows); err != nil {
		t.Fatal(err)
	}
	text := b.Bytes()
	got, err := TableRows.Decode(bytes.NewReader(text))
	if err != nil || !slices.EqualFunc(got, rows, func(a, b Record) bool { return slices.EqualFunc(a, b, sameBits) }) {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := TableRows.Decode(bytes.NewReader(text[:len(text)-1])); err == nil {
		t.Error("a torn block was read")
	}
	if err := TableRows.Encode(&b, []Record{{1}, {1, 2}}); err == nil {
		t.Error("rows of different lengths were stored")
	}
}

// writeTable is a file with a text.
func writeTable(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

// openTable reads a file without held-out rows.
func openTable(t *testing.T, file *TableFile) *TableParts {
	t.Helper()
	src, err := file.Open(t.Context(), rng.Root(1).Stream())
	if err != nil {
		t.Fatal(err)
	}
	return src.(*TableParts)
}

const people = `name,born,age, height ,city,city_code
ann,2000-02-29,23,1.75,Rome,1
bob,NA,NaN,,,2
cid,1969-12-31,-4,1e2,"Rome",1
dan,1970-01-01,null,None,Athens,3
`

// Types are inferred, a schema overrules them, missing cells are NaN or a category of their own, and cells are what they say.
func TestTableTypes(t *testing.T) {
	path := writeTable(t, "people.csv", people)
	src := openTable(t, &TableFile{Path: read.Paths{path}, Schema: map[string]string{"city_code": Category, "name": "drop"}})
	want := "born date, age numeric, height numeric, city category of 3, city_code category of 3"
	if got := src.Schema().String(); got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	if s := src.Schema(); !s[1].Whole || s[2].Whole {
		t.Error("age is whole and height is not")
	}
	_, what := src.Digest()
	if !strings.HasSuffix(what, "4 rows of "+want) {
		t.Error(what)
	}
	var lines []string
	for _, row := range src.Rows() {
		var cells []string
		for j, x := range row {
			cells = append(cells, src.Schema()[j].Text(x))
		}
		lines = append(lines, strings.Join(cells, ","))
	}
	slices.Sort(lines)
	if got := strings.Join(lines, "\n"); got != ",,,,2\n1969-12-31,-4,100,Rome,1\n1970-01-01,,,Athens,3\n2000-02-29,23,1.75,Rome,1" {
		t.Error(got)
	}
}

// A row within what was seen is right, one beyond is not.
func TestTableJudges(t *testing.T) {
	src := openTable(t, &TableFile{Path: read.Paths{writeTable(t, "people.tsv", strings.ReplaceAll(people, ",", "\t"))}, Schema: map[string]string{"name": "drop"}})
	for _, c := range []struct {
		row  Record
		want bool
	}{
		{Record{0, 23, 1.75, 1, 2}, true}, {Record{math.NaN(), math.NaN(), math.NaN(), 0, math.NaN()}, true},
		{Record{0, 24, 1.75, 1, 2}, false}, {Record{0, 23, 1.75, 3, 2}, false}, {Record{0, 23, 1.75, .5, 2}, false}, {Record{0, 23}, false},
	} {
		if got := src.True(c.row); got != c.want {
			t.Errorf("%v: %v", c.row, got)
		}
	}
}

// Columns that name rows are dropped aloud, unless they are asked for.
func TestTableDropsNames(t *testing.T) {
	var b strings.Builder
	b.WriteString("id,key,x,number\n")
	for i := range 30 {
		b.WriteString(strings.Repeat("a", i+1) + "," + string(rune('A'+i)) + ",1," + strconv.Itoa(101+i*7%30) + "\n")
	}
	path := writeTable(t, "named.csv", b.String())
	src := openTable(t, &TableFile{Path: read.Paths{path}, Schema: map[string]string{"key": Category}})
	if got := src.Schema().String(); got != "key category of 30, x numeric" {
		t.Error(got)
	}
	if _, what := src.Digest(); !strings.Contains(what, "; dropped id: every row has another text: an id; a schema that says category keeps it; dropped number: every row another, in whole numbers without a gap") {
		t.Error(what)
	}
}

// What cannot be read says where, and what to do.
func TestTableRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		text   string
		schema map[string]string
		want   string
	}{
		"empty":        {"", nil, "the file is empty"},
		"header alone": {"a,b\n", nil, "no rows below"},
		"ragged":       {"a,b\n1\n", nil, "t.csv:2:1: this line has another number"},
		"same names":   {"a,a\n1,2\n", nil, `two columns are called "a"`},
		"no column":    {"a\n1\n", map[string]string{"b": Numeric}, `no column "b": there are a`},
		"no number":    {"a\nx\n", map[string]string{"a": Numeric}, `t.csv:2:1: column a: "x" is not a finite number, as the schema has it`},
		"no date":      {"a\n2023-02-29\n", map[string]string{"a": Date}, "is not a date"},
		"nothing left": {"a\n1\n", map[string]string{"a": "drop"}, "no column is left"},
		"no type":      {"a\n1\n", map[string]string{"a": "number"}, "want numeric, category, date or drop"},
	} {
		_, err := (&TableFile{Path: read.Paths{writeTable(t, "t.csv", c.text)}, Schema: c.schema}).Open(t.Context(), rng.Root(1).Stream())
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The truth draws by the laws that it states (DKW), whatever joins the columns.
func TestMixedTableIsWhatItSays(t *testing.T) {
	src, err := MixedTable{Categories: 20, Exponent: 1, Correlation: .7, Owners: .2}.Open(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	truth, n := src.(MixedTruth), 40_000
	rows, bound := rowsOf(t, src, n, rng.Root(3)), num.DKW(n, 1e-5)
	for _, p := range []float64{.001, .1, .5, .9, .999} {
		for _, j := range []int{ageColumn, incomeColumn} {
			if got := share(rows, j, truth.Quantile(j, p)); math.Abs(got-p) > bound {
				t.Errorf("column %d: %g of the rows below the quantile of %g", j, got, p)
			}
		}
	}
	for _, j := range []int{cityColumn, ownerColumn} {
		sum := 0.0
		for k, p := range truth.Probabilities(j) {
			if sum += p; math.Abs(share(rows, j, float64(k))-sum) > bound {
				t.Errorf("column %d: %g of the rows up to category %d, want %g", j, share(rows, j, float64(k)), k, sum)
			}
		}
	}
	for _, row := range rows {
		if !truth.True(row) {
			t.Fatalf("%v is wrong", row)
		}
	}
	if truth.True(Record{40, -1, 0, 0}) || truth.True(Record{40, 1, 20, 0}) {
		t.Error("what cannot be drawn is right")
	}
}

// The density is one: without correlation it is the product of the columns', and the mean of another density over it is 1 on
// rows of the truth.
func TestMixedTableScores(t *testing.T) {
	open := func(correlation float64) MixedTruth {
		src, err := MixedTable{Categories: 5, Exponent: 1, Correlation: correlation, Owners: .3}.Open(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		return src.(MixedTruth)
	}
	score := func(f MixedTruth, rows []Record) []float64 {
		nats := make([]float64, len(rows))
		if err := f.Score(t.Context(), rows, nats); err != nil {
			t.Fatal(err)
		}
		return nats
	}
	apart, near := open(0), open(.4)
	rows := rowsOf[Record](t, near, 20_000, rng.Root(9))
	own, other := score(near, rows), score(apart, rows)
	for i, row := range rows[:100] {
		x, y := (row[0]-meanAge)/sdAge, (math.Log(row[1])-meanLogIncome)/sdLogIncome
		want := -(x*x+y*y)/2 - math.Log(2*math.Pi*sdAge*sdLogIncome*row[1]) + math.Log(apart.cities[int(row[2])]*apart.owners[int(row[3])])
		if math.Abs(other[i]-want) > 1e-11 {
			t.Fatalf("%v: %g, want %g", row, other[i], want)
		}
	}
	ratio := make([]float64, len(rows))
	for i := range rows {
		ratio[i] = math.Exp(other[i] - own[i])
	}
	mean, variance := num.Variance(ratio)
	if z := (mean - 1) / math.Sqrt(variance/float64(len(rows))); math.Abs(z) > 4 {
		t.Errorf("the mean ratio of densities is %g, z = %.1f", mean, z)
	}
	if s := score(near, []Record{{40, -1, 0, 0}})[0]; !math.IsInf(s, -1) {
		t.Errorf("a row that cannot be drawn scores %g", s)
	}
	if open(1).Score(t.Context(), rows[:1], make([]float64, 1)) == nil {
		t.Error("rows on a curve have a density")
	}
}

// A value that spoils a column of numbers, or of dates, is named; a column of both is categories, and a schema decides.
func TestSpoiltColumns(t *testing.T) {
	numbers, codes := "a\n", "a\n"
	for i := range 40 {
		numbers += strconv.Itoa(i*i) + "\n"
		codes += []string{"A", "B"}[i%2] + strconv.Itoa(i%5) + "\n" + strconv.Itoa(i%5) + "\n"
	}
	spoilt := writeTable(t, "spoilt.csv", numbers+"oops\n")
	_, err := (&TableFile{Path: read.Paths{spoilt}}).Open(t.Context(), rng.Root(1).Stream())
	if err == nil || !strings.Contains(err.Error(), `column a: "oops" in `) || !strings.Contains(err.Error(), "as 40 of 41 values are") || !strings.Contains(err.Error(), "spoilt.csv:42") {
		t.Error(err)
	}
	if got := openTable(t, &TableFile{Path: read.Paths{spoilt}, Schema: map[string]string{"a": Category}}).Schema().String(); got != "a category of 41" {
		t.Error(got)
	}
	if got := openTable(t, &TableFile{Path: read.Paths{writeTable(t, "codes.csv", codes)}}).Schema().String(); got != "a category of 15" {
		t.Error(got)
	}
	_, err = (&TableFile{Path: read.Paths{writeTable(t, "bare.csv", "1.5,x\n2,y\n")}}).Open(t.Context(), rng.Root(1).Stream())
	if err == nil || !strings.Contains(err.Error(), "write header: no") {
		t.Error(err)
	}
}

// In JSON an empty text and null are two ways to say that a category is missing.
func TestEmptyTextsAreMissing(t *testing.T) {
	src := openTable(t, &TableFile{Path: read.Paths{writeTable(t, "t.jsonl", `{"a":"x"}
{"a":""}
{"a":null}
{"a":"x"}
`)}})
	if got := src.Schema().String(); got != "a category of 2" {
		t.Error(got)
	}
	missing := 0
	for _, row := range src.Rows() {
		if src.Schema()[0].Text(row[0]) == "" {
			missing++
		}
	}
	if missing != 2 {
		t.Errorf("%d missing", missing)
	}
}
