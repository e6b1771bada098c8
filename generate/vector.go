package generate

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"math"
)

// Vector is one row of real numbers, a number a column. The rows of one Draw are views of one backing array.
type Vector = []float64

// Vectors is the kind of vectors. All rows of a block have equally many columns.
var Vectors = Kind[Vector]{
	Name:   "vector",
	Bytes:  func(row Vector) int { return 24 + 8*len(row) },
	Encode: encodeVectors[Vector],
	Decode: decodeVectors[Vector],
}

// encodeVectors writes how many rows, how many columns, and the numbers row by row, little endian.
func encodeVectors[R ~[]float64](w io.Writer, rows []R) error {
	columns := 0
	if len(rows) > 0 {
		columns = len(rows[0])
	}
	b := bufio.NewWriter(w)
	buf := binary.LittleEndian.AppendUint64(nil, uint64(len(rows)))
	b.Write(binary.LittleEndian.AppendUint64(buf, uint64(columns))) // b keeps the first error
	for i, row := range rows {
		if len(row) != columns {
			return fmt.Errorf("row %d has %d columns, row 0 has %d: the rows of a block must have equally many", i, len(row), columns)
		}
		for _, x := range row {
			b.Write(binary.LittleEndian.AppendUint64(buf[:0], math.Float64bits(x)))
		}
	}
	return b.Flush()
}

// decodeVectors reads what encodeVectors wrote, into views of one backing array.
func decodeVectors[R ~[]float64](r io.Reader) ([]R, error) {
	var size [2]uint64
	if err := binary.Read(r, binary.LittleEndian, &size); err != nil {
		return nil, err
	}
	n, columns := size[0], size[1]
	if n > math.MaxInt32 || columns > math.MaxInt32 || columns == 0 && n > 1<<20 {
		return nil, fmt.Errorf("%d rows of %d columns: no stored block is that large", n, columns)
	}
	if n == 0 {
		return nil, nil
	}
	var flat []float64 // grows with what is really there, whatever the header claims
	b, buf := bufio.NewReader(r), make([]byte, 8)
	for range n * columns {
		if _, err := io.ReadFull(b, buf); err != nil {
			return nil, io.ErrUnexpectedEOF
		}
		flat = append(flat, math.Float64frombits(binary.LittleEndian.Uint64(buf)))
	}
	return views(make([]R, 0, n), flat, int(n), int(columns)), nil
}

// views appends n rows that lie one behind the other in flat.
func views[R ~[]float64](dst []R, flat []float64, n, columns int) []R {
	for i := range n {
		dst = append(dst, flat[i*columns:(i+1)*columns:(i+1)*columns])
	}
	return dst
}

// columnsOf is how many columns a truth has: what it says, or those of its first row; 0: it does not say.
func columnsOf(truth Source[Vector]) int {
	switch t := truth.(type) {
	case interface{ Dim() int }:
		return t.Dim()
	case Finite[Vector]:
		if rows := t.Rows(); len(rows) > 0 {
			return len(rows[0])
		}
	}
	return 0
}
