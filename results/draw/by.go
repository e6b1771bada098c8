package draw

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"modelcollapse/results"
	"modelcollapse/results/figure"
)

// A line is one arm in a panel, called what tells it from the others there.
type line struct{ arm, name string }

// panels are those of a spec: one a series; or one a value of the axis that By names, or a table of the values of two.
func (r Run) panels(s Spec) ([]figure.Panel, error) {
	var all []figure.Panel
	for _, asked := range s.Series {
		series := r.Resolve(asked)
		if len(s.By) == 0 {
			p, err := r.panel(series, s, r.lines(nil))
			if err != nil {
				return nil, err
			}
			all = append(all, p)
			continue
		}
		grid, err := r.grouped(series, s)
		if err != nil {
			return nil, err
		}
		all = append(all, grid...)
	}
	return all, nil
}

// grouped is a panel for each value of the one or two axes of s.By, the first by row.
func (r Run) grouped(series string, s Spec) (all []figure.Panel, err error) {
	values := make([][]string, len(s.By))
	for i, axis := range s.By {
		if values[i] = r.values(axis); len(values[i]) == 0 {
			return nil, fmt.Errorf("by: %q is not swept; %s", axis, r.swept())
		}
	}
	if len(s.By) == 1 {
		for _, v := range values[0] {
			p, err := r.panel(series, s, r.lines(map[string]string{s.By[0]: v}))
			if err != nil {
				return nil, err
			}
			p.Title = short(s.By[0]) + " = " + v
			all = append(all, p)
		}
		return all, nil
	}
	for _, row := range values[0] {
		for _, column := range values[1] {
			p, err := r.panel(series, s, r.lines(map[string]string{s.By[0]: row, s.By[1]: column}))
			if err != nil {
				return nil, err
			}
			p.Side, p.Title = short(s.By[0])+" = "+row, short(s.By[1])+" = "+column
			all = append(all, p)
		}
	}
	return all, nil
}

// lines are the arms at some values of swept axes, called by their values of the others; all of them where none is given.
func (r Run) lines(at map[string]string) (all []line) {
	for _, a := range r.Manifest.Arms {
		var others []string
		here := 0
		for _, p := range a.Point {
			switch want, given := at[p[0]]; {
			case !given:
				others = append(others, called(p))
			case want == p[1]:
				here++
			}
		}
		switch {
		case here < len(at):
		case len(at) == 0 || len(others) == 0:
			all = append(all, line{a.Name, a.Name})
		default:
			all = append(all, line{a.Name, strings.Join(others, ", ")})
		}
	}
	return all
}

// called is a value of a swept axis, with its key where it is a number.
func called(p [2]string) string {
	if _, err := strconv.ParseFloat(p[1], 64); err == nil {
		return short(p[0]) + "=" + p[1]
	}
	return p[1]
}

// values are those that a swept axis takes, in the order of the config.
func (r Run) values(axis string) (all []string) {
	for _, a := range r.Manifest.Arms {
		for _, p := range a.Point {
			if p[0] == axis && !slices.Contains(all, p[1]) {
				all = append(all, p[1])
			}
		}
	}
	return all
}

// swept says which axes there are.
func (r Run) swept() string {
	if len(r.Manifest.Arms) == 0 || len(r.Manifest.Arms[0].Point) == 0 {
		return "nothing is"
	}
	var axes []string
	for _, p := range r.Manifest.Arms[0].Point {
		axes = append(axes, p[0])
	}
	return "swept are " + strings.Join(axes, ", ")
}

// short is the last word of a dotted path.
func short(path string) string { return path[strings.LastIndexByte(path, '.')+1:] }

// panel draws a series of some arms.
func (r Run) panel(series string, s Spec, arms []line) (figure.Panel, error) {
	axis, known := r.Manifest.Axis(series)
	if !known {
		return figure.Panel{}, fmt.Errorf("no metric of this run puts %s; it has %s", series, strings.Join(r.Table.Series(), ", "))
	}
	logarithmic := axis.Log && s.Scale != "linear" || s.Scale == "log"
	p := figure.Panel{X: figure.Axis{Label: "Generation"}, Y: figure.Axis{Label: upper(axis.Label), Log: logarithmic}}
	for _, a := range arms {
		r.draw(&p, series, s, a)
	}
	if len(p.Curves) == 0 && len(s.By) == 0 {
		return p, fmt.Errorf("%s: %w; the run has %s", series, ErrNoValue, strings.Join(r.Table.Series(), ", "))
	}
	r.reach(&p, arms)
	return p, nil
}

// reach lets the axis go on to the generation that the arms were meant to reach, where all their chains ended before.
func (r Run) reach(p *figure.Panel, arms []line) {
	meant, reached := 0.0, 0.0
	for _, a := range r.Manifest.Arms {
		if slices.ContainsFunc(arms, func(l line) bool { return l.arm == a.Name }) {
			meant = max(meant, float64(a.Generations))
		}
	}
	for _, c := range p.Curves {
		if !c.Theory && len(c.X) > 0 {
			reached = max(reached, c.X[len(c.X)-1])
		}
	}
	if reached < meant {
		p.X.Max = &meant
	}
}

// draw adds the curves of an arm to a panel, one a node.
func (r Run) draw(p *figure.Panel, series string, s Spec, a line) {
	nodes := r.Table.Nodes(a.arm, series)
	for _, node := range nodes {
		name := a.name
		if len(nodes) > 1 {
			name = fmt.Sprintf("%s, node %d", a.name, node)
		}
		band := r.curves(a.arm, series, node, p.Y.Log).Band()
		p.Functional = band.Functional
		p.Curves = append(p.Curves, curve(name, band))
		if s.Theory {
			if law, ok := r.line(a.arm, name, series, node, band); ok {
				p.Curves = append(p.Curves, law)
			}
		}
	}
}

// curves are the replicates on the scale that is drawn.
func (r Run) curves(arm, series string, node int, logarithmic bool) results.Curves {
	c := r.Table.Curves(arm, series, node)
	c.Log = logarithmic
	return c
}

// names are what the figure calls the arms, each once, in their order.
func (r Run) names(by []string) (all []string) {
	for _, a := range r.Manifest.Arms {
		at := map[string]string{}
		for _, p := range a.Point {
			if slices.Contains(by, p[0]) {
				at[p[0]] = p[1]
			}
		}
		for _, l := range r.lines(at) {
			if !slices.Contains(all, l.name) {
				all = append(all, l.name)
			}
		}
	}
	return all
}
