package figure

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func TestErrors(t *testing.T) {
	one := func(change func(f *Figure, c *Curve)) *Figure {
		f := &Figure{Panels: []Panel{{Functional: "exp E ln", Curves: []Curve{{Name: "a", X: []float64{0, 1}, Mid: []float64{1, 2}}}}}}
		change(f, &f.Panels[0].Curves[0])
		return f
	}
	neg, big := -1.0, 5.0
	for want, f := range map[string]*Figure{
		"no panels":         {},
		"no data":           {Panels: []Panel{{}}},
		"every curve is":    one(func(_ *Figure, c *Curve) { c.Mid = []float64{math.NaN(), math.NaN()} }),
		"2 x and 1 mid":     one(func(_ *Figure, c *Curve) { c.Mid = c.Mid[:1] }),
		"0 lo and 2 hi":     one(func(_ *Figure, c *Curve) { c.Hi = c.Mid }),
		"of replicate 0":    one(func(_ *Figure, c *Curve) { c.Thin = [][]float64{{1}} }),
		"x[0] = 0":          one(func(f *Figure, _ *Curve) { f.Panels[0].X.Log = true }),
		"x[1] = NaN":        one(func(_ *Figure, c *Curve) { c.X[1] = math.NaN() }),
		"limit -1":          one(func(f *Figure, _ *Curve) { f.Panels[0].Y = Axis{Log: true, Min: &neg} }),
		"not below maximum": one(func(f *Figure, _ *Curve) { f.Panels[0].Y = Axis{Min: &big, Max: &neg} }),
		"reference line":    one(func(f *Figure, _ *Curve) { f.Panels[0].Y.Log, f.Panels[0].Reference = true, &neg }),
		"width":             one(func(f *Figure, _ *Curve) { f.Width = 0.1 }),
		"the theory line":   one(func(_ *Figure, c *Curve) { c.Theory, c.Functional = true, "E" }),
	} {
		var b bytes.Buffer
		err := f.Render(&b, "svg")
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one that says %q", err, want)
		}
		if b.Len() > 0 {
			t.Errorf("%q: %d bytes were written", want, b.Len())
		}
	}
	if err := (&Figure{Panels: []Panel{{}}}).Check(); !errors.Is(err, ErrNoData) {
		t.Errorf("%v is not ErrNoData", err)
	}
	if err := paired().Render(io.Discard, "gif"); err == nil {
		t.Error("a gif was written")
	}
	many := sixPanels()
	many.Columns, many.Width = 6, OneColumn
	if err := many.Check(); err != nil {
		t.Error(err)
	}
	if err := many.Render(io.Discard, "svg"); err == nil || !strings.Contains(err.Error(), "fewer columns") {
		t.Errorf("six columns in 3.4 in: %v", err)
	}
}

// memory is a Put that keeps files.
func memory(files map[string][]byte) Put {
	return func(name string, write func(io.Writer) error) error {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			return err
		}
		files[name] = b.Bytes()
		return nil
	}
}

func TestSave(t *testing.T) {
	files := map[string][]byte{}
	if err := collapsing().Save(memory(files), "variance", Options{}); err != nil {
		t.Fatal(err)
	}
	for _, ext := range []string{".svg", ".png", ".pdf", ".csv", ".vl.json"} {
		if len(files["variance"+ext]) == 0 {
			t.Errorf("no %s", ext)
		}
	}
	full := errors.New("disk full")
	err := collapsing().Save(func(string, func(io.Writer) error) error { return full }, "x", Options{})
	if !errors.Is(err, full) || !strings.Contains(err.Error(), "x.svg") {
		t.Errorf("error %v", err)
	}
	if err := (&Figure{}).Save(func(string, func(io.Writer) error) error { t.Error("put was called"); return nil }, "x", Options{}); err == nil {
		t.Error("no error")
	}
}

