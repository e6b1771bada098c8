package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"modelcollapse/evaluate"
	"modelcollapse/evaluate/audit"
	"modelcollapse/internal/store"
	"modelcollapse/results/figure"
)

// writeAudit writes the report into its folder, each file whole or not at all.
func (a *app) writeAudit(r *audit.Report, f auditFlags) (dir string, err error) {
	if dir = f.out; dir == "" {
		dir = filepath.Join(a.root, "audits", f.name)
	}
	folder, err := store.Make(dir)
	if err != nil {
		return dir, usage(fmt.Errorf("--out: %w", err))
	}
	defer func() { err = errors.Join(err, folder.Close()) }()
	if err := folder.Put("audit.json", func(w io.Writer) error { return asJSON(w, r) }); err != nil {
		return dir, err
	}
	if err := folder.Put("gaps.csv", r.WriteGaps); err != nil {
		return dir, err
	}
	if err := folder.Remove("figures"); err != nil { // of another audit in this folder
		return dir, err
	}
	var figures []string
	for _, d := range r.Figures() {
		if errors.Is(d.Figure.Check(), figure.ErrNoData) {
			continue
		}
		for _, format := range f.figures {
			draw := func(w io.Writer) error { return d.Figure.Render(w, format) }
			if err := folder.Put("figures/"+d.Name+"."+format, draw); err != nil {
				return dir, err
			}
		}
		if at := slices.IndexFunc([]string{"svg", "png"}, func(format string) bool { return slices.Contains(f.figures, format) }); at >= 0 { // others are not shown in a page
			figures = append(figures, "figures/"+d.Name+"."+[]string{"svg", "png"}[at])
		}
	}
	return dir, folder.Put("audit.md", func(w io.Writer) error { return r.WriteMarkdown(w, figures) })
}

// suiteOf is a case a bound, or without a gate a case a statistic.
func suiteOf(r *audit.Report, checks []check, gate bool) evaluate.Suite {
	s := evaluate.Suite{Name: "audit " + r.Name}
	for _, c := range checks {
		s.Cases = append(s.Cases, evaluate.Case{Name: c.name, Failed: c.broken})
	}
	if gate {
		return s
	}
	for _, x := range r.Results {
		c := evaluate.Case{Name: x.Name}
		switch x.Answer {
		case audit.Differs:
			c.Failed = fmt.Sprintf("%.4g, between real halves %.4g, p = %.2g over all", float64(x.Found), float64(x.Null.Mean), float64(x.Adjusted))
		case audit.Undecided:
			c.Skipped = fmt.Sprintf("an effect of %.3g matters, and one of up to %.3g is possible", x.Threshold, float64(x.AtMost))
		case audit.Unmeasured:
			c.Skipped = "not measured"
		}
		s.Cases = append(s.Cases, c)
	}
	return s
}

// writeSummary writes Markdown for the page of a build: what does not hold, then the report's own summary.
func writeSummary(file string, r *audit.Report, checks []check) error {
	var b bytes.Buffer
	if err := r.WriteSummary(&b); err != nil {
		return err
	}
	for _, c := range checks {
		mark := "holds"
		if c.broken != "" {
			mark = "**broken**: " + audit.Escaped(c.broken)
		}
		fmt.Fprintf(&b, "- gate: %s: %s\n", audit.Escaped(strings.TrimSpace(c.name)), mark)
	}
	if err := os.WriteFile(file, b.Bytes(), 0o666); err != nil {
		return usage(fmt.Errorf("--summary: %w", err))
	}
	return nil
}
