package cli

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"modelcollapse/configs/papers"
	"modelcollapse/experiments"
	"modelcollapse/results"
	"modelcollapse/results/draw"
	"modelcollapse/results/figure"
)

// head is the first line of the table on a terminal.
var head = fmt.Sprintf("%-28s %-26s %-34s %-12s %-8s %-11s %6s", "row", "paper", "measured [95 %]", "law", "p", "verdict", "s")

// String is a row on a terminal.
func (r reproduction) String() string {
	measured, law := "", ""
	if h := r.Headline; h != nil {
		measured, law = measuredOf(h), number(float64(h.Predicted))
	}
	return fmt.Sprintf("%-28s %-26s %-34s %-12s %-8.2g %-11s %6.1f", cut(r.Row, 28), cut(r.Paper, 26), measured, law, r.P, r.Outcome, r.Seconds)
}

func measuredOf(h *experiments.Headline) string {
	return fmt.Sprintf("%s [%s, %s]", number(float64(h.Measured)), number(float64(h.Lo)), number(float64(h.Hi)))
}

func cut(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}

// thumbnail draws the first figure of a run small, beside the table.
func (a *app) thumbnail(p *prepared, r *results.Reader, out string) (string, error) {
	d, err := draw.Read(r)
	if err != nil {
		return "", err
	}
	all := specs(d, p.loaded.Config)
	if len(all) == 0 {
		return "", nil
	}
	f, err := d.Figure(all[0])
	if err != nil {
		return "", err
	}
	var png bytes.Buffer
	put := func(_ string, write func(io.Writer) error) error { return write(&png) }
	err = f.Save(put, p.loaded.Config.Name, figure.Options{Thumbnail: true})
	if err != nil {
		return "", err
	}
	name := filepath.Join("figures", p.loaded.Config.Name+".png")
	return filepath.ToSlash(name), writeFile(filepath.Join(out, name), png.Bytes())
}

func writeFile(name string, b []byte) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		return err
	}
	return os.WriteFile(name, b, 0o666)
}

// writeReproduction writes the table as Markdown and JSON.
func writeReproduction(dir string, table []reproduction, lit papers.Literature) error {
	var md, text bytes.Buffer
	reproductionPage(&md, table, lit)
	if err := asJSON(&text, struct {
		Rows []reproduction `json:"rows"`
		Open []papers.Open  `json:"open"`
	}{table, lit.Open}); err != nil {
		return err
	}
	if err := writeFile(filepath.Join(dir, "reproduction.md"), md.Bytes()); err != nil {
		return err
	}
	return writeFile(filepath.Join(dir, "reproduction.json"), text.Bytes())
}

// reproductionPage is the table as a page: rows, then each with its figure, then what stays open.
func reproductionPage(w io.Writer, table []reproduction, lit papers.Literature) {
	fmt.Fprint(w, "# The literature, reproduced\n\n"+
		"Written by `collapse verify`. A row is a shipped config; `collapse run ROW` runs it alone, `collapse show ROW` says what it does.\n"+
		"Measured: mean over replicates with 95 % t-interval, at the last tested generation of the first test, beside the exact law. p: the smallest of all\n"+
		"looks of the row after Holm; rejected below 1 %. One-step: probability integral transforms of every generation given the one before.\n\n"+
		"| row | paper | claim | law | measured | predicted | tests | looks | p | verdict | s |\n|---|---|---|---|---|---|---|---|---|---|---|\n")
	for _, r := range table {
		measured, law := "", ""
		if h := r.Headline; h != nil {
			measured, law = fmt.Sprintf("%s, g = %d: %s", h.Series, h.Generation, measuredOf(h)), number(float64(h.Predicted))
		}
		fmt.Fprintf(w, "| [%s](#%s) | %s | %s | %s | %s | %s | %s | %d | %.2g | **%s** | %.1f |\n", r.Row, r.Row, cell(r.Paper), cell(r.Claim), cell(r.Law), measured, law,
			cell(r.Tests), r.Looks, r.P, r.Outcome, r.Seconds)
	}
	fmt.Fprint(w, "\n## Open\n\nWhat the literature states and no row judges, and why.\n\n| paper | statement | why it is open |\n|---|---|---|\n")
	for _, o := range lit.Open {
		fmt.Fprintf(w, "| %s | %s | %s |\n", cell(lit.Papers[o.Cite].Short()), cell(o.Claim), cell(o.Reason))
	}
	fmt.Fprint(w, "\n## Rows\n")
	for _, r := range table {
		fmt.Fprintf(w, "\n### %s\n\n%s: %s\n\n%s: %s\n", r.Row, cite(r.Cite, lit), r.Claim, strings.ToUpper(r.Outcome[:1])+r.Outcome[1:], r.Why)
		if r.Figure != "" {
			fmt.Fprintf(w, "\n![%s](%s)\n", r.Title, r.Figure)
		}
	}
}

func cite(key string, lit papers.Literature) string {
	p := lit.Papers[key]
	return fmt.Sprintf("%s, “%s”, %s", p.Short(), p.Title, p.Where)
}

// cell keeps text from breaking a table.
func cell(s string) string { return strings.NewReplacer("|", `\|`, "\n", " ").Replace(s) }