func TestCSVHoldsEveryNumber(t *testing.T) {
	f := collapsing()
	f.Panels[0].Curves[0].Thin = [][]float64{f.Panels[0].Curves[0].Mid}
	var b bytes.Buffer
	if err := f.WriteCSV(&b); err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(&b).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(lines) != 1+5*41 {
		t.Errorf("%d lines", len(lines))
	}
	i := 0
	for _, l := range lines[1:] {
		if l[1] != "unsmoothed" {
			continue
		}
		c := f.Panels[1].Curves[0]
		for col, want := range map[int]float64{2: c.X[i], 3: c.Mid[i], 4: c.Lo[i], 5: c.Hi[i]} {
			if got, err := strconv.ParseFloat(l[col], 64); err != nil || got != want {
				t.Errorf("line %v: column %d is %v, want %v (%v)", l, col, got, want, err)
			}
		}
		i++
	}
	kinds := map[string]int{}
	for _, l := range lines[1:] {
		kinds[l[6]]++
	}
	if kinds["replicate 0"] != 41 || kinds["arm"] != 4*41 {
		t.Errorf("kinds %v", kinds)
	}
}

func TestVegaLite(t *testing.T) {
	var b bytes.Buffer
	if err := collapsing().WriteVegaLite(&b); err != nil {
		t.Fatal(err)
	}
	var spec struct {
		Schema string `json:"$schema"`
		Concat []struct {
			Data  struct{ Values []struct{ X, Mid *float64 } }
			Layer []struct {
				Encoding struct {
					Y struct{ Scale struct{ Type string } }
				}
			}
		}
	}
	if err := json.Unmarshal(b.Bytes(), &spec); err != nil {
		t.Fatal(err)
	}
	if !strings.HasSuffix(spec.Schema, "/v5.json") || len(spec.Concat) != 2 || len(spec.Concat[0].Data.Values) != 82 {
		t.Errorf("%v, %d panels", spec.Schema, len(spec.Concat))
	}
	if spec.Concat[0].Layer[2].Encoding.Y.Scale.Type != "log" || spec.Concat[1].Layer[2].Encoding.Y.Scale.Type == "log" {
		t.Error("scales")
	}
	for _, v := range spec.Concat[0].Data.Values {
		if v.Mid != nil && *v.Mid <= 0 {
			t.Error("a value that a log axis cannot hold")
		}
	}
}

// An arm keeps its look when other arms leave the figure, given the run's arms.
func TestLooksAreStable(t *testing.T) {
	all, some := sixPanels(), sixPanels()
	for i := range some.Panels {
		some.Panels[i].Curves = some.Panels[i].Curves[2:]
	}
	a, b := all.looks(), some.looks()
	for name, l := range b {
		if fmt.Sprint(a[name]) != fmt.Sprint(l) {
			t.Errorf("%s: %v and %v", name, a[name], l)
		}
	}
	seen := map[string]bool{}
	for i := range 24 {
		l := lookOf(i)
		l.rank = 0
		if k := fmt.Sprint(l); seen[k] {
			t.Errorf("arm %d looks like an earlier one", i)
		} else {
			seen[k] = true
		}
	}
}

func TestLegendNamesLawAndFunctional(t *testing.T) {
	p, err := compose(ninePanels())
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range p.legend.entries {
		names = append(names, e.name)
	}
	if want := []string{"accumulate", "replace", "theory: digamma chain, exp E ln"}; !slices.Equal(names, want) {
		t.Errorf("legend %q", names)
	}
}

func ExampleFigure_Save() {
	f := &Figure{
		Caption: "n = 5 replicates; band: 95 % t-interval.",
		Panels: []Panel{{
			X: Axis{Label: "generation"}, Y: Axis{Label: "perplexity drift", Unit: "nats/token"},
			Curves: []Curve{{Name: "replace", X: []float64{0, 1, 2}, Mid: []float64{0, .3, .5}, Lo: []float64{0, .2, .4}, Hi: []float64{0, .4, .6}}},
		}},
	}
	err := f.Save(func(name string, write func(io.Writer) error) error {
		fmt.Println(name)
		return write(io.Discard)
	}, "drift", Options{})
	fmt.Println(err)
	// Output:
	// drift.svg
	// drift.png
	// drift.pdf
	// drift.csv
	// drift.vl.json
	// <nil>
}
