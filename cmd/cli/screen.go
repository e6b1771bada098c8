package cli

import (
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"

	"modelcollapse/experiments"
	"modelcollapse/internal/show"
	"modelcollapse/results"
	"modelcollapse/results/draw"
)

// headline are the series that the last screen shows, as many of them as the run has, the first ones first.
var headline = []string{"tail_loss", "data_perplexity.drift", "rare_survival", "support", "variance", "heterozygosity", "log_variance_ratio", "entropy"}

const columns = 3

// screen says what was asked, what happened, and where the figures are.
func (a *app) screen(p *prepared, d draw.Run, t experiments.Tally, figures []string, judged *experiments.Judged) error {
	w, c := a.out, p.loaded.Config
	fmt.Fprintln(w, strings.TrimSuffix(c.Name+": "+c.Title, ": "))
	if c.Claim != "" {
		fmt.Fprintf(w, "%s\n", wrap("claim: "+c.Claim, 96, "  "))
	}
	arm := p.study.Arms[0]
	if arm.Source != "" {
		fmt.Fprintf(w, "data:  %s\n", arm.Source)
	}
	for _, server := range serversOf(p.study.Arms) {
		fmt.Fprintf(w, "calls: %s\n", show.Line(server, 200))
	}
	reused := ""
	if t.Reused > 0 {
		reused = fmt.Sprintf(" (%d reused)", t.Reused)
	}
	fmt.Fprintf(w, "ran:   %s, %s%s, generations 0 to %s, by %s\n\n", plural(len(p.study.Arms), "arm"), plural(t.Done, "cell"), reused,
		lastOf(p.study.Arms), arm.Facts.Execution)
	if err := a.endTable(d); err != nil {
		return err
	}
	a.remarks(d)
	if len(figures) > 0 {
		names := strings.Join(figures, ",")
		if len(figures) > 1 {
			names = "{" + names + "}"
		}
		fmt.Fprintf(w, "\nfigures: %s.{svg,png,pdf,csv}\n", filepath.Join(p.dir, "figures", names))
	}
	_, err := fmt.Fprintf(w, "numbers: %s\n", filepath.Join(p.dir, "metrics.csv"))
	if judged != nil {
		_, err = fmt.Fprintf(w, "verdict: %s\n", wrap(judged.String(), 96, "  "))
	}
	return err
}

// serversOf are the models of servers that arms call, by arm where these differ.
func serversOf(arms []experiments.Arm) (all []string) {
	first := arms[0].Facts.Calls
	if !slices.ContainsFunc(arms, func(a experiments.Arm) bool { return !slices.Equal(a.Facts.Calls, first) }) {
		return first
	}
	for _, a := range arms {
		for _, server := range a.Facts.Calls {
			all = append(all, a.Name+": "+server)
		}
	}
	return all
}

// lastOf is the last generation of the arms.
func lastOf(arms []experiments.Arm) string {
	least, most := math.MaxInt, 0
	for _, a := range arms {
		least, most = min(least, a.Config.Generations), max(most, a.Config.Generations)
	}
	if least < most {
		return fmt.Sprintf("%d … %d", least, most)
	}
	return fmt.Sprint(most)
}

// mostRemarks are shown; records have them all.
const mostRemarks = 6

// remarks are what records say of chains: that one ended, that a fit is degenerate.
func (a *app) remarks(d draw.Run) {
	all := d.Table.Notes()
	if len(all) > 0 {
		fmt.Fprintln(a.out)
	}
	for i, n := range all {
		if i == mostRemarks {
			fmt.Fprintf(a.out, "note:  and %s more\n", plural(len(all)-i, "remark"))
			break
		}
		cells := 0
		for _, c := range d.Manifest.Cells {
			if c.Arm == n.Arm {
				cells++
			}
		}
		text := fmt.Sprintf("note:  %s: %s (%d of %s, from generation %d)", n.Arm, n.Text, n.Cells, plural(cells, "chain"), n.First)
		fmt.Fprintln(a.out, wrap(text, 96, "       "))
	}
}

