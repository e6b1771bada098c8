package generate

import (
	"io"
	"math/rand/v2"
)

// A Kind is what the engine must know of a type of row. The set is closed: Scalars, Vectors, Labelled, Tokens, Histograms, Tables.
type Kind[E any] struct {
	Name     string
	Count    func(rows []E) int                                                     // draws that rows stand for; nil: len(rows)
	Units    func(row E) int                                                        // tokens of a row; nil: 1
	Cut      func(row E, units int) E                                               // its first units; nil: rows are never cut
	Bytes    func(row E) int                                                        // memory of a row, for estimates
	Resample func(dst []E, from Sample[E], n int, replace bool, rng *rand.Rand) []E // n draws from rows that exist; nil: row by row
	Encode   func(w io.Writer, rows []E) error                                      // for stored blocks and kept samples
	Decode   func(r io.Reader) ([]E, error)
}

// Draws is the number of draws that rows stand for.
func (k Kind[E]) Draws(rows []E) int {
	if k.Count == nil {
		return len(rows)
	}
	return k.Count(rows)
}

// UnitsOf is the number of units (tokens) of rows.
func (k Kind[E]) UnitsOf(rows []E) int {
	if k.Units == nil {
		return k.Draws(rows)
	}
	n := 0
	for _, r := range rows {
		n += k.Units(r)
	}
	return n
}
