package generate

import (
	"encoding/binary"
	"fmt"
	"io"
)

// readMany reads a count and that many fixed-size values. A count that lies is an error, not an allocation: memory
// grows with what was really read.
func readMany[T int64 | float64](r io.Reader) ([]T, error) {
	var n int64
	if err := binary.Read(r, binary.LittleEndian, &n); err != nil {
		return nil, err
	}
	if n < 0 {
		return nil, fmt.Errorf("a count of %d", n)
	}
	const chunk = 1 << 16
	out := make([]T, 0, min(n, chunk))
	for left := n; left > 0; left -= chunk {
		from := len(out)
		out = append(out, make([]T, min(left, chunk))...)
		if err := binary.Read(r, binary.LittleEndian, out[from:]); err != nil {
			return nil, fmt.Errorf("%d of %d values: %w", from, n, io.ErrUnexpectedEOF)
		}
	}
	return out, nil
}

// writeMany writes what readMany reads.
func writeMany[T int64 | float64](w io.Writer, values []T) error {
	if err := binary.Write(w, binary.LittleEndian, int64(len(values))); err != nil {
		return err
	}
	return binary.Write(w, binary.LittleEndian, values)
}
