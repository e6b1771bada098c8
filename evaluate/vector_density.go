package evaluate

import (
	"context"
	"fmt"

	"modelcollapse/generate"
	"modelcollapse/results"
)

// DensityDistance is the L2 distance between the densities of fit and truth, both mixtures of normals, in closed form:
// density_distance.squared = ∫ (p − q)² = ∫ p² − 2 ∫ pq + ∫ q², in one over the units of the data to the power of columns
// (the measure of the gaussian-mixture notebook of Shumailov et al. 2024), and density_distance.relative is that over ∫ p²:
// 1 for a model that is nowhere near the truth but as wide. A fit that is a point is infinitely far away.
type DensityDistance struct{}

// Needs is nothing but the fit.
func (DensityDistance) Needs() Needs { return Needs{} }

// Can asks for a mixture of few normals.
func (DensityDistance) Can(fits generate.Fitted[generate.Vector]) error {
	if _, ok := asMixture(fits); !ok {
		return fmt.Errorf("density_distance: %T is no mixture of few normals: use a model such as gaussian_mixture", fits)
	}
	return nil
}

// Axes are the distance and what it is of the truth.
func (DensityDistance) Axes() []results.Axis {
	return []results.Axis{
		{Series: "density_distance.squared", Label: "squared L2 distance of the densities", Better: -1},
		{Series: "density_distance.relative", Label: "squared L2 distance of the densities, over the truth's square", Better: -1},
	}
}

// Start integrates the truth's square.
func (DensityDistance) Start(_ context.Context, r Real[generate.Vector]) (Gauge[generate.Vector], error) {
	truth, ok := asMixture(r.Truth)
	if !ok {
		return nil, fmt.Errorf("density_distance: %T is no mixture of normals: use a truth such as blobs", r.Truth)
	}
	square := truth.Overlap(truth)
	return fitGauge[generate.Vector](func(_ context.Context, v View[generate.Vector], to Sink) error {
		fit, ok := asMixture(v.Model)
		if !ok || fit.Dim() != truth.Dim() {
			return fmt.Errorf("density_distance: %T of %d columns is no mixture like the truth of %d", v.Model, fit.Dim(), truth.Dim())
		}
		d := square - float64(2*truth.Overlap(fit)) + fit.Overlap(fit)
		if d < 0 { // rounding
			d = 0
		}
		to.Put("density_distance.squared", d)
		to.Put("density_distance.relative", d/square)
		return nil
	}), nil
}

// asMixture is a mixture of normals, or one normal.
func asMixture(x any) (generate.Mixture, bool) {
	switch f := x.(type) {
	case generate.Mixture:
		return f, true
	case generate.JointNormal:
		m, err := generate.NewMixture(nil, []generate.JointNormal{f})
		return m, err == nil
	}
	return generate.Mixture{}, false
}
