package cli

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"modelcollapse/evaluate/audit"
	"modelcollapse/generate/read"
)

// audited reads the sets and audits them as what they are.
func (a *app) audited(ctx context.Context, set string, f auditFlags) (*audit.Report, error) {
	text := f.kind == "text" || f.text != ""
	if f.kind == "auto" && !text {
		text = a.looksLikeText(ctx, f.real)
		kind := "table"
		if text {
			kind = "text"
		}
		fmt.Fprintf(a.err, "read as %s (--kind says otherwise)\n", kind)
	}
	if text {
		return a.auditTexts(ctx, set, f)
	}
	return a.auditTables(ctx, set, f)
}

// textFields are the columns that make a table of records a set of texts.
var textFields = []string{"text", "content", "completion", "output", "messages", "conversations", "chosen"}

// looksLikeText says that files are prose, or records of which one field is what a text is looked for in. Standard input is
// a table unless told.
func (a *app) looksLikeText(ctx context.Context, set string) bool {
	if set == "-" {
		return false
	}
	name := strings.TrimSuffix(strings.TrimSuffix(strings.ToLower(set), ".gz"), ".zst")
	if end := filepath.Ext(name); end == ".txt" || end == ".md" {
		return true
	}
	f, err := a.tableOf(ctx, set, read.Options{})
	if err != nil { // no columns, such as lists of turns, or bare texts
		_, err := read.Texts(ctx, a.source(set), "", func([]byte, read.Place) error { return read.ErrEnough })
		return err == nil
	}
	for _, c := range f.Columns {
		if slices.Contains(textFields, c.Name) && c.Type == read.Category {
			return true
		}
	}
	return slices.ContainsFunc(f.Summary.Dropped, func(d string) bool {
		name, _, _ := strings.Cut(d, ":")
		return slices.Contains(textFields, name)
	})
}

func (a *app) source(set string) read.Source {
	return read.Source{Path: read.Paths{set}, Stdin: a.in}
}

// tableOf reads one set as a table.
func (a *app) tableOf(ctx context.Context, set string, o read.Options) (*read.Frame, error) {
	return read.Table(ctx, a.source(set), o)
}

// auditTables reads tables, the others under the types of the real one.
func (a *app) auditTables(ctx context.Context, set string, f auditFlags) (*audit.Report, error) {
	types, rules, err := readSchema(f.schema)
	if err != nil {
		return nil, err
	}
	t := audit.Tables{Types: types, Rules: rules, Target: f.target, Group: f.group, SmallCells: f.small}
	if t.Real, err = a.tableOf(ctx, f.real, read.Options{Schema: types}); err != nil {
		return nil, fmt.Errorf("--real: %w", err)
	}
	for column := range rules {
		if t.Real.Column(column) == nil && types[column] != "drop" {
			var known []string
			for _, c := range t.Real.Columns {
				known = append(known, c.Name)
			}
			return nil, fmt.Errorf("%s: there is no column %q%s", f.schema, column, hint(column, known))
		}
	}
	if t.Synthetic, err = a.alike(ctx, set, t.Real, types); err != nil {
		return nil, err
	}
	if t.HoldOut, err = a.alike(ctx, f.holdout, t.Real, types); err != nil {
		return nil, fmt.Errorf("--holdout: %w", err)
	}
	if t.Canaries, err = a.alike(ctx, f.canaries, t.Real, types); err != nil {
		return nil, fmt.Errorf("--canaries: %w", err)
	}
	return audit.Table(ctx, t, f.o)
}

// alike reads a set whose categories are those of the real set's columns: a category of digits alone is no number. A column that
// the set lacks is for the audit to say. nil of no file.
func (a *app) alike(ctx context.Context, set string, real *read.Frame, types map[string]string) (*read.Frame, error) {
	if set == "" {
		return nil, nil
	}
	as := map[string]string{}
	for _, c := range real.Columns {
		if c.Type == read.Category {
			as[c.Name] = "category"
		}
	}
	for name, typ := range types {
		if typ == "drop" {
			as[name] = typ
		}
	}
	if set == "-" { // cannot be asked for its columns before
		return a.tableOf(ctx, set, read.Options{Schema: as})
	}
	look, err := a.tableOf(ctx, set, read.Options{})
	if err != nil {
		return nil, err
	}
	has, other := map[string]string{}, false
	for _, c := range look.Columns {
		if typ, ok := as[c.Name]; ok {
			has[c.Name] = typ
			other = other || c.Type != read.Category || typ == "drop"
		}
	}
	for _, d := range look.Summary.Dropped {
		name, _, _ := strings.Cut(d, ":")
		if typ, ok := as[name]; ok {
			has[name], other = typ, true
		}
	}
	if !other {
		return look, nil
	}
	return a.tableOf(ctx, set, read.Options{Schema: has})
}

// auditTexts reads texts.
func (a *app) auditTexts(ctx context.Context, set string, f auditFlags) (*audit.Report, error) {
	if f.target != "" || f.schema != "" || f.group != "" {
		return nil, fmt.Errorf("audit: --target, --schema and --group are of tables")
	}
	t := audit.Texts{SmallCells: f.small}
	for _, x := range []struct {
		set, file string
		to        **audit.Documents
	}{{"real", f.real, &t.Real}, {"synthetic", set, &t.Synthetic}, {"hold-out", f.holdout, &t.HoldOut}} {
		if x.file == "" {
			continue
		}
		d, err := audit.ReadDocuments(ctx, x.set, a.source(x.file), f.text)
		if err != nil {
			return nil, err
		}
		*x.to = d
	}
	if f.canaries != "" {
		d, err := audit.ReadDocuments(ctx, "canaries", a.source(f.canaries), f.text)
		if err != nil {
			return nil, err
		}
		t.Canaries = d.Texts
	}
	return audit.Text(ctx, t, f.o)
}
