package figure

import (
	"bytes"
	"strings"
	"testing"
)

// Names stand on the y axis, all of them, however many, in the picture and in its Vega-Lite.
func TestNamesOnAnAxis(t *testing.T) {
	var names []string
	c := Curve{Name: "found"}
	for k := range 24 {
		names = append(names, "statistic."+letter(k))
		c.X, c.Mid = append(c.X, float64(k%5)), append(c.Mid, float64(k+1))
	}
	mark := Curve{Name: "found", Law: "a limit", Theory: true, Mark: true, X: []float64{1, 1}, Mid: []float64{1, 24}}
	f := Figure{Panels: []Panel{{X: Axis{Label: "effect"}, Y: Axis{Names: names}, Curves: []Curve{c, mark}}}, Width: TwoColumns}
	ticks := f.scales()[0].y.ticks(false, maxLabels)
	for k, name := range names {
		if len(ticks) != len(names) || ticks[k] != (tick{float64(k + 1), name}) {
			t.Fatalf("ticks %v", ticks)
		}
	}
	var b bytes.Buffer
	if err := f.WriteVegaLite(&b); err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if !strings.Contains(b.String(), name) {
			t.Errorf("Vega-Lite lacks %s", name)
		}
	}
	if err := f.Render(&b, "svg"); err != nil {
		t.Error(err)
	}
	if mark.law() != "a limit" {
		t.Errorf("the legend calls a mark %q", mark.law())
	}
	f.Panels[0].Y.Log = true
	if err := f.Check(); err == nil {
		t.Error("names on a logarithmic axis")
	}
}
