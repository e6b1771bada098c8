package generate

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"math/rand/v2"

	"modelcollapse/internal/num"
)

// Pareto has P(row > x) = (scale/x)^index from scale on: a truth whose tail is heavy, and what ParetoIndex fits. The logarithm
// of a row over the scale is exponential of mean 1/index, so that drawing, scoring and the law of a step are an exponential's.
// Moments of order index and above are infinite.
type Pareto struct {
	Index float64 `json:"index" default:"2.5" min:"0" doc:"tail index, above 0: the smaller, the heavier the tail"`
	Scale float64 `json:"scale" default:"1" min:"0" doc:"least row, above 0"`
}

// Validate refuses a truth without a tail or a least row.
func (f Pareto) Validate() error {
	if err := known("index", f.Index); err != nil {
		return err
	}
	return known("scale", f.Scale)
}

// logs is the law of ln(row/scale): proper only where the index is.
func (f Pareto) logs() Exponential { return Exponential{Mean: 1 / f.Index} }

// logOver is ln(x/scale), with all its digits near the scale.
func logOver(x, scale float64) float64 { return num.Log1p((x - scale) / scale) }

// TailIndex is the index.
func (f Pareto) TailIndex() float64 { return f.Index }

// Draw appends n independent rows.
func (f Pareto) Draw(ctx context.Context, dst []float64, n int, r *rand.Rand) ([]float64, error) {
	from := len(dst)
	dst, err := f.logs().Draw(ctx, dst, n, r)
	for i := from; i < len(dst); i++ {
		dst[i] = float64(f.Scale * num.Exp(dst[i]))
	}
	return dst, err
}

// DrawStats draws the sum of n logarithms, a gamma.
func (f Pareto) DrawStats(into Stats[float64], n int, r *rand.Rand) bool {
	s, ok := into.(*LogTotals)
	return ok && s.scale == f.Scale && f.logs().DrawStats(&s.Totals, n, r)
}

// Score is the log density, −Inf below the scale.
func (f Pareto) Score(_ context.Context, rows, nats []float64) error {
	c := num.Log(f.Index)
	return scored(rows, nats, f.logs().gamma().proper(), func(x float64) float64 {
		if x < f.Scale {
			return math.Inf(-1)
		}
		return c - float64(f.Index*logOver(x, f.Scale)) - num.Log(x)
	})
}

// CDF is 1 − (scale/x)^index.
func (f Pareto) CDF(x float64) float64 {
	if x < f.Scale {
		return 0
	}
	return f.logs().CDF(logOver(x, f.Scale))
}

// Quantile is scale·(1 − p)^(−1/index).
func (f Pareto) Quantile(p float64) float64 {
	return float64(f.Scale * num.Exp(f.logs().Quantile(p)))
}

// Support is the scale and above.
func (f Pareto) Support() (lo, hi float64, whole bool) { return f.Scale, math.Inf(1), false }

// Moment2 is the mean and the variance, +Inf where the tail is too heavy for them.
func (f Pareto) Moment2() (mean, variance float64) {
	a := f.Index
	mean, variance = math.Inf(1), math.Inf(1)
	if a > 1 {
		mean = float64(a * f.Scale / (a - 1))
	}
	if a > 2 {
		variance = float64(f.Scale * f.Scale / float64((a-1)*(a-1)) * (a / (a - 2)))
	}
	if math.IsInf(a, 1) {
		mean, variance = f.Scale, 0
	}
	return mean, variance
}

// Degenerate reports an index that is no positive number: all rows were the scale, or one was below it.
func (f Pareto) Degenerate() string {
	if !(f.Index > 0) || math.IsInf(f.Index, 1) {
		return fmt.Sprintf("tail index %g", f.Index)
	}
	return ""
}

// Innovations of a Pareto: the sum of logarithms times the index is a gamma of shape n.
func (f Pareto) Innovations(dst []Innovation, o Outcome[float64], _ *rand.Rand) []Innovation {
	total, ok := f.logTotal(o)
	if !ok || f.Degenerate() != "" {
		return dst
	}
	return append(dst, Innovation{"tail_index", num.GammaCDF(float64(f.Index*total), float64(o.N))})
}

