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

// Figures are one a part of two statistics or more, found beside the null's interval, and the curves by rarity.
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

// intervalDots make the line of an interval.
const intervalDots = 240

// intervals draws the statistics of a part, one below the other, each less the null's mean in units of what matters, right being worse; nil of fewer than two,
// which a table shows as well.
func (r *Report) intervals(part string) *figure.Figure {
	var all []Result
	for _, x := range r.Results {
		if x.Part == part && x.Answer != Unmeasured && len(all) < mostDrawn {
			all = append(all, x)
		}
	}
	if len(all) < 2 {
		return nil
	}
	null, found := figure.Points{Name: "null", Key: "null, 95 %", Ground: true}, figure.Curve{Name: "found"}
	names := make([]string, len(all))
	for i, x := range all {
		row := len(all) - i // the first at the top
		names[row-1] = short(clean(x.Name))
		at, scale := float64(row), func(v Number) float64 { return x.Worse.up(float64(v-x.Null.Mean)) / x.Threshold }
		low, high := scale(x.Null.Low), scale(x.Null.High)
		for k := range intervalDots + 1 {
			null.X, null.Y = append(null.X, low+(high-low)*float64(k)/intervalDots), append(null.Y, at)
		}
		found.X, found.Mid = append(found.X, scale(x.Found), scale(x.Found)), append(found.Mid, at, math.NaN())
	}
	least, most := 0.5, float64(len(all))+0.5
	matters := figure.Curve{Name: "found", Law: "what matters", Theory: true, Mark: true, X: []float64{1, 1}, Mid: []float64{least, most}}
	p := figure.Panel{X: figure.Axis{Label: "effect over what matters", Unit: "right is worse"}, Y: figure.Axis{Names: names, Min: &least, Max: &most},
		Points: []figure.Points{null}, Curves: []figure.Curve{found, matters}}
	return &figure.Figure{Title: short(clean(r.Name)) + ": " + part, Panels: []figure.Panel{p}, Width: figure.TwoColumns, Arms: []string{"found"},
		Caption: fmt.Sprintf("Found beside the null: the middle 95 %% of %d splits of the real set into halves of %s %s. At 1 an effect matters.", r.Splits, grouped(r.Rows), r.Unit)}
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
	return &figure.Figure{Title: short(clean(r.Name)) + ": " + c.Title, Panels: []figure.Panel{p}, Arms: []string{null.Name, found.Name},
		Caption: fmt.Sprintf("Found beside the null: mean and middle 95 %% of %d splits of the real set into halves of %s %s.", r.Splits, grouped(r.Rows), r.Unit)}
}
