package audit

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"unicode"
)

// What one screen holds.
const (
	shownDetails = 8  // statistics of a column or a decile, those that differ most
	shownWords   = 12 // sentences
	shownColumns = 8
	nameWidth    = 44 // runes of a name
	usualWidth   = 100
	wideTable    = 100 // columns from which on a table says what matters and what would decide
)

// WriteText writes the report in lines of at most 100 characters, but for the table.
func (r *Report) WriteText(w io.Writer) error { return r.WriteWide(w, 0) }

// WriteWide writes the report for a terminal of that many columns (0: any): what was read, the statistics by part, plain sentences, what is not measured, the verdict.
func (r *Report) WriteWide(w io.Writer, columns int) error {
	fold := min(usualWidth, columns)
	if columns == 0 {
		fold = usualWidth
	}
	var b strings.Builder
	fmt.Fprintln(&b, folded(fmt.Sprintf("audit of %s (%s): %s", clean(r.Name), r.Kind, r.sizes()), "  ", fold))
	if len(r.Read) > 0 && len(r.Read[0].Columns) > 0 {
		c := r.Read[0].Columns
		text := strings.Join(c[:min(shownColumns, len(c))], "; ") + more(len(c)-shownColumns)
		fmt.Fprintln(&b, folded("columns: "+clean(text), "  ", fold))
	}
	b.WriteByte('\n')
	lines, left := r.table(columns)
	align(&b, lines, columns)
	if left > 0 {
		fmt.Fprintf(&b, "and %d of single columns and deciles, in audit.md\n", left)
	}
	b.WriteByte('\n')
	for i, s := range r.Words {
		if i == shownWords {
			fmt.Fprintf(&b, "and %d more in audit.md\n", len(r.Words)-i)
			break
		}
		fmt.Fprintln(&b, folded(clean(s), "  ", fold))
	}
	for _, s := range r.absences() {
		fmt.Fprintln(&b, folded(clean(s), "  ", fold))
	}
	if n := len(r.Gaps); n > 0 {
		fmt.Fprintln(&b, folded(fmt.Sprintf("%d gaps in gaps.csv, first %s", n, clean(r.Gaps[0].String())), "  ", fold))
	}
	fmt.Fprintf(&b, "\n%s\n", folded("verdict: "+string(r.Outcome)+": "+clean(r.Why), "  ", fold))
	_, err := io.WriteString(w, b.String())
	return err
}

// absences say what was not measured, a sentence a reason.
func (r *Report) absences() (all []string) {
	var parts [][]string
	var why []string
	for _, m := range r.Missing {
		k := slices.Index(why, m.Why)
		if k < 0 {
			k, why, parts = len(why), append(why, m.Why), append(parts, nil)
		}
		parts[k] = append(parts[k], m.Part)
	}
	for k := range why {
		all = append(all, fmt.Sprintf("not measured of %s: %s", strings.Join(parts[k], ", "), why[k]))
	}
	return all
}

// sizes says how many there are and how many are compared.
func (r *Report) sizes() string {
	var sets []string
	for _, x := range r.Read {
		sets = append(sets, fmt.Sprintf("%s %s", grouped(x.Rows), x.Set))
	}
	return fmt.Sprintf("%s; %s %s a side, %s splits, %s exchanges", strings.Join(sets, ", "), grouped(r.Rows), r.Unit, grouped(r.Splits), grouped(r.Exchanges))
}

// table is a line of cells a statistic, below its part, and how many it leaves out. A narrow one has neither what matters nor what would decide.
func (r *Report) table(columns int) (lines [][]string, left int) {
	shown := map[string]bool{}
	for _, x := range r.with(Differs) {
		if x.Detail && len(shown) < shownDetails {
			shown[x.Name] = true
		}
	}
	narrow := columns > 0 && columns < wideTable
	lines = [][]string{{"", "found", "null mean [2.5, 97.5 %]", "effect", "matters", ""}}
	if narrow {
		lines[0] = []string{"", "found", "null 95 %", "effect", ""}
	}
	part := ""
	for _, x := range r.Results {
		if x.Detail && !shown[x.Name] {
			left++
			continue
		}
		if x.Part != part {
			part = x.Part
			lines = append(lines, []string{part})
		}
		lines = append(lines, x.cells(narrow))
	}
	return lines, left
}

