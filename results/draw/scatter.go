package draw

import (
	"fmt"
	"slices"
	"strings"

	"modelcollapse/results"
	"modelcollapse/results/figure"
)

const (
	spreadOver = 6  // panels of a row when no generations are asked for
	mostShown  = 32 // generations of one figure
	mostPanels = 64
)

// masses are the shares of a fit's mass that contours enclose.
func masses() []float64 { return []float64{.5, .8, .95} }

// scatter draws the rows that were attached: a row of panels an arm and node, a panel a generation, of the arm's first
// replicate that attached any.
func (r Run) scatter(s Spec) (*figure.Figure, error) {
	rows, left, err := r.clouds()
	if err != nil {
		return nil, err
	}
	shown, err := generationsOf(rows, s.Generations)
	if err != nil {
		return nil, err
	}
	if most := max(1, mostPanels/len(shown)); len(rows) > most {
		left += len(rows) - most
		rows = rows[:most]
	}
	n := float64(len(shown))
	f := &figure.Figure{Title: s.Title, Table: true, Share: true, Columns: len(shown),
		Width: max(figure.OneColumn, min(figure.TwoColumns, 0.75+float64(1.35*n)), 0.6+float64(0.72*n))}
	for _, a := range r.Manifest.Arms {
		f.Arms = append(f.Arms, a.Name)
	}
	sum := summary{left: left}
	x, y, err := r.axes(rows)
	if err != nil {
		return nil, err
	}
	for _, c := range rows {
		sum.replicate(c)
		for _, g := range shown {
			p, err := r.cloudPanel(c, g, &sum)
			if err != nil {
				return nil, err
			}
			p.X, p.Y = x, y
			f.Panels = append(f.Panels, p)
		}
	}
	sum.beyond = beyond(f.Panels)
	f.Caption = strings.Join(append(sum.caption(), r.Manifest.Notes...), " ")
	return f, nil
}

// cloudPanel is one generation of one row; without data where the chain ended before.
func (r Run) cloudPanel(c clouds, generation int, sum *summary) (p figure.Panel, err error) {
	p = figure.Panel{Title: fmt.Sprintf("generation %d", generation), Side: c.name}
	rows, ok := c.rows[generation]
	if !ok {
		sum.ended = true
		return p, nil
	}
	real, err := r.points(c, c.real)
	if err != nil {
		return p, err
	}
	real.Name, real.Key, real.Ground = "real", "real rows", true
	fresh, err := r.points(c, rows)
	if err != nil {
		return p, err
	}
	fresh.Name, fresh.Key = c.name, "rows of the fit"
	p.Points = []figure.Points{real, fresh}
	sum.count(real, fresh)
	if density, ok := c.density[generation]; ok {
		p.Contours, err = r.contours(c, density, sum)
	}
	return p, err
}

// contours are the lines of a density at the masses; none where the grid cannot show them.
func (r Run) contours(c clouds, density results.Attachment, sum *summary) ([]figure.Contours, error) {
	lines, err := r.grid(c, density)
	if err != nil {
		return nil, err
	}
	levels, ok := massLevels(lines.Z, masses())
	if !ok {
		sum.narrow = true
		return nil, nil
	}
	sum.contours = true
	lines.Z, lines.Levels = refined(lines.Z), levels
	lines.X, lines.Y = betweens(lines.X, len(lines.Z[0])), betweens(lines.Y, len(lines.Z))
	lines.Name, lines.Key = c.name, "contours: "+percents()+" of the fit’s mass"
	for _, m := range masses() {
		lines.Labels = append(lines.Labels, fmt.Sprintf("%g %%", 100*m))
	}
	return []figure.Contours{lines}, nil
}

// percents are the masses as a text: "50, 80 and 95 %".
func percents() string {
	var all []string
	for _, m := range masses() {
		all = append(all, fmt.Sprintf("%g", 100*m))
	}
	last := len(all) - 1
	return strings.Join(all[:last], ", ") + " and " + all[last] + " %"
}

// generationsOf are those that were asked for, of which some row attached one at least (others have panels without data:
// a chain may end early); without any, spread over what is attached.
func generationsOf(rows []clouds, asked []int) ([]int, error) {
	var all []int
	for _, c := range rows {
		for g := range c.rows {
			if !slices.Contains(all, g) {
				all = append(all, g)
			}
		}
	}
	slices.Sort(all)
	if len(asked) > mostShown {
		return nil, fmt.Errorf("%d generations in one figure, at most %d", len(asked), mostShown)
	}
	if len(asked) > 0 && !slices.ContainsFunc(asked, func(g int) bool { return slices.Contains(all, g) }) {
		return nil, fmt.Errorf("no rows of generation %s are attached; there are those of %s", ranges(asked), ranges(all))
	}
	if len(asked) > 0 {
		return asked, nil
	}
	if len(all) <= spreadOver {
		return all, nil
	}
	out := make([]int, spreadOver)
	for i := range out {
		out[i] = all[(2*i*(len(all)-1)+spreadOver-1)/(2*(spreadOver-1))]
	}
	return out, nil
}

// ranges writes rising numbers: "0 to 5, 10, 20".
func ranges(all []int) string {
	var parts []string
	for i := 0; i < len(all); {
		j := i
		for j+1 < len(all) && all[j+1] == all[j]+1 {
			j++
		}
		switch j - i {
		case 0:
			parts = append(parts, fmt.Sprint(all[i]))
		case 1:
			parts = append(parts, fmt.Sprint(all[i]), fmt.Sprint(all[j]))
		default:
			parts = append(parts, fmt.Sprintf("%d to %d", all[i], all[j]))
		}
		i = j + 1
	}
	return strings.Join(parts, ", ")
}
