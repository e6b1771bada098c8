package read

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Options say which columns of a table are read, and as what. The zero value reads all of them as they look.
type Options struct {
	Columns []string          // those to keep, in this order; empty: all
	Schema  map[string]string // by column: numeric, category, date or drop; the others are what their values look like
	Header  string            // of CSV and TSV: whether the first line names the columns: yes, no, or "" and auto: it does if one of its fields is no number. Without names they are 1, 2, 3 …
	Nulls   []string          // of CSV and TSV: what stands for a missing value; nil: DefaultNulls
	Pure    bool              // a column that a few values keep from being numbers, or dates, is an error, not categories
	Strict  bool              // every kept column must hold numbers without a null; the first value that is none is an error
}

// A Frame is a table in memory.
type Frame struct {
	Columns []Column // as they stand in the first file, or as the options name them
	Rows    int
	Summary Summary
}

// Table reads all files of a source as one table.
//
// A column of numbers is numeric, one of ISO 8601 dates a date, anything else categories; a column of both is categories,
// and the summary says which value made it so. Nulls are what Options.Nulls says in CSV and TSV, null and missing keys in
// JSON, null in Parquet. A column that nobody chose is dropped aloud if every row has another text (from 20 rows on), if no
// row has any, or if it has more than 2^20 texts. Every file must have the columns of the first; JSON may leave keys out.
//
// The files are read once, and again if a column turned out to be mixed; standard input is kept in a temporary file for it.
func Table(ctx context.Context, s Source, o Options) (*Frame, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	s, remove, err := s.kept()
	if err != nil {
		return nil, err
	}
	defer remove()
	t := newTable(ctx, o, nil)
	sum, err := s.each(ctx, tables, t.read)
	if err != nil {
		return nil, err
	}
	if again := t.mixed(); len(again) > 0 {
		t = newTable(ctx, o, again)
		before := sum.SHA256
		if sum, err = s.each(ctx, tables, t.read); err != nil {
			return nil, err
		}
		if sum.SHA256 != before {
			return nil, fmt.Errorf("%s: changed while it was read: try again", names(sum.Files))
		}
	}
	f, err := t.frame(sum)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", names(sum.Files), err)
	}
	return f, nil
}

// schemaTypes are the words of a schema.
var schemaTypes = map[string]Type{"numeric": Numeric, "category": Category, "date": Date, "drop": ignored}

func (o Options) check() error {
	for _, name := range slices.Sorted(maps.Keys(o.Schema)) {
		word := o.Schema[name]
		if _, ok := schemaTypes[word]; !ok {
			return fmt.Errorf("schema: column %q: unknown type %q: there are numeric, category, date and drop", name, word)
		}
	}
	for i, name := range o.Columns {
		if slices.Contains(o.Columns[:i], name) {
			return fmt.Errorf("columns: %q stands there twice", name)
		}
		if o.Schema[name] == "drop" {
			return fmt.Errorf("columns: %q is chosen, and the schema drops it", name)
		}
	}
	if !slices.Contains([]string{"", "auto", "yes", "no"}, o.Header) {
		return fmt.Errorf("header: unknown %q: it is auto, yes or no", o.Header)
	}
	return nil
}

// A table is one that is being read.
type table struct {
	ctx   context.Context
	opt   Options
	words nullWords
	notes map[string]string // the columns that a first reading found to be mixed, with the value that made them so

	cols   []*column // all there are, in order
	byName map[string]int
	rows   int
	name   string // of the file that is being read
	first  string // of the file that set the columns
}

func newTable(ctx context.Context, o Options, notes map[string]string) *table {
	t := &table{ctx: ctx, opt: o, words: o.Nulls, notes: notes, byName: map[string]int{}}
	if o.Nulls == nil {
		t.words = DefaultNulls
	}
	return t
}

// read reads one file by its format.
func (t *table) read(in *input) error {
	t.name = in.name
	text, packed, done, err := decompressed(in.raw, allowed)
	if err != nil {
		return err
	}
	defer done()
	f := in.format
	if f == unknown || in.name == stdin {
		f = sniff(text, tables)
	}
	switch f {
	case parquets:
		return in.random(text, packed, t.parquet)
	case jsonLines:
		return t.jsonLines(text)
	case jsonValues:
		return t.jsonValues(text)
	case tabs:
		return t.csv(text, '\t')
	case plain, markdown:
		return errors.New("text has no columns: name a CSV, TSV, JSON or Parquet file")
	}
	return t.csv(text, ',')
}

