package audit

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"modelcollapse/generate/read"
)

// One date that is none is one cell of a wrong type: the others are dates still.
func TestOneWrongDate(t *testing.T) {
	days := func(bad int) *read.Frame {
		var b strings.Builder
		b.WriteString("d,x\n")
		for i := range 100 {
			d := time.Date(2024, 1, 1+i*i%300, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
			if i == bad {
				d = "not a date"
			}
			fmt.Fprintf(&b, "%s,%d\n", d, i*i%97)
		}
		return frame(t, b.String())
	}
	d, err := tableOf(Tables{Real: days(-1), Synthetic: days(7)})
	if err != nil {
		t.Fatal(err)
	}
	wrong := 0
	for i := range d.synth {
		if d.columns[0].wrong[d.real+i] {
			wrong++
		} else if d.columns[0].x[i] != d.columns[0].x[d.real+i] {
			t.Fatalf("row %d: day %g is read as %g", i, d.columns[0].x[i], d.columns[0].x[d.real+i])
		}
	}
	if wrong != 1 {
		t.Errorf("%d cells are wrong, want 1", wrong)
	}
}

// Categories get codes in as many steps as there are, not in the square of them.
func TestManyCategories(t *testing.T) {
	many := func(from int) *read.Frame {
		var b strings.Builder
		b.WriteString("name,x\n")
		for i := range 60_000 {
			fmt.Fprintf(&b, "person %d,%d\n", from+i, i%7)
		}
		f, err := read.Table(t.Context(), read.Source{Path: read.Paths{"-"}, Stdin: strings.NewReader(b.String())}, read.Options{Schema: map[string]string{"name": "category"}})
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	sets := Tables{Real: many(0), Synthetic: many(30_000), Types: map[string]string{"name": "category"}}
	begin := time.Now()
	d, err := tableOf(sets)
	if err != nil {
		t.Fatal(err)
	}
	if took := time.Since(begin); took > 2*time.Second {
		t.Errorf("%s for 120,000 rows", took)
	}
	if n := len(d.schema[0].Categories); n != 90_000 {
		t.Errorf("%d categories, want 90000", n)
	}
}
