package results

import (
	"bufio"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"modelcollapse/internal/num"
)

// WriteMetrics writes metrics.csv: every value of every sealed cell in long form. Its bytes depend on the
// manifest and the records alone.
func (r *Reader) WriteMetrics() error {
	return r.folder.Put(metricsFile, r.ExportCSV)
}

// ExportCSV writes the long table: the columns arm, one a swept key, replicate, generation, node, series, value.
// Rows are in the order of cells in the manifest, generation, node, and of series as the axes list them, else as
// a record has them. A value has the fewest digits that read back exactly, or is NaN, Inf or -Inf.
func (r *Reader) ExportCSV(w io.Writer) error {
	out := bufio.NewWriterSize(w, 1<<16)
	keys := r.manifest.keys()
	head := []byte("arm")
	for _, k := range keys {
		head = appendCSV(append(head, ','), k)
	}
	if _, err := out.Write(append(head, ",replicate,generation,node,series,value\n"...)); err != nil {
		return err
	}
	columns := map[string][]byte{}
	for _, a := range r.manifest.Arms {
		columns[a.Name] = a.columns(keys)
	}
	e := exporter{axes: r.manifest.Axes, ranks: map[string]int{}}
	err := r.Each(func(cell CellInfo, rec Record) error {
		return e.record(out, columns[cell.Arm], cell, rec)
	})
	if err != nil {
		return err
	}
	return out.Flush()
}

// keys are the swept keys of all arms, in first-seen order.
func (m Manifest) keys() (keys []string) {
	for _, a := range m.Arms {
		for _, kv := range a.Point {
			if !slices.Contains(keys, kv[0]) {
				keys = append(keys, kv[0])
			}
		}
	}
	return keys
}

// columns is the start of every row of an arm: its name and its swept values, each followed by a comma.
func (a ArmInfo) columns(keys []string) []byte {
	b := append(appendCSV(nil, a.Name), ',')
	for _, k := range keys {
		i := slices.IndexFunc(a.Point, func(kv [2]string) bool { return kv[0] == k })
		if i >= 0 {
			b = appendCSV(b, a.Point[i][1])
		}
		b = append(b, ',')
	}
	return b
}

type exporter struct {
	axes   []Axis
	ranks  map[string]int
	prefix []byte
	row    []byte
}

func (e *exporter) record(out *bufio.Writer, columns []byte, cell CellInfo, rec Record) error {
	slices.SortStableFunc(rec.Values, e.compare)
	e.prefix = strconv.AppendInt(append(e.prefix[:0], columns...), int64(cell.Replicate), 10)
	e.prefix = strconv.AppendInt(append(e.prefix, ','), int64(rec.Generation), 10)
	for _, v := range rec.Values {
		e.row = strconv.AppendInt(append(append(e.row[:0], e.prefix...), ','), int64(v.Node), 10)
		e.row = appendCSV(append(e.row, ','), v.Series)
		e.row = append(appendNumber(append(e.row, ','), v.X), '\n')
		if _, err := out.Write(e.row); err != nil {
			return err
		}
	}
	return nil
}

// compare orders by node, then by the series' place among the axes; equal ones keep their order.
func (e *exporter) compare(a, b Value) int {
	if a.Node != b.Node {
		return a.Node - b.Node
	}
	return e.rank(a.Series) - e.rank(b.Series)
}

func (e *exporter) rank(series string) int {
	n, ok := e.ranks[series]
	if !ok {
		n = len(e.axes)
		best := -1
		for i, a := range e.axes {
			if fit := a.fits(series); fit > best {
				n, best = i, fit
			}
		}
		e.ranks[series] = n
	}
	return n
}

// appendCSV appends a field, quoted where RFC 4180 wants it.
func appendCSV(dst []byte, s string) []byte {
	if !strings.ContainsAny(s, ",\"\r\n") {
		return append(dst, s...)
	}
	dst = append(dst, '"')
	dst = append(dst, strings.ReplaceAll(s, `"`, `""`)...)
	return append(dst, '"')
}

func appendNumber(dst []byte, x float64) []byte {
	switch {
	case x != x:
		return append(dst, "NaN"...)
	case x > math.MaxFloat64:
		return append(dst, "Inf"...)
	case x < -math.MaxFloat64:
		return append(dst, "-Inf"...)
	}
	return num.AppendFloat(dst, x)
}
