package audit

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"modelcollapse/generate"
	"modelcollapse/generate/read"
)

// A table is rows of all sets under the columns of the real one, column by column: real rows, synthetic ones, then the
// hold-out and canaries.
type table struct {
	schema  generate.Schema
	columns []column
	rows    []generate.Record // the same, row by row
	real    int
	synth   int
	held    int // rows of the hold-out, behind the synthetic ones
	canary  int // behind those
	broken  []bool
	group   []int // of real and synthetic rows; nil: none belong together
	notes   []string
}

// daySeconds is how long a day is: dates are days since 1970.
const daySeconds = 86400

// A column is the cells of one column.
type column struct {
	name  string
	x     []float64      // numbers or days, NaN where missing; codes of categories
	code  []int32        // of categories alone
	kinds int            // of categories: those of the real rows first, those of others behind them
	wrong []bool         // cells that are of another type than the real ones; nil: none
	codes map[string]int // of categories, by text
	order []int32        // of numbers: the real and synthetic rows that have one, by rising number
}

func (c *column) numbers() bool { return c.code == nil }

// tableOf puts sets under the real columns. Types are the real ones': what cannot be read so is missing, and wrong. A column
// that a set lacks is wrong in every row of it.
func tableOf(t Tables) (*table, error) {
	schema, rows, notes := generate.TableOf(t.Real, t.Types)
	if len(schema) == 0 {
		return nil, fmt.Errorf("the real set: no column is left: %v", notes)
	}
	d := &table{schema: slices.Clone(schema), real: len(rows), notes: notes}
	for j, c := range d.schema {
		d.schema[j].Categories = slices.Clone(c.Categories)
		d.columns = append(d.columns, column{name: c.Name})
	}
	d.append(schema, rows, "")
	for _, set := range []struct {
		name  string
		frame *read.Frame
		n     *int
	}{{"synthetic", t.Synthetic, &d.synth}, {"hold-out", t.HoldOut, &d.held}, {"canaries", t.Canaries, &d.canary}} {
		if set.frame == nil {
			continue
		}
		as := map[string]string{}
		for _, c := range set.frame.Columns {
			as[c.Name] = "kept" // an id that is one in the real set is not among its columns
		}
		s, r, _ := generate.TableOf(set.frame, as)
		*set.n = len(r)
		d.append(s, r, set.name)
	}
	if err := d.groupBy(t.Group); err != nil {
		return nil, err
	}
	if err := t.Rules.check(d); err != nil {
		return nil, err
	}
	d.finish(t.Rules)
	return d, d.heldOut()
}

// append adds the rows of a set.
func (d *table) append(from generate.Schema, rows []generate.Record, set string) {
	for j := range d.columns {
		at := slices.IndexFunc(from, func(c generate.Column) bool { return c.Name == d.schema[j].Name })
		if at < 0 {
			d.notes = append(d.notes, fmt.Sprintf("the %s set has no column %s", set, d.schema[j].Name))
		}
		d.cells(j, at, from, rows)
	}
	if set == "synthetic" {
		for _, c := range from {
			if !slices.ContainsFunc(d.schema, func(own generate.Column) bool { return own.Name == c.Name }) {
				d.notes = append(d.notes, fmt.Sprintf("the synthetic set has a column %s that is not compared", c.Name))
			}
		}
	}
}

// cells adds column at of rows to column j.
func (d *table) cells(j, at int, from generate.Schema, rows []generate.Record) {
	c := &d.columns[j]
	read := d.reader(j, at, from)
	for _, row := range rows {
		x, wrong := 0.0, true
		if at >= 0 {
			x, wrong = read(row[at])
		} else if x = math.NaN(); !d.schema[j].Numbers() {
			x = float64(d.codeOf(j, ""))
		}
		if wrong {
			c.wrong = append(c.wrong, make([]bool, len(c.x)+1-len(c.wrong))...)
			c.wrong[len(c.x)] = true
		}
		c.x = append(c.x, x)
	}
}

// reader turns cells of another set's column into ours, and says whether a cell is of a wrong type.
func (d *table) reader(j, at int, from generate.Schema) func(float64) (float64, bool) {
	if at < 0 {
		return nil
	}
	own, other := d.schema[j], from[at]
	switch {
	case own.Numbers() && other.Type == own.Type:
		return func(x float64) (float64, bool) { return x, false }
	case own.Numbers() && other.Numbers():
		return func(x float64) (float64, bool) { return math.NaN(), x == x }
	case own.Numbers():
		as := make([]float64, len(other.Categories))
		for k, text := range other.Categories {
			as[k] = valueOf(text, own.Type)
		}
		return func(x float64) (float64, bool) {
			return as[int(x)], as[int(x)] != as[int(x)] && other.Categories[int(x)] != ""
		}
	case other.Numbers():
		return func(x float64) (float64, bool) { return float64(d.codeOf(j, other.Text(x))), false }
	}
	as := make([]float64, len(other.Categories))
	for k, text := range other.Categories {
		as[k] = float64(d.codeOf(j, text))
	}
	return func(x float64) (float64, bool) { return as[int(x)], false }
}

