package audit

import (
	"fmt"
	"math"
	"strings"

	"modelcollapse/results/figure"
)

// A Drawn is a figure with the name of its files.
type Drawn struct {
	Name   string
	Figure *figure.Figure
}

// Figures are one a part, found beside the null's interval, and the curves by rarity.
func (r *Report) Figures() (all []Drawn) {
	for _, part := range Parts() {
		if f := r.intervals(part); f != nil {
			all = append(all, Drawn{fileOf(part), f})
		}
	}
	for _, c := range r.Curves {
		if f := r.curve(c); f != nil {
			all = append(all, Drawn{c.Name, f})
		}
	}
	return all
}

func fileOf(part string) string { return strings.ReplaceAll(part, " ", "-") }

// mostDrawn is how many statistics a figure shows.
const mostDrawn = 24

// intervals draws the statistics of a part, each less the null's mean in units of what matters; nil without one.
func (r *Report) intervals(part string) *figure.Figure {
	p := figure.Panel{X: figure.Axis{Label: "statistic, as numbered below"}, Y: figure.Axis{Label: "distance from the null's mean", Unit: "1: matters"}}
	dots := figure.Points{Name: "found", Key: "found"}
	var null, found figure.Curve
	var names []string
	for _, x := range r.Results {
		if x.Part != part || x.Answer == Unmeasured || len(names) == mostDrawn {
			continue
		}
		names = append(names, fmt.Sprintf("%d %s", len(names)+1, short(clean(x.Name))))
		at, scale := float64(len(names)), func(v float64) float64 { return (v - float64(x.Null.Mean)) / x.Threshold }
		null.X, null.Mid = append(null.X, at, at, at), append(null.Mid, scale(float64(x.Null.Low)), scale(float64(x.Null.High)), math.NaN())
		found.X, found.Mid = append(found.X, at, at+1e-3), append(found.Mid, scale(float64(x.Found)), math.NaN())
		dots.X, dots.Y = append(dots.X, at), append(dots.Y, scale(float64(x.Found)))
	}
	if len(names) == 0 {
		return nil
	}
	null.Name, found.Name = "null, 95 %", "found"
	one := 1.0
	p.Reference, p.Curves = &one, []figure.Curve{null, found}
	return &figure.Figure{Title: strings.ToUpper(part[:1]) + part[1:] + ", " + short(clean(r.Name)), Panels: []figure.Panel{p}, Width: figure.TwoColumns, Arms: []string{"null, 95 %", "found"},
		Caption: fmt.Sprintf("Found beside the null: the middle 95 %% of %d splits of the real set into halves of %s %s. %s.", r.Splits, grouped(r.Rows), r.Unit, strings.Join(names, ", "))}
}

// curve draws statistics that belong together over their order.
func (r *Report) curve(c Curve) *figure.Figure {
	null, found := figure.Curve{Name: "null, 95 %"}, figure.Curve{Name: "found"}
	for i, name := range c.Statistics {
		x, ok := r.Result(name)
		if !ok {
			continue
		}
		at := float64(i + 1)
		null.X, found.X = append(null.X, at), append(found.X, at)
		null.Mid, null.Lo, null.Hi = append(null.Mid, float64(x.Null.Mean)), append(null.Lo, float64(x.Null.Low)), append(null.Hi, float64(x.Null.High))
		found.Mid = append(found.Mid, float64(x.Found))
	}
	if len(null.X) == 0 {
		return nil
	}
	p := figure.Panel{X: figure.Axis{Label: c.X}, Y: figure.Axis{Label: c.Y}, Curves: []figure.Curve{null, found}}
	return &figure.Figure{Title: c.Title + ", " + short(clean(r.Name)), Panels: []figure.Panel{p}, Arms: []string{null.Name, found.Name},
		Caption: fmt.Sprintf("Found beside the null: mean and middle 95 %% of %d splits of the real set into halves of %s %s.", r.Splits, grouped(r.Rows), r.Unit)}
}
