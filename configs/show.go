package configs

import (
	"cmp"
	"io/fs"
	"slices"
)

// YAML is the resolved config, defaults written out and the sweep kept; loaded again it is the same experiment.
func (l *Loaded) YAML() []byte {
	out := block(nil, l.settled(), 0)
	if len(l.axes) == 0 {
		return out
	}
	return block(out, &node{form: objectForm, keys: []key{{name: "sweep"}}, items: []*node{sweepBlock(l.axes)}}, 0)
}

// settled is the base with its defaults, before any point of the sweep.
func (l *Loaded) settled() *node {
	rows := l.rows()
	t := newSettler(l.kinds, rows)
	t.part = rows == ""
	return t.settle(l.base, l.root)
}

func sweepBlock(all []axis) *node {
	out := &node{form: objectForm}
	for _, a := range all {
		into := out
		if len(a.paths) > 1 {
			into = &node{form: objectForm}
		}
		for i, path := range a.paths {
			values := &node{form: listForm}
			if a.named {
				values.form = objectForm
			}
			for _, p := range a.points {
				values.items = append(values.items, bare(p.values[i], path))
				if a.named {
					values.keys = append(values.keys, key{name: p.name})
				}
			}
			into.keys, into.items = append(into.keys, key{name: path}), append(into.items, values)
		}
		if into != out {
			out.keys, out.items = append(out.keys, key{name: "zip"}), append(out.items, into)
		}
	}
	return out
}

// bare writes a kind without settings as its name, which is how a list of points holds it.
func bare(n *node, path string) *node {
	if target(path, &node{form: textForm}).form == objectForm && len(n.keys) == 1 && kindName(n) != "" {
		return n.get("kind")
	}
	return n
}

// Settings are all values of Config with their paths, in the order of the schema.
func (l *Loaded) Settings() []Setting {
	var out []Setting
	leaves(l.first, "", func(path string, n *node) {
		out = append(out, Setting{path, string(flow(nil, n))})
	})
	return out
}

// leaves visits every value that is not a map. A list is one value.
func leaves(n *node, path string, visit func(string, *node)) {
	if n.form != objectForm {
		visit(path, n)
		return
	}
	for i, k := range n.keys {
		leaves(n.items[i], join(path, k.name), visit)
	}
}

// Origin says who set a path of Config: "default", "FILE:LINE:COLUMN", "extends FILE:LINE:COLUMN" or "command line";
// empty for a path that is not set.
func (l *Loaded) Origin(path string) string {
	n := l.first.lookup(path)
	if n == nil {
		return ""
	}
	return n.at.String()
}

// An Info describes a config for a list.
type Info struct {
	Name, Title, Claim string
	Err                error // why it cannot be loaded; nil for a config that can
}

// List describes all configs of files, by name.
func List(files fs.FS, table Table) []Info {
	var all []Info
	for _, name := range embeddedNames(files) {
		info := Info{Name: name}
		l, err := Load(table, files, name, nil)
		if info.Err = err; err == nil {
			info.Title, info.Claim = l.Config.Title, l.Config.Claim
		}
		all = append(all, info)
	}
	slices.SortFunc(all, func(a, b Info) int { return cmp.Compare(a.Name, b.Name) })
	return all
}
