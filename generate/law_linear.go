package generate

import "fmt"

// A LawfulDesign fit (as Model.Fits returns it) is Lawful where every block has the inputs of the first (SameInputs): over
// so many rows a block its fit is the mean of the fits of the blocks, and a law can be stated. Over fresh inputs there is none.
type LawfulDesign[E any] interface {
	LawOver(truth Source[E], rows int) (Law, error)
}

// A fixedDesign is the law of least squares over blocks of the same inputs, in the units of evaluate's risk: a block's own
// fit deviates from the weights that labelled it by noise²·dim/(rows − dim − 1) on average over designs, whatever those weights are.
type fixedDesign struct{ real, fitted, anchor float64 }

func (l fixedDesign) Real() float64                  { return l.real }
func (l fixedDesign) Fitted(_, _, _ float64) float64 { return l.fitted }
func (l fixedDesign) Anchor() float64                { return l.anchor }

// LawOver is the law of ordinary least squares, anchored or not, over the same rows inputs in every block: the variance of
// one real row is rows·noise²·dim/(rows − dim − 1), that of a drawn one the same with the noise that the fit adds to its labels.
func (f Linear) LawOver(truth Source[Labelled], rows int) (Law, error) {
	t, ok := truth.(Linear)
	switch {
	case !ok || t.dim != f.dim:
		return nil, fmt.Errorf("least squares has a law where the truth is linear in as many inputs, not %T", truth)
	case f.by.Ridge > 0:
		return nil, fmt.Errorf("least squares with a ridge is no mean of what it learned from")
	case rows < f.dim+2:
		return nil, fmt.Errorf("least squares of %d inputs has no mean risk over %d rows: it takes %d", f.dim, rows, f.dim+2)
	}
	d, n := float64(f.dim), float64(rows)
	unit := float64(n*d) / (n - d - 1)
	return fixedDesign{real: float64(unit * float64(t.noise*t.noise)), fitted: float64(unit * float64(f.noise*f.noise)), anchor: f.by.Anchor}, nil
}