// cells are the columns of a table.
func (x Result) cells(narrow bool) []string {
	null := fmt.Sprintf("[%s, %s]", digits(float64(x.Null.Low)), digits(float64(x.Null.High)))
	name, found, effect := "  "+short(clean(x.Name)), digits(float64(x.Found)), signed(float64(x.Effect))
	if !narrow {
		return []string{name, found, digits(float64(x.Null.Mean)) + " " + null, effect, x.matters(), x.said()}
	}
	said := string(x.Answer)
	if x.Answer == Differs {
		said = "DIFFERS"
	}
	return []string{name, found, null, effect, said}
}

// align writes cells below each other, in at most so many columns (0: any): the first cell gives way.
func align(b *strings.Builder, lines [][]string, columns int) {
	var width []int
	for _, line := range lines {
		for k, cell := range line {
			if k == len(width) {
				width = append(width, 0)
			}
			width[k] = max(width[k], len([]rune(cell)))
		}
	}
	const gap, least = 2, 12
	rest := gap * (len(width) - 1)
	for _, w := range width[1:] {
		rest += w
	}
	if columns > 0 {
		width[0] = min(width[0], max(least, columns-rest))
	}
	for _, line := range lines {
		text := ""
		for k, cell := range line {
			if r := []rune(cell); k == 0 && len(r) > width[0] {
				cell = string(r[:width[0]-1]) + "…"
			}
			text += cell + strings.Repeat(" ", width[k]-len([]rune(cell))+gap)
		}
		b.WriteString(strings.TrimRight(text, " ") + "\n")
	}
}

// matters is the threshold with its direction.
func (x Result) matters() string {
	return [...]string{"± ", "+", "−"}[x.Worse] + digits(x.Threshold)
}

// said is the answer, with what would decide an undecided one.
func (x Result) said() string {
	switch {
	case x.Answer == Differs:
		return fmt.Sprintf("DIFFERS (p %.2g)", float64(x.Adjusted))
	case x.Answer == Slight:
		return fmt.Sprintf("slight (p %.2g)", float64(x.Adjusted))
	case x.Answer == Undecided && x.Decides > 0:
		return fmt.Sprintf("undecided: needs %s", grouped(x.Decides))
	}
	return string(x.Answer)
}

// plural is "1 row" or "2,000 rows".
func plural(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return grouped(n) + " " + one + "s"
}

// grouped writes 12,345.
func grouped(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// digits is a number in three digits.
func digits(x float64) string {
	switch {
	case x != x:
		return "–"
	case x == 0 || math.Abs(x) < 1e-12:
		return "0"
	case math.Abs(x) >= 1000 && math.Abs(x) < 1e15:
		return fmt.Sprintf("%.0f", x)
	}
	return fmt.Sprintf("%.3g", x)
}

func signed(x float64) string {
	if x > 0 {
		return "+" + digits(x)
	}
	return strings.Replace(digits(x), "-", "−", 1)
}

// clean is text without what moves a terminal's cursor.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return '·'
		}
		return r
	}, s)
}

func short(s string) string {
	if r := []rune(s); len(r) > nameWidth {
		return string(r[:nameWidth-1]) + "…"
	}
	return s
}

// folded breaks text at so many columns; further lines begin with indent.
func folded(text, indent string, columns int) string {
	var b strings.Builder
	line := 0
	for i, word := range strings.Fields(text) {
		switch n := len([]rune(word)); {
		case i > 0 && line+1+n > columns:
			b.WriteString("\n" + indent + word)
			line = len(indent) + n
		case i > 0:
			b.WriteString(" " + word)
			line += 1 + n
		default:
			b.WriteString(word)
			line = n
		}
	}
	return b.String()
}

// String says what is missing where.
func (g Gap) String() string {
	return fmt.Sprintf("%s %s, %s: %s of %s", g.Kind, g.Name, g.Value, digits(g.Found), digits(g.Expected))
}
