package configs

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// An axis is one dimension of a sweep: its points are tried one after the other.
type axis struct {
	paths  []string // one, or those that zip pairs
	named  bool
	points []point
}

type point struct {
	name   string  // of a named point
	values []*node // one a path
	at     position
}

// sweepable are the keys that decide what a cell computes; to sweep any other would make equal arms.
var sweepable = []string{Data, Model, Workflow, "models", "turns", "inputs", "start", "interventions", "refill",
	"rows", "growth", "generations", "seed", "probe", "heldout", "vary", "execution"}

var pointName = regexp.MustCompile(`^[a-z0-9_]+$`)

const maxArms = 10_000

// axes reads a sweep block. Grid axes come first to last as they are written, the last one turning fastest.
func axes(sweep *node, rep *report) (all []axis) {
	if sweep == nil {
		return nil
	}
	if sweep.form != objectForm {
		rep.add(sweep.at, "sweep must be a map from a dotted path to a list or to named points, got %s", describe(sweep))
		return nil
	}
	for i, k := range sweep.keys {
		var a axis
		var ok bool
		if k.name == "zip" {
			a, ok = zipped(sweep.items[i], rep)
		} else {
			a, ok = single(k, sweep.items[i], rep)
		}
		if ok {
			all = append(all, a)
		}
	}
	return apart(all, rep)
}

// apart drops an axis that sets what an earlier one sets.
func apart(all []axis, rep *report) (kept []axis) {
	for _, a := range all {
		clash := ""
		for _, b := range kept {
			for _, p := range a.paths {
				if i := slices.IndexFunc(b.paths, func(q string) bool { return overlaps(p, q) }); i >= 0 {
					clash = fmt.Sprintf("%s is swept twice: %s and %s", p, b.paths[i], p)
				}
			}
		}
		if clash != "" {
			rep.add(a.points[0].at, "%s", clash)
			continue
		}
		kept = append(kept, a)
	}
	return kept
}

// overlaps reports whether one path is the other or lies under it. Changing a kind replaces the block around it.
func overlaps(p, q string) bool {
	p, q = strings.TrimSuffix(p, ".kind"), strings.TrimSuffix(q, ".kind")
	return p == q || strings.HasPrefix(p, q+".") || strings.HasPrefix(q, p+".")
}

func single(k key, n *node, rep *report) (axis, bool) {
	if !mayBeSwept(k, rep) {
		return axis{}, false
	}
	a := axis{paths: []string{k.name}, named: n.form == objectForm}
	switch n.form {
	case objectForm, listForm:
	default:
		rep.add(n.at, "sweep.%s must be a list or a map of named points, got %s; write [%s]", k.name, describe(n), n.text)
		return a, false
	}
	if len(n.items) == 0 {
		rep.add(n.at, "sweep.%s has no points", k.name)
		return a, false
	}
	for i, item := range n.items {
		p := point{values: []*node{target(k.name, item)}, at: item.at}
		if a.named {
			p.name, p.at = n.keys[i].name, n.keys[i].at
			goodName(p, k.name, rep)
		} else if item.form == objectForm {
			rep.add(item.at, "sweep.%s: a map in a list has no name; write named points: {NAME: {…}}", k.name)
			return a, false
		}
		a.points = append(a.points, p)
	}
	return a, true
}

func goodName(p point, path string, rep *report) {
	if p.name == "kind" {
		rep.add(p.at, "sweep.%s: named points are NAME: {…}; to try several kinds write sweep: {%s: [a, b]}", path, path)
	} else if !pointName.MatchString(p.name) {
		rep.add(p.at, "sweep.%s: the name %q may hold a-z, 0-9 and _ only", path, p.name)
	}
}

// mayBeSwept checks the path of an axis; whether it exists is found out when a point is merged.
func mayBeSwept(k key, rep *report) bool {
	top, _, _ := strings.Cut(k.name, ".")
	if slices.Contains(sweepable, top) {
		for part := range strings.SplitSeq(k.name, ".") {
			if !keyName.MatchString(part) {
				rep.add(k.at, "sweep: %q is not a dotted path", k.name)
				return false
			}
		}
		return true
	}
	if near, _ := nearest(top, append([]string{"zip"}, sweepable...)); near != "" {
		rep.add(k.at, "sweep: unknown path %q; did you mean %q?", k.name, near+strings.TrimPrefix(k.name, top))
		return false
	}
	rep.add(k.at, "sweep: %q does not change what a cell computes; what can be swept: %s", k.name, strings.Join(sweepable, ", "))
	return false
}

// target writes a bare kind out where a path names a section.
func target(path string, n *node) *node {
	if path == Data || path == Model || path == Workflow {
		return expand(n, "kind")
	}
	return n
}

// zipped reads {path: [..], path: [..]}: axes of equal length that are walked in step.
func zipped(n *node, rep *report) (axis, bool) {
	if n.form != objectForm || len(n.keys) < 2 {
		rep.add(n.at, "sweep.zip must be a map of two or more paths to lists of equal length")
		return axis{}, false
	}
	var out axis
	for i, k := range n.keys {
		a, ok := single(k, n.items[i], rep)
		if !ok {
			return axis{}, false
		}
		if i == 0 {
			out = a
			continue
		}
		if len(a.points) != len(out.points) || a.named != out.named {
			rep.add(k.at, "sweep.zip: %s has %d points, %s has %d; they are walked in step, so they need the same number and form",
				k.name, len(a.points), out.paths[0], len(out.points))
			return axis{}, false
		}
		for j := range a.points {
			if a.points[j].name != out.points[j].name {
				rep.add(a.points[j].at, "sweep.zip: the point %q stands where %s has %q", a.points[j].name, out.paths[0], out.points[j].name)
				return axis{}, false
			}
			out.points[j].values = append(out.points[j].values, a.points[j].values...)
		}
		out.paths = append(out.paths, k.name)
	}
	return out, true
}

// arms is how many combinations there are.
func arms(all []axis) int {
	n := 1
	for _, a := range all {
		if n *= len(a.points); n > maxArms {
			return n
		}
	}
	return n
}

// choose is the point of every axis in combination i, the last axis turning fastest.
func choose(all []axis, i int) []int {
	picks := make([]int, len(all))
	for j, a := range slices.Backward(all) {
		picks[j] = i % len(a.points)
		i /= len(a.points)
	}
	return picks
}

// apply merges the chosen points into a tree.
func apply(base *node, all []axis, picks []int) *node {
	for i, a := range all {
		p := a.points[picks[i]]
		for j, path := range a.paths {
			base = merge(base, nest(path, p.at, p.values[j]))
		}
	}
	return base
}
