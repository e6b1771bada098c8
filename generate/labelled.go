package generate

import (
	"bufio"
	"fmt"
	"io"
)

// A Labelled row is an input and its label. The inputs of one Draw are views of one backing array.
type Labelled struct {
	X []float64
	Y float64
}

// LabelledRows is the kind of inputs with labels. All rows of a block have equally many columns.
var LabelledRows = Kind[Labelled]{
	Name:   "labelled",
	Bytes:  func(row Labelled) int { return 32 + 8*len(row.X) },
	Encode: encodeLabelled,
	Decode: decodeLabelled,
}

// encodeLabelled writes the inputs as vectors and then the labels.
func encodeLabelled(w io.Writer, rows []Labelled) error {
	x, y := make([]Vector, len(rows)), make([]float64, len(rows))
	for i, r := range rows {
		x[i], y[i] = r.X, r.Y
	}
	if err := encodeVectors(w, x); err != nil {
		return err
	}
	return writeMany(w, y)
}

// decodeLabelled reads what encodeLabelled wrote.
func decodeLabelled(r io.Reader) ([]Labelled, error) {
	b := bufio.NewReader(r)
	x, err := decodeVectors[Vector](b)
	if err != nil {
		return nil, err
	}
	y, err := readMany[float64](b)
	if err != nil {
		return nil, err
	}
	if len(x) != len(y) {
		return nil, fmt.Errorf("%d inputs and %d labels", len(x), len(y))
	}
	rows := make([]Labelled, len(x))
	for i := range rows {
		rows[i] = Labelled{x[i], y[i]}
	}
	return rows, nil
}