// logTotal is what a fit took the sum of ln(row/scale) to be, so that the estimator is judged too, else that of the rows.
func (f Pareto) logTotal(o Outcome[float64]) (total float64, ok bool) {
	if next, ok := o.Fit.(Pareto); ok && next.Scale == f.Scale {
		return float64(o.N) / next.Index, true
	}
	if s, ok := o.Stats.(*LogTotals); ok && s.scale == f.Scale {
		return s.Sum(), true
	}
	s := LogTotals{scale: f.Scale}
	s.Add(Span[float64]{Rows: o.Rows, Weight: 1})
	return s.Sum(), o.Rows != nil
}

// Save writes the index.
func (f Pareto) Save(w io.Writer) error { return binary.Write(w, binary.LittleEndian, f.Index) }

// ParetoIndex fits the tail index of a Pareto of known scale by maximum likelihood: one over the (weighted) mean of ln(row/scale)
// (Hill 1975, Annals of Statistics 3, eq. 2.2, of all rows).
type ParetoIndex struct {
	Scale float64 `json:"scale" default:"0" min:"0" doc:"known least row; 0: the truth's, which must be a pareto"`
}

// Bind takes the scale from the truth unless it was given, and refuses a truth with rows below it.
func (m ParetoIndex) Bind(truth Source[float64]) (Model[float64], error) {
	if t, ok := truth.(Pareto); ok && m.Scale == 0 {
		m.Scale = t.Scale
	}
	if !(m.Scale > 0) {
		return nil, fmt.Errorf("scale: %T has no least row to be known: give one above 0", truth)
	}
	if t, ok := truth.(Distributed); ok {
		if lo, hi, whole := t.Support(); lo < m.Scale {
			return nil, fmt.Errorf("rows of %T are %s, those of a pareto at least %g: use a model of the truth's rows", truth, supportName(lo, hi, whole), m.Scale)
		}
	}
	return m, nil
}

// Fit learns from rows, as FitStats learns from their totals.
func (m ParetoIndex) Fit(ctx context.Context, t Task[float64]) (Fitted[float64], error) {
	s := m.Empty()
	for _, span := range t.Train {
		s.Add(span)
	}
	return m.FitStats(ctx, t, s)
}

// Fits is a Pareto.
func (m ParetoIndex) Fits() Fitted[float64] { return Pareto{Scale: m.Scale} }

// Weighs is true: the estimate is a weighted mean.
func (ParetoIndex) Weighs() bool { return true }

// Empty is totals of no rows.
func (m ParetoIndex) Empty() Stats[float64] { return &LogTotals{scale: m.Scale} }

// FitStats is one over the mean of logarithms.
func (m ParetoIndex) FitStats(_ context.Context, _ Task[float64], s Stats[float64]) (Fitted[float64], error) {
	return Pareto{Index: 1 / s.(*LogTotals).Mean(), Scale: m.Scale}, nil
}

// Restore reads what Save wrote.
func (m ParetoIndex) Restore(r io.Reader) (Fitted[float64], error) {
	f := Pareto{Scale: m.Scale}
	return f, binary.Read(r, binary.LittleEndian, &f.Index)
}

// LogTotals are the Totals of ln(row/scale); a row below the scale makes them NaN, since no index explains it.
type LogTotals struct {
	Totals
	scale float64
}

// Add adds the logarithms of a span's rows.
func (s *LogTotals) Add(sp Span[float64]) {
	logs := make([]float64, len(sp.Rows))
	for i, x := range sp.Rows {
		if logs[i] = math.NaN(); x >= s.scale {
			logs[i] = logOver(x, s.scale)
		}
	}
	sp.Rows = logs
	s.Totals.Add(sp)
}

// Merge adds other, each row weighing weight.
func (s *LogTotals) Merge(other Stats[float64], weight float64) {
	s.Totals.Merge(&other.(*LogTotals).Totals, weight)
}
