package configs

import (
	"cmp"
	"io/fs"
	"slices"
)

// YAML is the resolved config, defaults written out and the sweep kept; loaded again it is the same experiment.
func (d *document) YAML() []byte {
	out := block(nil, d.settled(), 0)
	if len(d.axes) == 0 {
		return out
	}
	return block(out, &node{form: objectForm, keys: []key{{name: "sweep"}}, items: []*node{sweepBlock(d.axes)}}, 0)
}

// settled is the base with its defaults, before any point of the sweep.
func (d *document) settled() *node {
	rows := d.rows()
	t := newSettler(d.kinds, rows)
	t.part = rows == ""
	return t.settle(d.base, d.root)
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
func (d *document) Settings() []Setting {
	var out []Setting
	leaves(d.first, "", func(path string, n *node) {
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
func (d *document) Origin(path string) string {
	n := d.first.lookup(path)
	if n == nil {
		return ""
	}
	return n.at.String()
}

// An Info describes a config for a list.
type Info struct {
	Name, Title, Claim string
	Group              string `json:",omitempty"` // of what is no experiment: pipelines
	Err                error  // why it cannot be loaded; nil for a config that can
}

// List describes all configs of files, by name.
func List(files fs.FS, table Table) []Info {
	return infos(files, func(name string) (Info, error) {
		l, err := Load(table, files, name, nil)
		if err != nil {
			return Info{}, err
		}
		return Info{Title: l.Config.Title, Claim: l.Config.Claim}, nil
	})
}

// ListDocuments describes all documents of files, by name; the title is the setting of that name.
func ListDocuments[T any](files fs.FS, table Table) []Info {
	return infos(files, func(name string) (info Info, err error) {
		d, err := LoadDocument[T](table, files, name, nil)
		if err != nil {
			return info, err
		}
		if title := d.first.get("title"); title != nil {
			info.Title = title.text
		}
		return info, nil
	})
}

func infos(files fs.FS, describe func(name string) (Info, error)) (all []Info) {
	for _, name := range embeddedNames(files) {
		info, err := describe(name)
		info.Name, info.Err = name, err
		all = append(all, info)
	}
	slices.SortFunc(all, func(a, b Info) int { return cmp.Compare(a.Name, b.Name) })
	return all
}
