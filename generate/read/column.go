package read

import (
	"fmt"
	"math"
)

// A Type says what the values of a column are.
type Type int

const (
	undecided Type = iota // nothing but nulls so far
	Numeric               // finite numbers; a null is NaN
	Category              // texts; nulls are a category of their own
	Date                  // seconds since 1970, UTC; a null is NaN
	ignored               // not kept
	mixed                 // to be read again as categories
)

// String is the name that a schema has for it.
func (t Type) String() string {
	return [...]string{"undecided", "numeric", "category", "date", "ignored", "mixed"}[t]
}

// A Column is the values of one column, all of them in memory.
type Column struct {
	Name       string
	Type       Type
	Numbers    []float64 // of Numeric and Date, a value a row
	Codes      []uint32  // of Category, an index into Categories a row
	Categories []string  // in the order in which they first appear
	Null       int       // which of Categories stands for nulls, with the name ""; −1: there are none
	Nulls      int       // rows without a value
}

// maxCategories bounds the texts of a column that nobody asked for: more of them are prose, or names.
const maxCategories = 1 << 20

// A column is one that is being read.
type column struct {
	Column
	forced Type // by the schema; undecided: the values say it
	chosen bool // named by the options, or by the schema: never dropped
	note   string
	reason string // why it was dropped
	rows   int
	index  map[string]uint32
	words  *nullWords
}

// A nullWords is the texts that stand for nulls in formats that have no nulls.
type nullWords []string

// DefaultNulls are the texts that CSV and TSV files write for a missing value.
var DefaultNulls = []string{"", "NA", "N/A", "NaN", "nan", "null", "NULL", "None"}

func (w *nullWords) has(field []byte) bool {
	field = trimmed(field)
	for _, word := range *w {
		if string(field) == word {
			return true
		}
	}
	return false
}

// field adds a value of a format that writes everything as text; false: it is not of the column's type.
func (c *column) field(f []byte) bool {
	switch c.Type {
	case Numeric:
		if x, ok := number(f); ok {
			c.Numbers = append(c.Numbers, x)
			c.rows++
			return true
		}
	case Date:
		if x, ok := date(f); ok {
			c.put(x)
			return true
		}
	case Category:
		if code, ok := c.index[string(f)]; ok {
			c.code(code)
			return true
		}
	case ignored, mixed:
		return true
	}
	if c.words.has(f) {
		c.null()
		if c.Type == Category {
			c.index[string(f)] = uint32(c.Null)
		}
		return true
	}
	if c.Type == undecided {
		c.decide(f, true)
		return c.field(f)
	}
	return c.Type == Category && c.category(f)
}

// text adds a value that is a text and no null, of a format that tells texts from numbers.
func (c *column) text(f []byte) bool {
	switch c.Type {
	case ignored, mixed:
		return true
	case undecided:
		c.decide(f, false)
		return c.text(f)
	case Category:
		return c.category(f)
	case Date:
		x, ok := date(f)
		if ok {
			c.put(x)
		}
		return ok
	}
	if c.forced != Numeric {
		return false
	}
	x, ok := number(f)
	if ok {
		c.put(x)
	}
	return ok
}

// number adds a number that is written as f.
func (c *column) number(x float64, f []byte) bool {
	switch c.Type {
	case Numeric:
		c.put(x)
	case undecided:
		c.become(Numeric)
		c.put(x)
	case Category:
		return c.category(f)
	case Date:
		if c.forced != Date { // a number that the schema calls a date is seconds
			return false
		}
		c.put(x)
	}
	return true
}

// decide takes the type of the first value.
func (c *column) decide(f []byte, numbers bool) {
	if _, ok := number(f); ok && numbers {
		c.become(Numeric)
	} else if _, ok := date(f); ok {
		c.become(Date)
	} else {
		c.become(Category)
	}
}

// become sets the type; the rows so far were all nulls.
func (c *column) become(t Type) {
	c.Type = t
	if t == Category {
		c.index = map[string]uint32{}
	}
	for range c.rows {
		c.fillNull()
	}
}

func (c *column) put(x float64) {
	c.Numbers = append(c.Numbers, x)
	c.rows++
}

func (c *column) code(code uint32) {
	if int(code) == c.Null {
		c.Nulls++
	}
	c.Codes = append(c.Codes, code)
	c.rows++
}

// null adds a row without a value.
func (c *column) null() {
	c.Nulls++
	c.rows++
	c.fillNull()
}

func (c *column) fillNull() {
	switch c.Type {
	case Numeric, Date:
		c.Numbers = append(c.Numbers, math.NaN())
	case Category:
		if c.Null < 0 {
			c.Null = len(c.Categories)
			c.Categories = append(c.Categories, "")
		}
		c.Codes = append(c.Codes, uint32(c.Null))
	}
}

// category adds a text to a column of categories; false: it is no text.
func (c *column) category(f []byte) bool {
	code, ok := c.index[string(f)]
	if !ok {
		if _, err := checkText(f); err != nil {
			return false
		}
		code = uint32(len(c.Categories))
		if !c.chosen && code >= maxCategories {
			c.drop(fmt.Sprintf("more than %d texts: prose, or names; a schema that says category keeps it", maxCategories))
			return true
		}
		c.index[string(f)] = code
		c.Categories = append(c.Categories, string(f))
	}
	c.code(code)
	return true
}

// drop forgets the column.
func (c *column) drop(reason string) {
	c.Type, c.reason = ignored, reason
	c.index, c.Codes, c.Categories, c.Numbers = nil, nil, nil, nil
}
