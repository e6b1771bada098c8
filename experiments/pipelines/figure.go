package pipelines

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"modelcollapse/generate/pipeline"
	"modelcollapse/internal/store"
	"modelcollapse/results/figure"
)

// figureName is the base name of the picture of a ledger.
const figureName = "ledger"

// draw makes the picture of a ledger: a panel a measure, a line a stage, over the deciles of what entered it. Where nothing
// was dropped there is nothing to draw.
func draw(folder *store.Folder, l *pipeline.Ledger) error {
	stages := slices.DeleteFunc(slices.Clone(l.Stages), func(s pipeline.LedgerStage) bool { return len(s.Measures) == 0 })
	if len(stages) == 0 {
		return nil
	}
	f := &figure.Figure{Title: "What each stage removed", Columns: 3, Width: figure.TwoColumns, Share: true}
	zero, hundred, first, last := 0.0, 100.0, 1.0, 10.0
	for i, name := range []string{"length", "surprisal", "rarity"} {
		p := figure.Panel{Title: name, X: figure.Axis{Label: "decile of what entered", Min: &first, Max: &last},
			Y: figure.Axis{Label: "removed", Unit: "%", Min: &zero, Max: &hundred}}
		for _, s := range stages {
			p.Curves = append(p.Curves, curve(s, s.Measures[i]))
		}
		f.Panels = append(f.Panels, p)
	}
	var parts []string
	for _, s := range stages {
		f.Arms = append(f.Arms, s.Stage)
		parts = append(parts, fmt.Sprintf("%s removed %d of %d", s.Stage, s.Dropped, s.Entered))
	}
	f.Caption = "Share of each decile that a stage removed; decile 10 is the longest, the most surprising, the rarest. Bands are 95 % intervals of each share (Wilson). A flat line is a stage that does not look. " +
		strings.Join(parts, "; ") + "."
	return f.Save(folder.Put, figureName, figure.Options{})
}

// wilson is the 95 % interval of a share, k of n (Wilson 1927).
func wilson(k, n int) (lo, hi float64) {
	const z = 1.959964
	p, m := float64(k)/float64(n), float64(n)
	middle := p + z*z/(2*m)
	half := z * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	return max(0, (middle-half)/(1+z*z/m)), min(1, (middle+half)/(1+z*z/m))
}

// curve is one stage in one panel; a decile that no row fell into, since many rows are equal, has no point.
func curve(s pipeline.LedgerStage, m pipeline.Measure) figure.Curve {
	c := figure.Curve{Name: s.Stage}
	for i, d := range m.Deciles {
		if d.Entered > 0 {
			c.X = append(c.X, float64(i+1))
			c.Mid = append(c.Mid, 100*d.Share())
			lo, hi := wilson(d.Dropped, d.Entered)
			c.Lo, c.Hi = append(c.Lo, 100*lo), append(c.Hi, 100*hi)
		}
	}
	return c
}
