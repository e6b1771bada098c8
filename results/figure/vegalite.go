package figure

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
)

// object is a JSON object; its keys are written in order.
type object map[string]any

// WriteVegaLite writes f as a Vega-Lite v5 specification with the data inline:
// a concatenation of panels, each a layer of dots, contours, band, replicates, line and theory.
// What JSON or a log axis cannot hold (NaN, infinities, values ≤ 0 on a log
// axis) is null there; the CSV has it.
func (f *Figure) WriteVegaLite(w io.Writer) error {
	if err := f.Check(); err != nil {
		return err
	}
	data := make([][]object, len(f.Panels))
	err := f.rows(func(i int, r row) error {
		data[i] = append(data[i], r.json(&f.Panels[i]))
		return nil
	})
	if err != nil {
		return err
	}
	names, colors := f.colors()
	panels := make([]object, len(f.Panels))
	for i := range f.Panels {
		panels[i] = f.Panels[i].vega(data[i], names, colors)
	}
	spec := object{
		"$schema":     "https://vega.github.io/schema/vega-lite/v5.json",
		"description": plainText(f.Caption),
		"columns":     f.columns(),
		"concat":      panels,
	}
	if f.Title != "" {
		spec["title"] = plainText(f.Title)
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(spec)
}

// json is the row as one datum.
func (r row) json(p *Panel) object {
	number := func(v float64, log bool) any {
		if !finite(v) || log && v <= 0 {
			return nil
		}
		return v
	}
	o := object{"curve": plainText(r.curve), "x": number(r.x, p.X.Log), "mid": number(r.mid, p.Y.Log), "kind": r.kind}
	if r.band {
		o["lo"], o["hi"] = number(r.lo, p.Y.Log), number(r.hi, p.Y.Log)
	}
	if r.line > 0 {
		o["line"], o["step"] = r.line, r.step
	}
	return o
}

// colors are the arms of f in their order, with the colours of the images.
func (f *Figure) colors() (names, colors []string) {
	looks := f.looks()
	for name := range looks {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int { return looks[a].rank - looks[b].rank })
	for i, name := range names {
		c := looks[name].color
		colors = append(colors, fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B))
		names[i] = plainText(name)
	}
	return names, colors
}

// vega is one panel as a layered specification.
func (p *Panel) vega(data []object, names, colors []string) object {
	x, y := p.X.vega(), p.Y.vega()
	x["field"], y["field"] = "x", "mid"
	color := object{"field": "curve", "type": "nominal", "title": nil, "scale": object{"domain": names, "range": colors}}
	layers := p.vegaClouds(x, y, color)
	if len(p.Curves) > 0 || len(layers) == 0 {
		layers = append(layers, vegaCurves(x, y, color)...)
	}
	if p.Reference != nil {
		layers = append(layers, object{"mark": object{"type": "rule", "color": "#707070"}, "data": object{"values": []object{{}}},
			"encoding": object{"y": object{"datum": *p.Reference}}})
	}
	return object{"title": plainText(p.heading()), "data": object{"values": data}, "layer": layers}
}

// only keeps the data of one layer.
func only(test string) []object { return []object{{"filter": test}} }

// vegaClouds are the layers of dots and contours.
func (p *Panel) vegaClouds(x, y, color object) (layers []object) {
	dot := object{"type": "point", "filled": true, "size": 6, "opacity": round3(dotAlpha / 255.0)}
	if len(p.Points) > 0 {
		ground := object{"type": "point", "filled": true, "size": 6, "color": fmt.Sprintf("#%02x%02[1]x%02[1]x", groundShade)}
		layers = append(layers,
			object{"mark": ground, "transform": only("datum.kind === 'ground'"), "encoding": object{"x": x, "y": y}},
			object{"mark": dot, "transform": only("datum.kind === 'point'"), "encoding": object{"x": x, "y": y, "color": color}})
	}
	if len(p.Contours) > 0 {
		layers = append(layers, object{"mark": object{"type": "line", "strokeWidth": contourWidth}, "transform": only("isValid(datum.line)"),
			"encoding": object{"x": x, "y": y, "color": color, "detail": object{"field": "line"}, "order": object{"field": "step"}}})
	}
	return layers
}

// vegaCurves are the layers of band, replicates, line and theory.
func vegaCurves(x, y, color object) []object {
	low := object{"field": "lo", "type": "quantitative", "scale": y["scale"], "title": y["title"]}
	arms := object{"x": x, "y": y, "color": color}
	return []object{
		{"mark": object{"type": "area", "opacity": round3(bandAlpha / 255.0)}, "transform": only("datum.kind === 'arm' && isValid(datum.lo)"),
			"encoding": object{"x": x, "y": low, "y2": object{"field": "hi"}, "color": color}},
		{"mark": object{"type": "line", "strokeWidth": thinWidth, "opacity": round3(thinAlpha / 255.0)}, "transform": only("test(/^replicate/, datum.kind)"),
			"encoding": object{"x": x, "y": y, "color": color, "detail": object{"field": "kind"}}},
		{"mark": object{"type": "line", "strokeWidth": curveWidth, "point": true}, "transform": only("datum.kind === 'arm'"), "encoding": arms},
		{"mark": object{"type": "line", "strokeWidth": theoryWidth, "strokeDash": []int{4, 2}, "color": "#333333"},
			"transform": only("datum.kind === 'theory'"), "encoding": object{"x": x, "y": y, "detail": object{"field": "curve"}}},
	}
}

// vega is the axis as a channel definition without its field.
func (a Axis) vega() object {
	scale := object{"zero": false}
	if a.Log {
		scale = object{"type": "log"}
	}
	if a.Min != nil {
		scale["domainMin"] = *a.Min
	}
	if a.Max != nil {
		scale["domainMax"] = *a.Max
	}
	channel := object{"type": "quantitative", "title": plainText(a.text()), "scale": scale}
	if a.Names != nil {
		at, names := make([]int, len(a.Names)), make([]string, len(a.Names))
		for k, name := range a.Names {
			at[k], names[k] = k+1, plainText(name)
		}
		quoted, _ := json.Marshal(names) // texts always can be
		channel["axis"] = object{"values": at, "labelExpr": string(quoted) + "[datum.value - 1]"}
	}
	return channel
}

func round3(v float64) float64 { return math.Round(v*1000) / 1000 }
