package configs

import (
	"fmt"
	"slices"
	"strings"
)

// A Setting is one value of a config, as text.
type Setting struct {
	Path  string // dotted
	Value string // as YAML on one line
}

// An Arm is one point of the sweep.
type Arm struct {
	Name   string    // "replace", "order=2", "replace,order=2"; empty when nothing is swept
	Point  []Setting // what the sweep chose; of a named point, its path and its name
	Config Config
}

// Arms are all points of the sweep, in the order in which they are written, the last axis turning fastest; one arm when
// nothing is swept. Two arms that are the same experiment are an error.
func (l *Loaded) Arms() ([]Arm, error) {
	rep := &report{}
	n := arms(l.axes)
	out := make([]Arm, 0, n)
	names, same := map[string]bool{}, map[string]string{}
	for i := range n {
		arm, ok := l.arm(choose(l.axes, i), rep)
		if !ok {
			continue
		}
		identity := fmt.Sprint(arm.Config.Seed) + string(arm.Config.Canonical())
		if other, twice := same[identity]; twice {
			rep.add(l.axes[len(l.axes)-1].points[0].at, "the arms %s and %s are the same experiment", other, arm.Name)
		} else if names[arm.Name] {
			rep.add(l.axes[len(l.axes)-1].points[0].at, "two arms are called %s; name the points", arm.Name)
		}
		names[arm.Name], same[identity] = true, arm.Name
		out = append(out, arm)
	}
	if err := rep.err(); err != nil {
		return nil, err
	}
	return out, nil
}

// arm checks and resolves one combination of points.
func (l *Loaded) arm(picks []int, rep *report) (Arm, bool) {
	arm := Arm{Name: label(l.axes, picks)}
	for i, a := range l.axes {
		p := a.points[picks[i]]
		for j, path := range a.paths {
			value := p.name
			if !a.named {
				value = inline(p.values[j], path)
			}
			arm.Point = append(arm.Point, Setting{path, value})
		}
	}
	if slices.Max(append(picks, 0)) > 0 { // what is wrong in the first arm needs no name
		rep.suffix = " (arm " + arm.Name + ")"
	}
	defer func() { rep.suffix = "" }()
	tree := apply(l.base, l.axes, picks)
	before := rep.count()
	arm.Config = l.resolve(tree, rep)
	arm.Config.Name = l.name
	return arm, rep.count() == before
}

// label joins the short names of the chosen points. A path is cut to its last key where no other path ends in it.
func label(all []axis, picks []int) string {
	ends := map[string]int{}
	for _, a := range all {
		for _, path := range a.paths {
			ends[end(path)]++
		}
	}
	var parts []string
	for i, a := range all {
		p := a.points[picks[i]]
		if a.named {
			parts = append(parts, p.name)
			continue
		}
		for j, path := range a.paths {
			short := end(path)
			if ends[short] > 1 {
				short = path
			}
			parts = append(parts, short+"="+plainName(inline(p.values[j], path)))
		}
	}
	return strings.Join(parts, ",")
}

// end is the last key of a path; of model.kind it is model.
func end(path string) string {
	path = strings.TrimSuffix(path, ".kind")
	return path[strings.LastIndexByte(path, '.')+1:]
}

// plainName keeps a value from breaking the name it becomes part of.
func plainName(value string) string {
	value = strings.NewReplacer(", ", "+", "[", "", "]", "", `"`, "").Replace(value)
	return strings.Map(func(r rune) rune {
		if r <= ' ' || strings.ContainsRune(",='`{}:#\x7f", r) {
			return '_'
		}
		return r
	}, value)
}

// inline writes a value on one line; a bare kind as its name.
func inline(n *node, path string) string {
	if (path == Data || path == Model || path == Workflow) && len(n.keys) == 1 && kindName(n) != "" {
		return kindName(n)
	}
	if n.form == numberForm && oddNumber(n.text) == "" {
		return string(scalarJSON(n, &shape{class: openClass}))
	}
	return string(flow(nil, n))
}
