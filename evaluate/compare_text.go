package evaluate

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"modelcollapse/internal/num"
)

// WriteText writes the comparison as aligned columns, after the manner of benchstat: the delta of a row that is not
// significant reads ~, a ratio reads ×1.2, and footnotes say what was assumed and left out.
func (c Comparison) WriteText(w io.Writer) error {
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "a: %s\nb: %s\n", c.A, c.B)
	if len(c.Rows) > 0 {
		fmt.Fprintln(out)
		notes := c.writeRows(out)
		fmt.Fprintf(out, "\n~ not significant at %v %% after %s; intervals: Student's t, %v %% each, over replicates\n",
			100*c.Alpha, c.Adjustment, 100*c.Level)
		if slices.ContainsFunc(c.Rows, func(r ComparisonRow) bool { return r.Scale != "mean" }) {
			fmt.Fprintln(out, "× ratio b / a; a and b are exp of the mean of ln there")
		}
		for i, n := range notes {
			fmt.Fprintf(out, "%s %s\n", superscript(i+1), n)
		}
	}
	for _, s := range c.Absent {
		fmt.Fprintf(out, "not compared: %s\n", s)
	}
	return out.Flush()
}

// writeRows writes the columns and returns the footnotes, first seen first.
func (c Comparison) writeRows(w io.Writer) (notes []string) {
	table := [][]string{{"", "generation", "a", "b", "delta", fmt.Sprintf("%v %% interval", 100*c.Level), "p", "Holm", "n", ""}}
	before := ""
	for _, r := range c.Rows {
		var marks []string
		for _, n := range r.Notes {
			i := slices.Index(notes, n)
			if i < 0 {
				i, notes = len(notes), append(notes, n)
			}
			marks = append(marks, superscript(i+1))
		}
		name := seriesName(r.Series, r.Node)
		cells := append([]string{name}, r.cells()...)
		if name == before {
			cells[0] = ""
		}
		before = name
		table = append(table, append(cells, " "+strings.Join(marks, " ")))
	}
	writeColumns(w, table, 1, 9)
	return notes
}

// cells are generation, a, b, delta, interval, p, adjusted p and n of a row.
func (r ComparisonRow) cells() []string {
	sign := func(x num.Float) string { return signed(float64(x)) }
	if r.Scale != "mean" {
		sign = func(x num.Float) string { return "×" + short(float64(x)) }
	}
	delta, interval, n := "~", "", fmt.Sprintf("%d+%d", r.A.N, r.B.N)
	switch {
	case r.Delta != r.Delta:
		delta = ""
	case r.Significant, r.P != r.P: // without a test the delta is all there is
		delta = sign(r.Delta)
	}
	if r.Lo == r.Lo {
		interval = "[" + sign(r.Lo) + ", " + sign(r.Hi) + "]"
	}
	if r.Paired {
		n = counted(r.A.N, "pair", "pairs")
	}
	return []string{strconv.Itoa(r.Generation), short(float64(r.A.Center)), short(float64(r.B.Center)), delta, interval,
		chance(float64(r.P)), chance(float64(r.Adjusted)), n}
}

// writeColumns pads columns to equal width, in characters: those in from ≤ i < to on the left, the others on the
// right.
func writeColumns(w io.Writer, table [][]string, from, to int) {
	width := make([]int, len(table[0]))
	for _, row := range table {
		for i, s := range row {
			width[i] = max(width[i], utf8.RuneCountInString(s))
		}
	}
	for _, row := range table {
		var line strings.Builder
		for i, s := range row {
			pad := strings.Repeat(" ", width[i]-utf8.RuneCountInString(s))
			if i > 0 && i < to {
				line.WriteString("  ")
			}
			if i >= from && i < to {
				line.WriteString(pad + s)
			} else {
				line.WriteString(s + pad)
			}
		}
		fmt.Fprintln(w, strings.TrimRight(line.String(), " "))
	}
}

// short is x in four digits.
func short(x float64) string {
	if x != x {
		return ""
	}
	scientific := strconv.FormatFloat(x, 'e', 3, 64)
	_, power, _ := strings.Cut(scientific, "e")
	if e, err := strconv.Atoi(power); err == nil && x != 0 && e >= -3 && e <= 3 {
		return strconv.FormatFloat(x, 'f', 3-e, 64)
	}
	return strconv.FormatFloat(x, 'g', 4, 64)
}

func signed(x float64) string {
	if x > 0 {
		return "+" + short(x)
	}
	return short(x)
}

// chance is a probability in three decimals; nothing when there is none.
func chance(p float64) string {
	switch {
	case p != p:
		return ""
	case p < 0.0005:
		return "<0.001"
	}
	return strconv.FormatFloat(p, 'f', 3, 64)
}

func superscript(n int) string {
	return strings.Map(func(r rune) rune { return []rune("⁰¹²³⁴⁵⁶⁷⁸⁹")[r-'0'] }, strconv.Itoa(n))
}
