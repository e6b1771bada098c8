package configs

import (
	"io/fs"
	"reflect"
	"slices"
	"strings"
)

// A document is what every config is, whatever its root: a tree that was read, beside its schema.
type document struct {
	name   string
	kinds  *kinds
	root   *shape
	base   *node // defaults left out, sweep taken off
	axes   []axis
	first  *node    // the first arm, settled
	sweeps []string // the keys that may be swept
}

func newDocument(table Table, root reflect.Type, name string, sweeps []string) (d document, err error) {
	d = document{name: name, kinds: newKinds(table), sweeps: sweeps}
	if d.root, err = d.kinds.compile.object(root); err != nil {
		return d, err
	}
	d.root.extra = []string{"extends"}
	return d, nil
}

// short writes bare kinds out, so that merging sees them.
func short(root *node) *node {
	for i, k := range root.keys {
		if target(k.name, root.items[i]) != root.items[i] {
			root = root.with(k, target(k.name, root.items[i]))
		}
	}
	return root
}

// part checks what the file says before the sweep, which may replace all of it.
func (d *document) part(rep *report) {
	if len(d.axes) == 0 {
		return
	}
	check := &checker{kinds: d.kinds, rep: rep, root: d.base, rows: d.rows(), part: true}
	check.object(d.base, d.root, "", "")
}

// rows is the kind of row that every arm has; "" when the sweep may change it.
func (d *document) rows() string {
	for _, a := range d.axes {
		if slices.ContainsFunc(a.paths, func(path string) bool { return overlaps(path, Data) }) {
			return ""
		}
	}
	return d.kinds.rows(d.base)
}

// A Document is a config whose root is a T: settings with the tags that Kind names, and Specs or lists of them with a
// section tag. Nothing of it is swept. It is not safe for concurrent use.
type Document[T any] struct {
	Config T // defaults included

	document
}

// LoadDocument reads a config of another root than an experiment's, by the rules of Load: a file or a name of files,
// extends, overrides, every mistake at once. A T may have Validate() error.
func LoadDocument[T any](table Table, files fs.FS, name string, overrides []string) (*Document[T], error) {
	rep := &report{}
	tree, base, err := read(files, name, rep)
	if err != nil {
		return nil, err
	}
	d := &Document[T]{}
	if d.document, err = newDocument(table, reflect.TypeFor[T](), base, nil); err != nil {
		return nil, err
	}
	if tree == nil {
		return nil, rep.err()
	}
	d.base = tree
	d.override(overrides, rep)
	d.resolve(rep)
	if err := rep.err(); err != nil {
		return nil, err
	}
	return d, nil
}

// resolve checks the tree and decodes it.
func (d *Document[T]) resolve(rep *report) {
	before := rep.count()
	check := &checker{kinds: d.kinds, rep: rep, root: d.base}
	check.object(d.base, d.root, "", "")
	if rep.count() > before {
		return
	}
	d.first = settle(d.kinds, d.base, d.root, "")
	err := d.kinds.decode(d.first, d.root, "", &d.Config)
	if v, ok := any(d.Config).(validator); ok && err == nil {
		err = v.Validate()
	}
	if err != nil {
		rep.add(d.blamed(err.Error()), "%v", err)
	}
}

// blamed is where the key stands that a message begins with, as in "endpoint: base_url: want an address": in a file or on the
// command line; the whole where no such key was written.
func (d *document) blamed(message string) position {
	n := d.base
	for word := range strings.SplitSeq(message, ": ") {
		for name := range strings.SplitSeq(word, ".") {
			next := n.get(name)
			if next == nil {
				return n.at
			}
			n = next
		}
	}
	return n.at
}

// Name is the file's base name less its .yaml.
func (d *Document[T]) Name() string { return d.name }

// Canonical is what a config says under some of its keys, as canonical JSON: see Spec.Canonical.
func (d *Document[T]) Canonical(keys ...string) []byte {
	some := d.first
	for _, k := range d.first.keys {
		if !slices.Contains(keys, k.name) {
			some = some.without(k.name)
		}
	}
	return encodeObject(d.kinds, some, d.root, "")
}

// Has reports whether the root of a config, or of one that it extends, has a key; a config that cannot be read has none.
func Has(files fs.FS, name, key string) bool {
	tree, _, err := read(files, name, &report{})
	return err == nil && tree != nil && tree.get(key) != nil
}
