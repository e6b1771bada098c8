package generate

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
)

// A meanFamily is a natural exponential family of scalars that differ in their mean alone, so that the likelihood of any
// rows is largest where the mean of the family is the (weighted) mean of the rows (Barndorff-Nielsen 1978, Information and
// Exponential Families). F is the family's own type.
type meanFamily[F any] interface {
	Fitted[float64]
	Distributed
	with(mean, anchor float64) F // the member with another mean and the same known parameters
}

// ByMean fits any family of scalars by the mean of its rows: maximum likelihood, and rows may be weighted.
//
// With an anchor of share ρ, a fit that was handed a start moves towards it: θ = (1 − ρ)·mean of the rows + ρ·θ_start.
// For a normal of known variance that is elastic weight consolidation with the family's Fisher information to the letter
// (Kirkpatrick et al. 2017, PNAS 114, eq. 3): n/v and λ/v are the informations of n rows and of the penalty, and
//
//	d/dθ [Σ (x_i − θ)²/(2v) + λ (θ − θ_start)²/(2v)] = 0  at  θ = (n·mean + λ·θ_start)/(n + λ), so ρ = λ/(n + λ).
//
// For another family, with information 1/V(θ) a row, the same θ is exact for the penalty λ·KL(θ_start ‖ θ), whose derivative
// is λ (θ − θ_start)/V(θ) beside n (θ − mean)/V(θ) of the rows, and of which that quadratic form is the first term.
// ρ is a share, and so does not change with the number of rows; without a start, as in generation 0, it does nothing.
type ByMean[F meanFamily[F]] struct {
	Anchor float64 `json:"anchor" default:"0" min:"0" max:"1" doc:"share of the start in the estimate, in [0, 1): elastic weight consolidation; acts where the config's start is first or previous"`
	known  F
}

// Validate refuses a model that learns nothing.
func (m ByMean[F]) Validate() error {
	if !(m.Anchor >= 0 && m.Anchor < 1) {
		return fmt.Errorf("anchor: %g: must be at least 0 and less than 1: with 1 nothing is learned", m.Anchor)
	}
	return nil
}

// Bind refuses a truth whose rows the family cannot have.
func (m ByMean[F]) Bind(truth Source[float64]) (Model[float64], error) {
	t, ok := truth.(Distributed)
	if !ok {
		return m, nil
	}
	lo, hi, whole := t.Support()
	low, high, counts := m.known.Support()
	if lo < low || hi > high || counts && !whole {
		return nil, fmt.Errorf("rows of %T are %s, those of %T %s: use a model of the truth's rows",
			truth, supportName(lo, hi, whole), m.known, supportName(low, high, counts))
	}
	return m, nil
}

// Fit learns from rows, as FitStats learns from their totals.
func (m ByMean[F]) Fit(ctx context.Context, t Task[float64]) (Fitted[float64], error) {
	s := m.Empty()
	for _, span := range t.Train {
		s.Add(span)
	}
	return m.FitStats(ctx, t, s)
}

// Fits is a member of the family.
func (m ByMean[F]) Fits() Fitted[float64] { return m.known.with(0, m.Anchor) }

// Starts marks that a start acts, where there is an anchor.
func (ByMean[F]) Starts() {}

// Weighs is true: the estimate is a weighted mean.
func (ByMean[F]) Weighs() bool { return true }

// Empty is totals of no rows.
func (ByMean[F]) Empty() Stats[float64] { return &Totals{} }

// FitStats is the member with the mean of the rows, moved towards the start where there are both a start and an anchor.
// A mean that the family cannot have is a degenerate fit.
func (m ByMean[F]) FitStats(_ context.Context, t Task[float64], st Stats[float64]) (Fitted[float64], error) {
	mean := st.(*Totals).Mean()
	if m.Anchor > 0 && t.Start != nil {
		start, ok := t.Start.(momented)
		if !ok {
			return nil, fmt.Errorf("anchor: a start of %T does not know its mean: start from a fit of this model", t.Start)
		}
		from, _ := start.Moment2()
		mean = float64((1-m.Anchor)*mean) + float64(m.Anchor*from)
	}
	return m.known.with(mean, m.Anchor), nil
}

// Restore reads what saveMean wrote.
func (m ByMean[F]) Restore(r io.Reader) (Fitted[float64], error) {
	var mean float64
	if err := binary.Read(r, binary.LittleEndian, &mean); err != nil {
		return nil, err
	}
	return m.known.with(mean, m.Anchor), nil
}

// saveMean writes what a fit by its mean learned.
func saveMean(w io.Writer, mean float64) error { return binary.Write(w, binary.LittleEndian, mean) }

// AnchoredQVF is the law of a family with quadratic variance function whose model has an anchor.
type AnchoredQVF struct {
	QVF
	Share float64 // ρ, in (0, 1)
}

// Anchor is the share of the start.
func (l AnchoredQVF) Anchor() float64 { return l.Share }

// quadratic is the law of a family with V(true mean) = v0 and V″/2 = v2.
func quadratic(v0, v2, anchor float64) Law {
	if anchor > 0 {
		return AnchoredQVF{QVF{v0, v2}, anchor}
	}
	return QVF{v0, v2}
}

// notOf says that a family has no law for a truth.
func notOf[F any](f F, truth any) error {
	return fmt.Errorf("the law of %T is known where the truth is of that family with the same known parameters, not for %T", f, truth)
}