// add makes a column, which has had no value in the rows so far.
func (t *table) add(name string) *column {
	c := &column{Column: Column{Name: name, Null: -1}, rows: t.rows, words: &t.words}
	c.Nulls = t.rows
	word := t.opt.Schema[name]
	c.forced = schemaTypes[word]
	c.chosen = slices.Contains(t.opt.Columns, name) || word != ""
	_, mixed := t.notes[name]
	switch kept := len(t.opt.Columns) == 0 || slices.Contains(t.opt.Columns, name); {
	case !kept || c.forced == ignored:
		c.Type, c.forced = ignored, ignored
	case c.forced != undecided:
		c.become(c.forced)
	case mixed:
		c.note = t.notes[name]
		c.become(Category)
	}
	t.byName[name] = len(t.cols)
	t.cols = append(t.cols, c)
	return c
}

// wanted says whether the options keep the column.
func (c *column) wanted() bool { return c.forced != ignored }

// match finds the columns of a file by name, in its order; the first file makes them. An unchosen name may stand twice.
func (t *table) match(names []string) ([]*column, error) {
	if t.first == "" {
		t.first = t.name
		for _, name := range names {
			if _, ok := t.byName[name]; !ok {
				t.add(name)
			}
		}
		if err := t.known(); err != nil {
			return nil, err
		}
	}
	cols, seen := make([]*column, len(names)), map[*column]bool{}
	for i, name := range names {
		at, ok := t.byName[name]
		if !ok {
			return nil, fmt.Errorf("column %q is not one of %s, which has %s", name, t.first, t.names())
		}
		c := t.cols[at]
		if seen[c] && c.wanted() {
			return nil, fmt.Errorf("two columns are called %q: rename one, or choose others", name)
		}
		cols[i], seen[c] = c, true
	}
	for _, c := range t.cols {
		if !seen[c] && c.wanted() {
			return nil, fmt.Errorf("no column %q, which %s has: there are %s", c.Name, t.first, strings.Join(names, ", "))
		}
	}
	return cols, nil
}

// known refuses options that name columns which are not there.
func (t *table) known() error {
	for _, name := range t.opt.Columns {
		if _, ok := t.byName[name]; !ok {
			return fmt.Errorf("no column %q: there are %s", name, t.names())
		}
	}
	for _, name := range slices.Sorted(maps.Keys(t.opt.Schema)) {
		if _, ok := t.byName[name]; !ok {
			return fmt.Errorf("schema: no column %q: there are %s", name, t.names())
		}
	}
	return nil
}

func (t *table) names() string {
	var all []string
	for _, c := range t.cols {
		all = append(all, c.Name)
	}
	return strings.Join(all, ", ")
}

// refuse says what is wrong with a value that is not of its column's type. Where nobody said the type it is nothing: the
// column is mixed, and where says which value made it so.
func (t *table) refuse(c *column, value []byte, where func() string) error {
	shown := value
	if len(shown) > 40 {
		shown = append(slices.Clone(shown[:40]), "…"...)
	}
	if _, err := checkText(value); err != nil {
		return fmt.Errorf("column %s: %w", c.Name, err)
	}
	what, form := "finite number", ""
	if c.Type == Date {
		what, form = "date", " (2006-01-02, 2006-01-02T15:04:05Z)"
	}
	if c.forced != undecided {
		return fmt.Errorf("column %s: %q is not a %s%s, as the schema has it", c.Name, shown, what, form)
	}
	c.note = fmt.Sprintf("%q in %s is no %s", shown, where(), what)
	c.Type = mixed
	c.Numbers = nil
	return nil
}

// mixed is the columns that have to be read again as categories.
func (t *table) mixed() map[string]string {
	notes := map[string]string{}
	for _, c := range t.cols {
		if c.Type == mixed {
			notes[c.Name] = c.note
		}
	}
	return notes
}
