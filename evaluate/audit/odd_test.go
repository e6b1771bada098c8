package audit

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"modelcollapse/generate/read"
)

// Tables as nobody wants them are audited all the same, or say why not; nothing panics and every report can be written.
func TestOddSets(t *testing.T) {
	rows := func(n int, header string, row func(i int) string) *read.Frame {
		var b strings.Builder
		b.WriteString(header + "\n")
		for i := range n {
			b.WriteString(row(i) + "\n")
		}
		f, err := read.Table(t.Context(), read.Source{Path: read.Paths{"-"}, Stdin: strings.NewReader(b.String())}, read.Options{Header: "yes"})
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	number := func(i int) string { return fmt.Sprint(i * i % 97) }
	two := func(i int) string { return fmt.Sprintf("%d,c%d", i*i%97, i%5) }
	day := func(i int) string { return fmt.Sprintf("2024-01-%02d,%d", 1+i%28, i%7) }
	empty := func(i int) string {
		if i%3 == 0 {
			return ","
		}
		return fmt.Sprintf("%d,", i%11)
	}
	for name, s := range map[string]Tables{
		"one column of numbers": {Real: rows(60, "x", number), Synthetic: rows(60, "x", number)},
		"one of categories":     {Real: rows(60, "c", func(i int) string { return "k" + number(i) }), Synthetic: rows(60, "c", func(i int) string { return "k" + number(i) })},
		"constants":             {Real: rows(60, "x,c", func(int) string { return "1,a" }), Synthetic: rows(60, "x,c", func(int) string { return "1,a" }), Target: "x", HoldOut: rows(12, "x,c", func(int) string { return "1,a" })},
		"a constant category":   {Real: rows(60, "x,c", func(i int) string { return number(i) + ",a" }), Synthetic: rows(60, "x,c", func(int) string { return ",b" }), Target: "c"},
		"few synthetic":         {Real: rows(3000, "x,c", two), Synthetic: rows(10, "x,c", two), Target: "c", HoldOut: rows(12, "x,c", two), Canaries: rows(1, "x,c", two)},
		"few real":              {Real: rows(20, "x,c", two), Synthetic: rows(3000, "x,c", two), Target: "x", HoldOut: rows(500, "x,c", two)},
		"dates":                 {Real: rows(80, "d,x", day), Synthetic: rows(80, "d,x", day), Target: "d"},
		"a number for a date":   {Real: rows(80, "d,x", day), Synthetic: rows(80, "d,x", func(i int) string { return fmt.Sprintf("%d,%d", i, i%7) })},
		"missing":               {Real: rows(80, "x,y", func(i int) string { return empty(i) + "z" }), Synthetic: rows(80, "x,y", func(i int) string { return empty(i) + "z" })},
		"another table":         {Real: rows(80, "x,c", two), Synthetic: rows(80, "y,z", two)},
		"codes for categories":  {Real: rows(80, "x,c", two), Synthetic: rows(80, "x,c", func(i int) string { return fmt.Sprintf("%d,%d", i, i%5) })},
		"groups":                {Real: rows(80, "x,c,g", func(i int) string { return two(i) + fmt.Sprint(",g", i%12) }), Synthetic: rows(80, "x,c,g", func(i int) string { return two(i) + ",one" }), Group: "g"},
	} {
		r, err := Table(t.Context(), s, Options{Name: name, Splits: 20, Exchanges: 200})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var b bytes.Buffer
		for _, write := range []func() error{func() error { return r.WriteText(&b) }, func() error { return r.WriteMarkdown(&b, nil) }, func() error { return r.WriteGaps(&b) }, func() error { return r.WriteSummary(&b) }} {
			if err := write(); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		r.Figures()
		if strings.Contains(b.String(), "NaN") {
			t.Errorf("%s: a report says NaN:\n%s", name, b.String())
		}
		t.Logf("%s: %s: %.150s", name, r.Outcome, r.Why)
	}
}
