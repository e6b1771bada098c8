package configs

import (
	"fmt"
	"io/fs"
	"reflect"
	"slices"
	"strings"
)

// Loaded is a config that was read and checked. It is not safe for concurrent use.
type Loaded struct {
	// Config is resolved; with a sweep, it is the config of the first arm.
	Config Config

	document
}

// Load reads a config by name, with overrides of the form key=value from the command line.
//
// A name that contains a slash or ends in .yaml is a file; any other is one of files, less its .yaml. Layers, later ones
// winning: the defaults of table, the parent that extends names, the file, the sweep's point, the overrides. A map merges
// into a map, everything else replaces, and a changed kind replaces its whole block.
//
// An override is typed by the schema. A comma makes an axis of a setting that can be swept (model.order=2,3), a list is
// written key=[a,b], and quotes protect a comma. The error is an *Error with every mistake.
func Load(table Table, files fs.FS, name string, overrides []string) (*Loaded, error) {
	rep := &report{}
	tree, base, err := read(files, name, rep)
	if err != nil {
		return nil, err
	}
	l := &Loaded{}
	if l.document, err = newDocument(table, reflect.TypeFor[Config](), base, sweepable); err != nil {
		return nil, err
	}
	l.root.extra = append(l.root.extra, "sweep")
	if tree == nil {
		return nil, rep.err()
	}
	l.base = short(tree.without("sweep"))
	l.axes = axes(tree.get("sweep"), rep)
	l.override(overrides, rep)
	l.part(rep)
	l.probe(rep)
	if err := rep.err(); err != nil {
		return nil, err
	}
	return l, nil
}

// probe checks every point of every axis once, beside the first points of the others. Arms checks all combinations.
func (l *Loaded) probe(rep *report) {
	if n := arms(l.axes); n > maxArms {
		rep.add(l.axes[0].points[0].at, "the sweep makes more than %d arms", maxArms)
		return
	}
	picks := make([]int, len(l.axes))
	arm, _ := l.arm(picks, rep)
	l.Config = arm.Config
	for i, a := range l.axes {
		for j := 1; j < len(a.points) && !rep.full(); j++ {
			picks[i] = j
			l.arm(picks, rep)
		}
		picks[i] = 0
	}
	if rep.count() == 0 {
		tree := apply(l.base, l.axes, picks)
		l.first = settle(l.kinds, tree, l.root, l.kinds.rows(tree))
	}
}

// resolve checks a tree without sweep and decodes it.
func (l *Loaded) resolve(tree *node, rep *report) (c Config) {
	check := &checker{kinds: l.kinds, rep: rep, root: tree, rows: l.kinds.rows(tree)}
	before := rep.count()
	check.object(tree, l.root, "", "")
	for _, section := range []string{Data, Model, Workflow} {
		if tree.find(section) < 0 {
			names := oneOf(l.kinds.names(section, check.rows))
			rep.add(position{src: tree.at.src}, "%s is missing; write %s: {kind: NAME} with one of %s", section, section, names)
		}
	}
	if rep.count() > before {
		return c
	}
	err := l.kinds.decode(settle(l.kinds, tree, l.root, check.rows), l.root, check.rows, &c)
	if err == nil {
		err = c.Validate()
	}
	if err != nil {
		rep.add(tree.at, "%v", err)
	}
	l.figures(tree, c, rep)
	return c
}

// figures checks that what is drawn is measured.
func (l *Loaded) figures(tree *node, c Config, rep *report) {
	list := tree.get("figures")
	var known []string
	for _, m := range c.Metrics {
		known = append(known, l.kinds.series(m)...)
	}
	for i, f := range c.Figures {
		at := list.items[i].at
		if err := f.Validate(); err != nil {
			rep.add(at, "figures[%d]: %v", i, err)
		}
		if err := f.validateScatter(c); err != nil {
			rep.add(at, "figures[%d]: scatter: %v", i, err)
		}
		if err := f.validateBy(l.axes); err != nil {
			rep.add(at, "figures[%d]: %v", i, err)
		}
		for _, series := range f.Series() {
			if strings.Contains(series, "*") {
				rep.add(at, "figures[%d]: %s stands for many series: name one, such as %s", i, series, strings.ReplaceAll(series, "*", "NAME"))
				continue
			}
			if slices.ContainsFunc(known, func(k string) bool { return means(series, k) }) {
				continue
			}
			hint := "; add it to metrics"
			if len(known) > 0 {
				hint = "; measured are " + strings.Join(known[:min(len(known), 12)], ", ")
			}
			if near, _ := nearest(series, known); near != "" {
				hint = fmt.Sprintf("; did you mean %q?", near)
			}
			rep.add(at, "figures[%d]: %s is not measured%s", i, series, hint)
		}
	}
}

// series are the names that a metric puts, those of a family ending in *.
func (k *kinds) series(m Spec) []string {
	kind, _ := k.find(Metric, m.Kind, m.Rows)
	if kind == nil || kind.Series == nil {
		return []string{m.Kind, m.Kind + ".*", m.Kind + "@*", m.Kind + "{*"}
	}
	return kind.Series(m.Value)
}

// means says whether a figure's series is the known one, or the known one without what follows its @ or {.
func means(series, known string) bool {
	if family, ok := strings.CutSuffix(known, "*"); ok {
		return strings.HasPrefix(series, family) || strings.TrimRight(family, "@{") == series
	}
	rest, ok := strings.CutPrefix(known, series)
	return ok && (rest == "" || rest[0] == '@' || rest[0] == '{')
}
