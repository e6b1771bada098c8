package generate

import "fmt"

// A LawfulDesign fit (as Model.Fits returns it) is Lawful where every block has the inputs of the first (SameInputs): over
// so many rows a block its fit is the mean of the fits of the blocks, and a law can be stated. Over fresh inputs there is none.
type LawfulDesign[E any] interface {
	LawOver(truth Source[E], rows int) (Law, error)
}

// A fixedDesign is the law of least squares over blocks of the same inputs, in the units of the risk: a block's own fit
// deviates from the weights that labelled it, in the span of the inputs, by noise²·dim/(rows − dim − 1) on average over
// designs (noise²·rows/(dim − rows − 1) with fewer rows than inputs), whatever those weights are; that is one row's variance
// over rows.
type fixedDesign struct{ real, fitted, anchor float64 }

func (l fixedDesign) Real() float64                  { return l.real }
func (l fixedDesign) Fitted(_, _, _ float64) float64 { return l.fitted }
func (l fixedDesign) Anchor() float64                { return l.anchor }

// LawOver is the law of ordinary least squares, anchored or not, over the same rows inputs in every block.
func (f Linear) LawOver(truth Source[Labelled], rows int) (Law, error) {
	t, ok := truth.(Linear)
	few, many := min(f.dim, rows), max(f.dim, rows)
	switch {
	case !ok || t.dim != f.dim:
		return nil, fmt.Errorf("least squares has a law where the truth is linear in as many inputs, not %T", truth)
	case f.by.Ridge > 0:
		return nil, fmt.Errorf("least squares with a ridge is no mean of what it learned from")
	case many < few+4:
		return nil, fmt.Errorf("least squares of %d inputs over %d rows has a risk without variance", f.dim, rows)
	case rows < f.dim && !t.Isotropic():
		return nil, fmt.Errorf("least squares of minimum norm has a law for inputs of one variance")
	}
	unit := float64(rows) * float64(few) / float64(many-few-1)
	return fixedDesign{float64(unit * float64(t.noise*t.noise)), float64(unit * float64(f.noise*f.noise)), f.by.Anchor}, nil
}
