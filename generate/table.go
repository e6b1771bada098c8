package generate

import (
	"fmt"
	"math"
	"strings"
)

// A Record is one row of a table, a cell a column, as its Schema says: numbers are themselves (a missing one is NaN), dates
// days since 1970-01-01, categories their codes 0, 1, 2 …, a missing category being one of its own. The rows of one Draw
// are views of one backing array.
type Record []float64

// The types of columns.
const (
	Numeric  = "numeric"
	Category = "category"
	Date     = "date"
)

// A Column is what the cells of a column mean.
type Column struct {
	Name       string
	Type       string   // Numeric, Category or Date
	Categories []string // of a category column, by code; "" is the missing one
	Whole      bool     // a numeric column of whole numbers
}

// Numbers reports that cells are numbers, or days.
func (c Column) Numbers() bool { return c.Type != Category }

// Text is a cell as a file would have it; a missing one is empty.
func (c Column) Text(x float64) string {
	switch {
	case math.IsNaN(x):
		return ""
	case c.Type == Date:
		return dayText(x)
	case c.Type != Category:
		return fmt.Sprint(x)
	case !c.has(x):
		return fmt.Sprintf("category %g of %d", x, len(c.Categories))
	}
	return c.Categories[int(x)]
}

// has reports that a code is one of the column's.
func (c Column) has(x float64) bool {
	return x >= 0 && x < float64(len(c.Categories)) && x == math.Trunc(x)
}

// A Schema is the columns of a table.
type Schema []Column

// String is names and types.
func (s Schema) String() string {
	var words []string
	for _, c := range s {
		word := c.Name + " " + c.Type
		if c.Type == Category {
			word += fmt.Sprintf(" of %d", len(c.Categories))
		}
		words = append(words, word)
	}
	return strings.Join(words, ", ")
}

// TableRows is the kind of rows of tables. All rows of a block have equally many columns.
var TableRows = Kind[Record]{
	Name:   "table",
	Bytes:  func(row Record) int { return 24 + 8*len(row) },
	Encode: encodeVectors[Record],
	Decode: decodeVectors[Record],
}

// SchemaOf is what a truth says of its columns.
func SchemaOf(truth Source[Record]) (Schema, error) {
	t, ok := truth.(interface{ Schema() Schema })
	if !ok || len(t.Schema()) == 0 {
		return nil, fmt.Errorf("%T does not say which columns it has", truth)
	}
	return t.Schema(), nil
}
