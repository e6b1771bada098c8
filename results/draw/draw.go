// Package draw turns the records of a run into figures: curves with bands over replicates, and theory lines on the
// functional that the band shows.
package draw

import (
	"fmt"
	"slices"
	"strings"

	"modelcollapse/results"
	"modelcollapse/results/figure"
)

// A Spec says what a figure shows; it is what a config says of it.
type Spec struct {
	Name, Title string
	Series      []string // one panel each
	Theory      bool     // with the theory lines of the arms that have them
	Scale       string   // "linear", "log", or "" for the series' own
	By          []string // swept axes: a panel a value; of two a table, the first by row
	Scatter     bool     // instead of series: the rows of two columns that were attached, a panel a generation
	Generations []int    // of a scatter; empty: up to six of those attached
}

// A Run is everything of a run folder that is drawn.
type Run struct {
	Manifest results.Manifest
	Table    *results.Table
	Theory   []results.Theory
	reader   *results.Reader // of attachments
}

// Read reads a run folder. A figure of rows reads their attachments when it is drawn: r stays open until then.
func Read(r *results.Reader) (Run, error) {
	t, err := r.Table()
	if err != nil {
		return Run{}, err
	}
	theory, err := r.Predictions()
	return Run{r.Manifest(), t, theory, r}, err
}

// Few is the largest number of replicates that are drawn one by one.
const few = 8

// Figure draws s. A series may be named without what follows its @ or {.
func (r Run) Figure(s Spec) (*figure.Figure, error) {
	if s.Scatter {
		f, err := r.scatter(s)
		if err != nil {
			return nil, fmt.Errorf("figure %s: %w", s.Name, err)
		}
		return f, nil
	}
	panels, err := r.panels(s)
	if err != nil {
		return nil, fmt.Errorf("figure %s: %w", s.Name, err)
	}
	f := &figure.Figure{Title: s.Title, Panels: panels, Arms: r.names(s.By)}
	if f.Share = len(s.By) > 0; len(s.By) == 2 {
		f.Table, f.Columns = true, len(r.values(s.By[1]))
	}
	f.Caption = r.caption(f)
	return f, nil
}

// Resolve is the measured series that a name means: itself, else the first that continues it after @ or {.
func (r Run) Resolve(name string) string {
	all := r.Table.Series()
	if slices.Contains(all, name) {
		return name
	}
	for _, s := range all {
		if strings.HasPrefix(s, name) && strings.ContainsAny(s[len(name):len(name)+1], "@{") {
			return s
		}
	}
	return name
}

// curve is the band at the generations that were measured. Where only some replicates are averaged its marks are open.
func curve(name string, b results.Band) figure.Curve {
	c := figure.Curve{Name: name, Of: len(b.Lines)}
	thin := len(b.Lines) > 1 && len(b.Lines) <= few
	c.Thin = make([][]float64, len(b.Lines))
	for g, p := range b.Points {
		if p.Missing == len(b.Lines) {
			continue // not measured
		}
		c.X = append(c.X, float64(g))
		mid := p.Mid
		if p.N == 0 {
			mid = b.End(g)
		}
		c.Mid, c.Lo, c.Hi = append(c.Mid, mid), append(c.Lo, p.Lo), append(c.Hi, p.Hi)
		c.N = append(c.N, p.N)
		for i, l := range b.Lines {
			c.Thin[i] = append(c.Thin[i], l[g])
		}
	}
	if !thin {
		c.Thin = nil
	}
	if len(b.Lines) < 2 {
		c.Lo, c.Hi = nil, nil
	}
	return c
}

// line is the theory of an arm, where it is about what the band shows.
func (r Run) line(arm, name, series string, node int, b results.Band) (figure.Curve, bool) {
	c := figure.Curve{Name: name, Theory: true, Functional: b.Functional}
	for _, t := range r.Theory {
		if t.Arm != arm {
			continue
		}
		for _, p := range t.Predictions {
			if p.Series == series && p.Node == node && p.Functional == b.Functional {
				c.Law = p.Law
				c.X, c.Mid = append(c.X, float64(p.Generation)), append(c.Mid, p.X)
			}
		}
	}
	return c, len(c.X) > 0
}

// caption says what is averaged over what, and the facts that every figure of the run must state.
func (r Run) caption(f *figure.Figure) string {
	var say []string
	n := 0
	for _, c := range r.Manifest.Cells {
		if c.Arm == r.Manifest.Arms[0].Name {
			n++
		}
	}
	switch {
	case n == 1:
		say = append(say, "One replicate.")
	case n <= few:
		say = append(say, fmt.Sprintf("Line and band: mean and 95 %% t-interval over %d replicates (thin lines).", n))
	default:
		say = append(say, fmt.Sprintf("Line and band: mean and 95 %% t-interval over %d replicates.", n))
	}
	for _, p := range f.Panels {
		if p.Functional == "mean of ln" {
			say = append(say, "On log axes the mean is of logarithms.")
			break
		}
	}
	if some := partial(f); some != "" {
		say = append(say, some)
	}
	var lines []string
	for _, p := range f.Panels {
		for _, c := range p.Curves {
			if c.Theory && !slices.Contains(lines, c.Name) {
				lines = append(lines, c.Name)
			}
		}
	}
	switch {
	case len(lines) > 12:
		say = append(say, fmt.Sprintf("Theory lines for %d arms.", len(lines)))
	case len(lines) > 0 && len(r.Manifest.Arms) > 1:
		say = append(say, "Theory lines for "+listed(lines)+".")
	}
	return strings.Join(append(say, r.Manifest.Notes...), " ")
}

// listed puts names in a row, which may hold commas themselves.
func listed(names []string) string {
	if strings.Contains(strings.Join(names, ""), ",") {
		return strings.Join(names, "; ")
	}
	return strings.Join(names, ", ")
}

// partial says of which curves some replicates are left out, and how many are left in the last generation that is drawn.
func partial(f *figure.Figure) string {
	var names []string
	log := false
	for _, p := range f.Panels {
		for _, c := range p.Curves {
			last := len(c.N) - 1
			for ; last >= 0 && (c.N[last] == 0 || c.N[last] == c.Of); last-- {
			}
			if last < 0 {
				continue
			}
			log = log || p.Functional == "mean of ln"
			name := fmt.Sprintf("%s: %d of %d in generation %g", c.Name, c.N[last], c.Of, c.X[last])
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	if len(names) == 0 {
		return ""
	}
	value := "finite value"
	if log {
		value += " above 0"
	}
	more := ""
	if n := len(names); n > 4 {
		names, more = names[:3], fmt.Sprintf("; and %d more", n-3)
	}
	return "Open marks are of the replicates that still have a " + value + " (" + strings.Join(names, "; ") + more + ")."
}

// upper begins a label with a capital, unless it begins with a symbol of one letter.
func upper(s string) string {
	word, _, _ := strings.Cut(s, " ")
	if len(word) < 2 || s[0] < 'a' || s[0] > 'z' {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
