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

// intervals draws the statistics of a part, each less the null's mean in units of what matters, up being worse; nil of fewer than two, which a table shows as well.
func (r *Report) intervals(part string) *figure.Figure {
	one := 1.0
	p := figure.Panel{X: figure.Axis{Label: "statistic, as numbered below"}, Y: figure.Axis{Label: "effect", Unit: "1: matters; up is worse"}, Reference: &one}
	null, found := figure.Points{Name: "null", Key: "null, 95 %", Ground: true}, figure.Curve{Name: "found"}
	var names []string
	for _, x := range r.Results {
		if x.Part != part || x.Answer == Unmeasured || len(names) == mostDrawn {
			continue
		}
		names = append(names, fmt.Sprintf("%d %s", len(names)+1, short(clean(x.Name))))
		at, scale := float64(len(names)), func(v Number) float64 { return x.Worse.up(float64(v-x.Null.Mean)) / x.Threshold }
		low, high := scale(x.Null.Low), scale(x.Null.High)
		for k := range intervalDots + 1 {
			null.X, null.Y = append(null.X, at), append(null.Y, low+(high-low)*float64(k)/intervalDots)
		}
		found.X, found.Mid = append(found.X, at, at), append(found.Mid, scale(x.Found), math.NaN())
	}
	if len(names) < 2 {
		return nil
	}
	p.Points, p.Curves = []figure.Points{null}, []figure.Curve{found}
	return &figure.Figure{Title: short(clean(r.Name)) + ": " + part, Panels: []figure.Panel{p}, Width: figure.TwoColumns, Arms: []string{"found"},
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
	return &figure.Figure{Title: short(clean(r.Name)) + ": " + c.Title, Panels: []figure.Panel{p}, Arms: []string{null.Name, found.Name},
		Caption: fmt.Sprintf("Found beside the null: mean and middle 95 %% of %d splits of the real set into halves of %s %s.", r.Splits, grouped(r.Rows), r.Unit)}
}
