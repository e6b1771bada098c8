package draw

import (
	"fmt"

	"modelcollapse/results/figure"
)

// A Side is one arm of one run.
type Side struct {
	Run  Run
	Arm  string
	Name string // in the legend
}

// Compare draws two sides over each other, a panel a series, and beside each the difference between equal replicates,
// which says more than the overlap of two bands where replicates share streams.
func Compare(a, b Side, series []string) (*figure.Figure, error) {
	f := &figure.Figure{Title: b.Name + " against " + a.Name, Columns: 2, Arms: []string{a.Name, b.Name}}
	n := 0
	for _, s := range series {
		axis, ok := a.Run.Manifest.Axis(s)
		if !ok {
			return nil, fmt.Errorf("no metric of %s puts %s", a.Name, s)
		}
		left, right := a.Run.Table.Curves(a.Arm, s, 0), b.Run.Table.Curves(b.Arm, s, 0)
		right.Log = left.Log
		over := figure.Panel{X: figure.Axis{Label: "Generation"}, Y: figure.Axis{Label: upper(axis.Label), Log: axis.Log},
			Functional: left.Band().Functional, Curves: []figure.Curve{curve(a.Name, left.Band()), curve(b.Name, right.Band())}}
		none, what := 0.0, "difference"
		if axis.Log {
			none, what = 1, "ratio"
		}
		difference := right.Minus(left)
		n = max(n, len(difference.Lines))
		f.Panels = append(f.Panels, over)
		if len(difference.Lines) > 0 {
			f.Panels = append(f.Panels, figure.Panel{X: over.X, Y: figure.Axis{Label: upper(axis.Label) + ", " + what, Log: axis.Log},
				Functional: over.Functional, Reference: &none, Curves: []figure.Curve{curve(b.Name, difference.Band())}})
		}
	}
	f.Caption = fmt.Sprintf("Left: both sides; right: what %s differs from %s by in %d equal replicates, with 95 %% t-interval.", b.Name, a.Name, n)
	return f, nil
}
