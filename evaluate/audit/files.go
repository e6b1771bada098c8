package audit

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"modelcollapse/generate/read"
)

// Files are the sets of an audit by path: a file, a glob, a folder, or "-" for standard input.
type Files struct {
	Real, Synthetic   string
	HoldOut, Canaries string    // empty: none
	Field, RealField  string    // that hold the text, of the synthetic set and of all others; empty: the first that usually does
	Stdin             io.Reader // what "-" stands for; nil: os.Stdin
}

func (f Files) source(set string) read.Source {
	return read.Source{Path: read.Paths{set}, Stdin: f.Stdin}
}

func (f Files) table(ctx context.Context, set string, as map[string]string) (*read.Frame, error) {
	return read.Table(ctx, f.source(set), read.Options{Schema: as})
}

// textFields are the columns that make a table of records a set of texts.
var textFields = []string{"text", "content", "completion", "output", "messages", "conversations", "chosen"}

// Text says that the real set is prose, or records of which one field is what a text is looked for in. Standard input is a
// table unless told.
func (f Files) Text(ctx context.Context) bool {
	if f.Field != "" || f.RealField != "" {
		return true
	}
	if f.Real == "-" {
		return false
	}
	name := strings.TrimSuffix(strings.TrimSuffix(strings.ToLower(f.Real), ".gz"), ".zst")
	if end := filepath.Ext(name); end == ".txt" || end == ".md" {
		return true
	}
	t, err := f.table(ctx, f.Real, nil)
	if err != nil { // no columns, such as lists of turns, or bare texts
		some := false
		_, err := read.Texts(ctx, f.source(f.Real), "", func([]byte, read.Place) error { some = true; return read.ErrEnough })
		return err == nil && some
	}
	for _, c := range t.Columns {
		if slices.Contains(textFields, c.Name) && c.Type == read.Category {
			return true
		}
	}
	return slices.ContainsFunc(t.Summary.Dropped, func(d string) bool { return slices.Contains(textFields, columnOf(d)) })
}

// columnOf is the column that a line of what was dropped begins with.
func columnOf(dropped string) string {
	name, _, _ := strings.Cut(dropped, ":")
	return name
}

// Tables reads tables, the others under the columns of the real one, whose types may be given.
func (f Files) Tables(ctx context.Context, types map[string]string) (t Tables, err error) {
	t.Types = types
	if t.Real, err = f.table(ctx, f.Real, types); err != nil {
		return t, fmt.Errorf("--real: %w", err)
	}
	for _, x := range []struct {
		name, file string
		to         **read.Frame
	}{{"the synthetic set", f.Synthetic, &t.Synthetic}, {"--holdout", f.HoldOut, &t.HoldOut}, {"--canaries", f.Canaries, &t.Canaries}} {
		if x.file == "" {
			continue
		}
		if *x.to, err = f.alike(ctx, x.file, t.Real, types); err != nil {
			return t, fmt.Errorf("%s: %w", x.name, err)
		}
	}
	return t, nil
}

// alike reads a set whose categories are those of the real set's columns: a category of digits alone is no number. A column that
// the set lacks is for the audit to say.
func (f Files) alike(ctx context.Context, set string, real *read.Frame, types map[string]string) (*read.Frame, error) {
	as, again := map[string]string{}, func() {}
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
	if set == "-" {
		raw, err := f.stdin()
		if err != nil {
			return nil, err
		}
		look := bytes.NewReader(raw)
		f.Stdin, again = look, func() { look.Reset(raw) }
	}
	look, err := f.table(ctx, set, nil)
	again()
	if err != nil {
		return nil, err
	}
	has, other := typesFor(look, as)
	if !other {
		return look, nil
	}
	return f.table(ctx, set, has)
}

// typesFor are those of as whose columns a set has; other says that it has one as something else.
func typesFor(look *read.Frame, as map[string]string) (has map[string]string, other bool) {
	has = map[string]string{}
	for _, c := range look.Columns {
		if typ, ok := as[c.Name]; ok {
			has[c.Name] = typ
			other = other || c.Type != read.Category || typ == "drop"
		}
	}
	for _, d := range look.Summary.Dropped {
		if typ, ok := as[columnOf(d)]; ok {
			has[columnOf(d)], other = typ, true
		}
	}
	return has, other
}

// stdin is all of standard input, to be read twice as a file is.
func (f Files) stdin() ([]byte, error) {
	in := f.Stdin
	if in == nil {
		in = os.Stdin
	}
	raw, err := io.ReadAll(in)
	if err != nil {
		err = fmt.Errorf("-: %w", err)
	}
	return raw, err
}

// Texts reads texts.
func (f Files) Texts(ctx context.Context) (t Texts, err error) {
	for _, x := range []struct {
		set, file string
		to        **Documents
	}{{"--real", f.Real, &t.Real}, {"the synthetic set", f.Synthetic, &t.Synthetic}, {"--holdout", f.HoldOut, &t.HoldOut}} {
		if x.file == "" {
			continue
		}
		field := f.RealField
		if x.to == &t.Synthetic {
			field = f.Field
		}
		if *x.to, err = ReadDocuments(ctx, x.set, f.source(x.file), field); err != nil {
			return t, err
		}
	}
	if f.Canaries != "" {
		d, err := ReadDocuments(ctx, "--canaries", f.source(f.Canaries), f.RealField)
		if err != nil {
			return t, err
		}
		t.Canaries, t.planted = d.Texts, d.Read
	}
	return t, nil
}