// valueOf is a text as a number or a day; NaN: it is none.
func valueOf(text, typ string) float64 {
	if typ == generate.Date {
		if seconds, ok := read.DateOf(text); ok {
			return math.Floor(seconds / daySeconds)
		}
		return math.NaN()
	}
	if x, err := strconv.ParseFloat(text, 64); err == nil && !math.IsInf(x, 0) {
		return x
	}
	return math.NaN()
}

// codeOf is the code of a category, a new one if nobody had it.
func (d *table) codeOf(j int, text string) int {
	c := &d.columns[j]
	if c.codes == nil {
		c.codes = map[string]int{}
		for k, known := range d.schema[j].Categories {
			c.codes[known] = k
		}
	}
	k, ok := c.codes[text]
	if !ok {
		k = len(d.schema[j].Categories)
		c.codes[text], d.schema[j].Categories = k, append(d.schema[j].Categories, text)
	}
	return k
}

// finish sorts numbers, copies codes, and turns columns into rows.
func (d *table) finish(rules Rules) {
	n := len(d.columns[0].x)
	flat := make([]float64, n*len(d.columns))
	d.rows = make([]generate.Record, n)
	for i := range d.rows {
		d.rows[i] = flat[i*len(d.columns) : (i+1)*len(d.columns)]
	}
	for j := range d.columns {
		c := &d.columns[j]
		for i, x := range c.x {
			d.rows[i][j] = x
		}
		if c.wrong != nil {
			c.wrong = append(c.wrong, make([]bool, n-len(c.wrong))...)
		}
		if d.schema[j].Numbers() {
			c.sort(d.real + d.synth)
			continue
		}
		c.kinds, c.code = len(d.schema[j].Categories), make([]int32, n)
		for i, x := range c.x {
			c.code[i] = int32(x)
		}
	}
	d.broken = rules.broken(d)
}

// sort orders the rows of the first n that have a number.
func (c *column) sort(n int) {
	c.order = make([]int32, 0, n)
	for i, x := range c.x[:n] {
		if x == x {
			c.order = append(c.order, int32(i))
		}
	}
	slices.SortStableFunc(c.order, func(a, b int32) int {
		switch x, y := c.x[a], c.x[b]; {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	})
}

// part is the name of a column in those of statistics; one that would be taken for the worst of all is numbered.
func (d *table) part(j int) string {
	name := d.columns[j].name
	for name == "worst" || slices.ContainsFunc(d.columns[:j], func(c column) bool { return c.name != d.columns[j].name && c.name == name }) {
		name += "_2"
	}
	return name
}

// missing says that a cell has no value.
func (d *table) missing(i, j int) bool {
	c := &d.columns[j]
	if c.numbers() {
		return c.x[i] != c.x[i]
	}
	return d.schema[j].Categories[c.code[i]] == ""
}

// fewGroups is how many groups of real rows there must be.
const fewGroups = 10

// groupBy takes a column away, and has rows belong together whose cell it is. Missing cells are alone.
func (d *table) groupBy(name string) error {
	if name == "" {
		return nil
	}
	j := slices.IndexFunc(d.columns, func(c column) bool { return c.name == name })
	if j < 0 {
		return fmt.Errorf("group: there is no column %q", name)
	}
	at := map[float64]int{}
	for i, x := range d.columns[j].x[:d.real+d.synth] {
		g, ok := at[x]
		if !ok || x != x || !d.schema[j].Numbers() && d.schema[j].Categories[int(x)] == "" {
			g = i
			at[x] = g
		}
		d.group = append(d.group, g)
	}
	of := map[int]bool{}
	for _, g := range d.group[:d.real] {
		of[g] = true
	}
	if len(of) < fewGroups {
		return fmt.Errorf("group: %s has %d values among the real rows: want at least %d, to split them", name, len(of), fewGroups)
	}
	d.columns, d.schema = slices.Delete(d.columns, j, j+1), slices.Delete(d.schema, j, j+1)
	if len(d.columns) == 0 {
		return fmt.Errorf("group: %s is the only column", name)
	}
	return nil
}
