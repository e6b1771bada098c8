package audit

import (
	"fmt"
	"io"
	"path"
	"strings"

	"modelcollapse/internal/show"
)

// shownGaps is how many gaps audit.md shows.
const shownGaps = 30

// WriteMarkdown writes the whole report with its figures, which are named by path.
func (r *Report) WriteMarkdown(w io.Writer, figures []string) error {
	var b strings.Builder
	r.head(&b)
	for _, part := range Parts() {
		r.part(&b, part, figures)
	}
	r.gapTable(&b)
	_, err := io.WriteString(w, b.String())
	return err
}

// WriteSummary writes verdict, sentences and what differs: for the page of a build.
func (r *Report) WriteSummary(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "## Audit of %s: %s\n\n%s\n\n", Escaped(r.Name), r.Outcome, Escaped(r.Why))
	if differ := r.with(Differs); len(differ) > 0 {
		rows(&b, differ)
	}
	for _, s := range r.Words {
		fmt.Fprintf(&b, "- %s\n", Escaped(s))
	}
	_, err := io.WriteString(w, b.String()+"\n")
	return err
}

// head is verdict, sentences, how to read the numbers, and what was read.
func (r *Report) head(b *strings.Builder) {
	fmt.Fprintf(b, "# Audit of %s\n\n**%s**: %s\n\n", Escaped(r.Name), r.Outcome, Escaped(r.Why))
	for _, s := range r.Words {
		fmt.Fprintf(b, "- %s\n", Escaped(s))
	}
	for _, s := range r.absences() {
		fmt.Fprintf(b, "- %s\n", Escaped(s))
	}
	fmt.Fprintf(b, "\nEvery number stands beside its null: the same number between two disjoint halves of the real set, %d times, of as many %s (%s a side). "+
		"The effect is what was found less the null's mean; it differs if it is at least what matters and, over all numbers together, beyond chance: "+
		"the sides of the compared %s are exchanged at random %s times, and the largest standardised value of each exchange keeps the chance of any false alarm at %g "+
		"(step-down maxT). Alike: an effect that matters would have been seen with 90 %%, as *seen from* says: the least effect that this many rows show so; or one that matters lies above *at most*, the largest effect that what was found leaves possible. Undecided: neither, and as many %s a side as stands there would decide it.\n",
		r.Splits, r.Unit, grouped(r.Rows), r.Unit, grouped(r.Exchanges), r.Alpha, r.Unit)
	b.WriteString("\n## What was read\n\n")
	for _, x := range r.Read {
		fmt.Fprintf(b, "- %s: %s\n", x.Set, x.from(r.set()))
		for _, c := range append(append([]string{}, x.Columns...), x.Notes...) {
			fmt.Fprintf(b, "  - %s\n", Escaped(c))
		}
	}
}

// set is what a set consists of.
func (r *Report) set() string {
	if r.Kind == "text" {
		return "document"
	}
	return "row"
}

// from says which files, how many rows or documents, and their digest, as far as they are known.
func (x Read) from(one string) string {
	var parts []string
	if len(x.Files) > 0 {
		parts = append(parts, Escaped(strings.Join(x.Files, ", ")))
	}
	parts = append(parts, plural(x.Rows, one))
	if x.SHA256 != "" {
		parts = append(parts, "SHA-256 `"+x.SHA256+"`")
	}
	return strings.Join(parts, ", ")
}

// part is the statistics of one part, with its figures.
func (r *Report) part(b *strings.Builder, part string, figures []string) {
	var all []Result
	for _, x := range r.Results {
		if x.Part == part {
			all = append(all, x)
		}
	}
	if len(all) == 0 {
		return
	}
	fmt.Fprintf(b, "\n## %s%s\n\n", strings.ToUpper(part[:1]), part[1:])
	rows(b, all)
	said := map[string]bool{}
	for _, x := range all {
		if !said[x.What] {
			said[x.What] = true
			fmt.Fprintf(b, "- %s: %s\n", Escaped(x.Name), Escaped(x.What))
		}
	}
	for _, f := range figures {
		if r.partOf(strings.TrimSuffix(path.Base(f), path.Ext(f))) == part {
			fmt.Fprintf(b, "\n![%s](%s)\n", Escaped(part), f)
		}
	}
}

// partOf is the part that a figure belongs to, by its file.
func (r *Report) partOf(file string) string {
	for _, c := range r.Curves {
		if c.Name == file && len(c.Statistics) > 0 {
			x, _ := r.Result(c.Statistics[0])
			return x.Part
		}
	}
	for _, part := range Parts() {
		if fileOf(part) == file {
			return part
		}
	}
	return ""
}

// rows is a table of results.
func rows(b *strings.Builder, all []Result) {
	b.WriteString("| statistic | found | null mean | 2.5 % | 97.5 % | effect | matters | seen from | at most | p | answer |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|---|\n")
	for _, x := range all {
		fmt.Fprintf(b, "| %s | %s | %s | %s | %s | %s | %s | %s | %s | %s | %s |\n", Escaped(x.Name), digits(float64(x.Found)), digits(float64(x.Null.Mean)), digits(float64(x.Null.Low)),
			digits(float64(x.Null.High)), signed(float64(x.Effect)), x.matters(), digits(float64(x.Detectable)), digits(float64(x.AtMost)), digits(float64(x.Adjusted)), x.said())
	}
	b.WriteByte('\n')
}

// gapTable is the largest gaps.
func (r *Report) gapTable(b *strings.Builder) {
	if len(r.Gaps)+r.Hidden == 0 {
		return
	}
	b.WriteString("\n## Gaps\n\n")
	if len(r.Gaps) > 0 {
		b.WriteString("| kind | where | value | expected | found | missing |\n|---|---|---|--:|--:|--:|\n")
	}
	for _, g := range r.Gaps[:min(shownGaps, len(r.Gaps))] {
		fmt.Fprintf(b, "| %s | %s | %s | %s | %s | %s |\n", Escaped(g.Kind), Escaped(g.Name), Escaped(g.Value), digits(g.Expected), digits(g.Found), digits(g.Missing))
	}
	if left := len(r.Gaps) - shownGaps; left > 0 {
		fmt.Fprintf(b, "\n%d more in gaps.csv.\n", left)
	}
	if r.Hidden > 0 {
		fmt.Fprintf(b, "\n%d gaps of fewer than %d real %s are hidden; --small-cells shows them.\n", r.Hidden, smallCell, r.Unit)
	}
}

// Escaped is text of the user's as text of Markdown and HTML.
func Escaped(s string) string { return show.Markdown(clean(s)) }