// endTable is a row an arm, or one a node: the headline series at generation 0 and at the last one, with interval.
func (a *app) endTable(d draw.Run) error {
	shown := headlines(d)
	if len(shown) == 0 { // every metric attaches and puts nothing
		return nil
	}
	t := tabwriter.NewWriter(a.out, 0, 4, 3, ' ', 0)
	fmt.Fprintf(t, "at the last generation\t%s\n", strings.Join(shown, "\t"))
	for _, arm := range d.Manifest.Arms {
		nodes := []int{0}
		for _, s := range shown {
			if n := d.Table.Nodes(arm.Name, s); len(n) > len(nodes) {
				nodes = n
			}
		}
		for _, node := range nodes {
			row := []string{arm.Name}
			if len(nodes) > 1 {
				row[0] = fmt.Sprintf("%s, node %d", arm.Name, node)
			}
			for _, s := range shown {
				row = append(row, ended(d.Table.Curves(arm.Name, s, node).Band()))
			}
			fmt.Fprintln(t, strings.Join(row, "\t"))
		}
	}
	if err := t.Flush(); err != nil {
		return err
	}
	kinds := map[string]bool{}
	for _, s := range d.Table.Series() {
		kinds[baseName(s)] = true
	}
	if n := len(kinds) - len(shown); n > 0 {
		fmt.Fprintf(a.out, "and %s more, in metrics.csv and collapse plot\n", plural(n, "metric"))
	}
	return nil
}

// headlines are the series of the last screen's table.
func headlines(d draw.Run) (shown []string) {
	for _, name := range headline {
		if s := d.Resolve(name); len(shown) < columns && slices.Contains(d.Table.Series(), s) {
			shown = append(shown, s)
		}
	}
	for _, s := range d.Table.Series() {
		if len(shown) < columns && s == baseName(s) && !slices.Contains(shown, s) {
			shown = append(shown, s)
		}
	}
	if len(shown) == 0 {
		shown = d.Table.Series()[:min(columns, len(d.Table.Series()))]
	}
	return shown
}

// ended is "0.71 ± 0.01  (from 0.18)": the last generation, with interval, and generation 0.
func ended(b results.Band) string {
	if len(b.Points) == 0 {
		return "–"
	}
	first, last := b.Points[0], b.Points[len(b.Points)-1]
	text := number(last.Mid)
	if half := (last.Hi - last.Lo) / 2; half == half && b.Log {
		text += fmt.Sprintf(" [%s, %s]", number(last.Lo), number(last.Hi))
	} else if half == half {
		text += " ± " + number(half)
	}
	if last.N == 0 {
		text = without(b, len(b.Points)-1)
	}
	if first.Mid == first.Mid && first.Mid != 0 {
		text += fmt.Sprintf("  (from %s)", number(first.Mid))
	}
	if last.Partial() && last.N > 0 {
		text += fmt.Sprintf(" [%d of %d]", last.N, len(b.Lines))
	}
	return text
}

// without is what stands for generation g where no replicate has a value to average.
func without(b results.Band, g int) string {
	switch end := b.End(g); {
	case b.Points[g].Missing == len(b.Lines):
		return "ended before"
	case math.IsInf(end, 1):
		return "∞"
	case math.IsInf(end, -1):
		return "−∞"
	case end == 0:
		return "0"
	}
	return "NaN"
}

// number writes x with three digits.
func number(x float64) string {
	switch ax := math.Abs(x); {
	case ax >= 1e9 || ax > 0 && ax < 1e-4:
		return fmt.Sprintf("%.2e", x)
	case ax >= 1000:
		return thousands(int(math.Round(x)))
	case ax >= 100:
		return fmt.Sprintf("%.0f", x)
	case ax >= 10:
		return fmt.Sprintf("%.1f", x)
	case ax >= 1:
		return fmt.Sprintf("%.2f", x)
	}
	return fmt.Sprintf("%.3f", x)
}

// wrap breaks text at width; further lines begin with indent.
func wrap(text string, width int, indent string) string {
	var b strings.Builder
	line := 0
	for i, word := range strings.Fields(text) {
		n := len([]rune(word))
		if i > 0 && line+1+n > width {
			b.WriteString("\n" + indent)
			line = len(indent)
		} else if i > 0 {
			b.WriteByte(' ')
			line++
		}
		b.WriteString(word)
		line += n
	}
	return b.String()
}

// thousands writes a number for a terminal.
func thousands(n int) string {
	return strings.NewReplacer("^{", "^", "}", "").Replace(experiments.Thousands(n))
}
