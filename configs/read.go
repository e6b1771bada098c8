package configs

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
)

// maxParents is how far a chain of extends may go.
const maxParents = 8

// read gets a config and its parents as one tree, its keys less extends, and the name it goes by. A nil tree means that
// the report says why.
func read(files fs.FS, name string, rep *report) (tree *node, base string, err error) {
	folder, file, shown, err := locate(files, name)
	if err != nil {
		return nil, "", err
	}
	base = strings.TrimSuffix(file, ".yaml")
	if base == "" || base[0] == '.' || strings.ContainsFunc(base, unicode.IsControl) {
		return nil, "", errors.Join(fmt.Errorf("config %q: a run cannot be called %q; rename the file", name, base), folder.Close())
	}
	defer folder.Close()
	r := reader{folder: folder, embedded: files, rep: rep}
	tree = r.config(folder, file, shown, nil)
	return tree, base, nil
}

// A folder is where configs are looked for; nothing outside it is read.
type folder interface {
	fs.FS
	io.Closer
}

type embedded struct{ fs.FS }

func (embedded) Close() error { return nil }

// rooted is the folder of a file that the user named. That file may be a link to anywhere; its parents may not.
type rooted struct {
	*os.Root
	named string
}

func (r rooted) Open(name string) (fs.File, error) {
	if name == filepath.Base(r.named) {
		return os.Open(r.named)
	}
	return r.Root.Open(name)
}

// locate finds the folder and the file that a name stands for.
func locate(files fs.FS, name string) (f folder, file, shown string, err error) {
	if strings.ContainsRune(name, '/') || strings.ContainsRune(name, filepath.Separator) || strings.HasSuffix(name, ".yaml") {
		root, err := os.OpenRoot(filepath.Dir(name))
		if err != nil {
			return nil, "", "", fmt.Errorf("config %s: %w", name, err)
		}
		return rooted{root, name}, filepath.Base(name), name, nil
	}
	known := embeddedNames(files)
	if slices.Contains(known, name) {
		return embedded{files}, name + ".yaml", name + ".yaml", nil
	}
	return nil, "", "", fmt.Errorf("config %s", unknownName(name, known))
}

// unknownName says that there is no such config, and which there are.
func unknownName(name string, known []string) string {
	switch near, _ := nearest(name, known); {
	case strings.HasSuffix(name, ".yml"):
		return fmt.Sprintf("%q: a config file ends in .yaml", name)
	case near != "":
		return fmt.Sprintf("%q is unknown; did you mean %q? (a file is named with a / or its .yaml)", name, near)
	case len(known) == 0:
		return fmt.Sprintf("%q is unknown; name a file that ends in .yaml", name)
	}
	if few := 8; len(known) > few {
		return fmt.Sprintf("%q is unknown; there are %s and %d more, which collapse list shows; a file is named with a / or its .yaml", name, strings.Join(known[:few], ", "), len(known)-few)
	}
	return fmt.Sprintf("%q is unknown; known: %s; a file is named with a / or its .yaml", name, strings.Join(known, ", "))
}

func embeddedNames(files fs.FS) (names []string) {
	if files == nil {
		return nil
	}
	found, _ := fs.Glob(files, "*.yaml")
	for _, f := range found {
		names = append(names, strings.TrimSuffix(f, ".yaml"))
	}
	return names
}

type reader struct {
	folder   fs.FS
	embedded fs.FS
	rep      *report
}

// config reads one file and, below it, its parent.
func (r reader) config(dir fs.FS, file, label string, children []string) *node {
	src := &source{name: label, layer: fromFile, rank: len(children)}
	if len(children) > 0 {
		src.layer = fromParent
	}
	data, err := load(dir, file)
	if err != nil {
		r.rep.add(position{src: src}, "%v", err)
		return nil
	}
	n := parse(src, data, r.rep)
	if n == nil || n.form == brokenForm {
		return nil
	}
	if n.form != objectForm {
		r.rep.add(n.at, "a config is a map of settings, got %s", describe(n))
		return nil
	}
	parent := n.get("extends")
	if parent == nil {
		return n
	}
	return r.extend(dir, n.without("extends"), parent, append(children, label))
}

// load reads a file of at most maxBytes (one more shows that it is larger).
func load(dir fs.FS, file string) ([]byte, error) {
	f, err := dir.Open(file)
	if err != nil {
		return nil, cause(err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxBytes+1))
	return data, cause(err)
}

// cause leaves the path out, which the message names already.
func cause(err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return fmt.Errorf("cannot be read: %w", e.Err)
	}
	return err
}

// extend merges a config over the parent it names.
func (r reader) extend(dir fs.FS, child, parent *node, children []string) *node {
	if parent.form != textForm {
		r.rep.add(parent.at, "extends must name one config, got %s", describe(parent))
		return child
	}
	name := parent.text
	known := embeddedNames(r.embedded)
	file, shown := name+".yaml", name+".yaml"
	switch {
	case strings.HasSuffix(name, ".yaml"):
		if !filepath.IsLocal(name) {
			r.rep.add(parent.at, "extends: %q leaves the folder of the config", name)
			return child
		}
		file = filepath.ToSlash(filepath.Clean(name))
		shown = filepath.Join(filepath.Dir(children[0]), name)
	case slices.Contains(known, name):
		dir = r.embedded
	default:
		r.rep.add(parent.at, "extends: config %s", unknownName(name, known))
		return child
	}
	if slices.Contains(children, shown) || len(children) > maxParents {
		r.rep.add(parent.at, "extends: %s comes back to itself or has more than %d parents", name, maxParents)
		return child
	}
	base := r.config(dir, file, shown, children)
	if base == nil {
		return child
	}
	return merge(short(base), short(child))
}
