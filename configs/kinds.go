package configs

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// The sections of a config that hold kinds.
const (
	Data         = "data"
	Model        = "model"
	Workflow     = "workflow"
	Metric       = "metric"
	Intervention = "intervention"

	Stage = "stage" // of a pipeline
)

// A Kind is one entry of a section: a family whose struct is its config.
//
// Fields of the struct carry tags: json (the key, snake_case), default, enum, doc, min and max (inclusive), and
// required:"true" for a setting that must be written, and identity:"-" for one that decides how a result is reached, not
// which. A field without a default is zero when it is not written; a
// pointer field is nil. A type that may be written in several forms is a Choice.
// A struct may have Validate() error; its message is shown at the block.
type Kind struct {
	Section string       // Data, Model, Workflow, Metric, Intervention or Stage
	Name    string       // snake_case
	Rows    string       // the kind of row it is for ("": any); of data: the kind of row it gives ("": not known before it is read)
	Type    reflect.Type // the struct; nil: no settings
	Doc     string       // a sentence

	// Series are the names that a metric with these settings (a *Type) puts, those of a family ending in *, so that
	// figures can be checked; nil: those that begin with its name.
	Series func(settings any) []string
}

// A Table is everything that a config may name. The same name may stand twice in a section, for two kinds of row.
type Table []Kind

// Check reports what is wrong with the table itself: a field without a json tag, a default out of its enum.
func (t Table) Check() error {
	var errs []error
	compile := newCompiler()
	for _, k := range t {
		if _, err := compile.kind(k.Type); err != nil {
			errs = append(errs, fmt.Errorf("%s %s: %w", k.Section, k.Name, err))
		}
	}
	return errors.Join(errs...)
}

// kinds answers questions about a table, and compiles a struct when it is first asked for.
type kinds struct {
	table   Table
	compile *compiler
}

func newKinds(t Table) *kinds { return &kinds{t, newCompiler()} }

// names are the kinds of a section that fit rows.
func (k *kinds) names(section, rows string) (names []string) {
	for _, kind := range k.table {
		if kind.Section == section && kind.fits(rows) && !slices.Contains(names, kind.Name) {
			names = append(names, kind.Name)
		}
	}
	return names
}

func (k Kind) fits(rows string) bool {
	return k.Section == Data || k.Rows == "" || rows == "" || k.Rows == rows
}

// find is the kind of that name that fits rows; when none does, others are the kinds of row it exists for.
func (k *kinds) find(section, name, rows string) (found *Kind, others []string) {
	for i, kind := range k.table {
		if kind.Section != section || kind.Name != name {
			continue
		}
		if kind.fits(rows) {
			return &k.table[i], nil
		}
		others = append(others, kind.Rows)
	}
	return nil, others
}

// several reports whether a name stands for more than one kind.
func (k *kinds) several(section, name string) bool {
	n := 0
	for _, kind := range k.table {
		if kind.Section == section && kind.Name == name {
			n++
		}
	}
	return n > 1
}

// rows is the kind of row that the data of a config gives; "" when that is not known.
func (k *kinds) rows(root *node) string {
	if data := root.get(Data); data != nil {
		if kind, _ := k.find(Data, kindName(data), ""); kind != nil {
			return kind.Rows
		}
	}
	return ""
}

func kindName(block *node) string {
	if n := block.get("kind"); n != nil && n.form == textForm {
		return n.text
	}
	return ""
}

// holders are the blocks where a key is known, as "model" or "model (kind ngram)": first those that the config names.
func (k *kinds) holders(name string, root *node) []string {
	var named, other []string
	for _, kind := range k.table {
		s, err := k.compile.kind(kind.Type)
		if err != nil || s.field(name) == nil {
			continue
		}
		block := k.blockOf(kind.Section)
		if kindName(root.get(block)) == kind.Name {
			named = append(named, block)
			continue
		}
		other = append(other, fmt.Sprintf("%s (kind %s)", block, kind.Name))
	}
	return append(named, other...)
}

// alone reports whether a config has one kind of a section, and not a list of them.
func alone(section string) bool { return section == Data || section == Model || section == Workflow }

// blockOf is the key of the config that holds a section.
func (*kinds) blockOf(section string) string {
	if alone(section) {
		return section
	}
	return section + "s"
}

// among writes names for a message: "a, b or c".
func among(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " or " + names[last]
}
