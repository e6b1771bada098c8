package audit

import (
	"encoding/csv"
	"io"
	"strconv"
)

// WriteGaps writes gaps.csv: kind, name, value, expected, found, missing, low, high (of an interval), a line a gap, the largest first.
func (r *Report) WriteGaps(w io.Writer) error {
	c := csv.NewWriter(w)
	lines := [][]string{{"kind", "name", "value", "expected", "found", "missing", "low", "high"}}
	for _, g := range r.Gaps {
		lines = append(lines, []string{g.Kind, g.Name, g.Value, plain(g.Expected), plain(g.Found), plain(g.Missing), g.Low, g.High})
	}
	return c.WriteAll(lines)
}

// plain is a number in six digits.
func plain(x float64) string { return strconv.FormatFloat(x, 'g', 6, 64) }
