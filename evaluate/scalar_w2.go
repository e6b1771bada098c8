package evaluate

import (
	"context"
	"fmt"
	"math"
	"slices"

	"modelcollapse/generate"
	"modelcollapse/internal/num"
	"modelcollapse/results"
)

// W2 is the Wasserstein-2 distance between the truth and the fit, both taken as normals by their moments:
// w2.squared = (mean − true mean)² + (sd − true sd)², in squared units of the data (Olkin and Pukelsheim 1982).
type W2 struct{}

// Needs is nothing but the fit.
func (W2) Needs() Needs { return Needs{} }

// Can asks for a fit that knows its moments.
func (W2) Can(fits generate.Fitted[float64]) error { return knowsMoments("w2", fits) }

// Axes is the squared distance.
func (W2) Axes() []results.Axis { return []results.Axis{w2Axis} }

var w2Axis = results.Axis{Series: "w2.squared", Label: "squared Wasserstein-2 distance to the truth (normals)", Better: -1}

// Start fixes the truth's moments.
func (W2) Start(_ context.Context, r Real[float64]) (Gauge[float64], error) {
	real, spread, err := trueMoments("w2", r.Truth)
	if err != nil {
		return nil, err
	}
	return gaugeOfMoments(func(_ View[float64], mean, variance float64, to Sink) {
		d, s := mean-real, math.Sqrt(variance)-math.Sqrt(spread)
		to.Put("w2.squared", float64(d*d)+float64(s*s))
	}), nil
}

// W2Empirical is the Wasserstein-2 distance between fresh rows of the model and held-out real rows, in units of the
// data: the root of the mean squared difference of their quantile functions. Two samples of one law lie apart too:
// w2_empirical.null is the same statistic for equally many real rows instead of the model's, averaged over draws.
type W2Empirical struct {
	Null int `json:"null" default:"20" min:"1" max:"1000" doc:"how many real samples the null is averaged over"`
}

// Needs are fresh rows and held-out ones.
func (W2Empirical) Needs() Needs { return Needs{Probe: true, HeldOut: true} }

// Can is nil: every model can be drawn from.
func (W2Empirical) Can(generate.Fitted[float64]) error { return nil }

// Axes are the distance and its null.
func (W2Empirical) Axes() []results.Axis {
	return []results.Axis{
		{Series: "w2_empirical", Label: "Wasserstein-2 distance of fresh to held-out rows", Better: -1},
		{Series: "w2_empirical.null", Label: "Wasserstein-2 distance of real to held-out rows"},
	}
}

// Start sorts the held-out rows.
func (m W2Empirical) Start(_ context.Context, r Real[float64]) (Gauge[float64], error) {
	return &w2Empirical{real: r, samples: max(1, m.Null), held: slices.Sorted(slices.Values(r.HeldOut))}, nil
}

type w2Empirical struct {
	real    Real[float64]
	samples int
	held    []float64 // sorted
	null    *float64  // once it was asked for: a function of the cell's key alone
	row     []float64 // reused
}

// Measure puts the distance and its null.
func (g *w2Empirical) Measure(ctx context.Context, v View[float64], to Sink) error {
	if g.null == nil {
		if err := g.startNull(ctx); err != nil {
			return fmt.Errorf("w2_empirical: null: %w", err)
		}
	}
	g.row = append(g.row[:0], v.Probe...)
	to.Put("w2_empirical", g.distance())
	to.Put("w2_empirical.null", *g.null)
	return nil
}

// startNull averages over real samples.
func (g *w2Empirical) startNull(ctx context.Context) (err error) {
	stream, mean := g.real.Key.Child("w2_empirical", 0).Stream(), 0.0
	for range g.samples {
		if g.row, err = realRows(ctx, g.row[:0], g.real, g.real.Probe, stream); err != nil {
			return err
		}
		mean += g.distance() / float64(g.samples)
	}
	g.null = &mean
	return nil
}

// distance sorts the row and compares it with the held-out rows.
func (g *w2Empirical) distance() float64 {
	slices.Sort(g.row)
	return QuantileDistance(g.row, g.held)
}

// QuantileDistance is the Wasserstein-2 distance of two sorted samples: the root of ∫ (F⁻¹(u) − G⁻¹(u))² du over
// the steps of both empirical quantile functions (Peyré and Cuturi 2019, Computational Optimal Transport, eq. 2.30).
// NaN where a sample is empty or holds a NaN.
func QuantileDistance(x, y []float64) float64 {
	n, m := len(x), len(y)
	if n == 0 || m == 0 {
		return math.NaN()
	}
	var sum num.Accumulator
	for i, j, at := 0, 0, 0; i < n && j < m; { // at: how far u has come, in units of 1/(n·m)
		next := min((i+1)*m, (j+1)*n)
		if d := x[i] - y[j]; x[i] != y[j] { // two equal infinities are no distance apart
			sum.Add(float64(float64(next-at) * float64(d*d)))
		}
		at = next
		if (i+1)*m == next {
			i++
		}
		if (j+1)*n == next {
			j++
		}
	}
	return math.Sqrt(sum.Sum() / (float64(n) * float64(m)))
}
