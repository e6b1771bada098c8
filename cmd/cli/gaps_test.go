package cli

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"modelcollapse/internal/rng"
)

// people are rows of a table; of those that keep refuses there are none.
func people(n int, seed uint64, keep func(city int) bool) string {
	var b strings.Builder
	b.WriteString("city,age\n")
	r := rng.Root(seed).Stream()
	for made := 0; made < n; {
		city := 0
		for u := r.Float64(); city < 9 && u < []float64{.6, .4, .25, .15, .1, .07, .045, .025, .01}[city]; city++ {
		}
		if age := 40 + 12*rng.Normal(r); keep(city) {
			fmt.Fprintf(&b, "city%d,%.0f\n", city, age)
			made++
		}
	}
	return b.String()
}

const filling = `
columns: [city, age]
stages:
  - {kind: quota, path: first/gaps.csv, kinds: [category]}
  - {kind: generate, prompt: "A row whose {{name}} is {{value}}.", into: row, schema: {type: object, properties: {city: {enum: [city7, city8, city9]},
     age: {type: integer, minimum: 10, maximum: 70}}, required: [city, age], additionalProperties: false}, re_asks: 0}
  - {kind: fills}
`

// An audit finds categories that a synthetic table has lost, a pipeline asks for them by the list of gaps, and a second audit of both
// finds nothing lost.
func TestGapsAreClosed(t *testing.T) {
	dir := write(t, map[string]string{"fill.yaml": filling, "real.csv": people(1500, 1, func(int) bool { return true }),
		"made.csv": people(1500, 2, func(city int) bool { return city < 7 })})
	t.Chdir(dir)
	lost := func(set, out string) float64 {
		c := here("audit", set, "--real", "real.csv", "--splits", "99", "--figures", "", "--out", out)
		c.want(t, exitOK)
		text, err := os.ReadFile(filepath.Join(out, "audit.json"))
		must(t, err)
		var report struct {
			Results []struct {
				Name  string
				Found any // a number, or a word for one that JSON has not
			}
		}
		must(t, json.Unmarshal(text, &report))
		for _, s := range report.Results {
			if s.Name == "lost_categories" {
				return s.Found.(float64)
			}
		}
		t.Fatalf("%s has no lost_categories", text)
		return 0
	}
	if got := lost("made.csv", "first"); got != 0.3 {
		t.Errorf("lost categories: %g, and 3 of 10 are", got)
	}
	if c := here("generate", "fill.yaml", "--out", "filled", "--progress", "none"); c.code != exitOK && c.code != exitFailedCells {
		t.Fatal(c)
	}
	rows, err := os.ReadFile("filled/data/train-00000.jsonl")
	must(t, err)
	both, err := os.ReadFile("made.csv")
	must(t, err)
	for line := range strings.Lines(string(rows)) {
		var row struct {
			City string
			Age  int
		}
		must(t, json.Unmarshal([]byte(line), &row))
		both = fmt.Appendf(both, "%s,%d\n", row.City, row.Age)
	}
	must(t, os.WriteFile("both.csv", both, 0o644))
	if got := lost("both.csv", "second"); got != 0 {
		t.Errorf("lost categories once gaps are filled: %g", got)
	}
}
