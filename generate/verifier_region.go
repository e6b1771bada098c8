package generate

import (
	"context"
	"fmt"
	"math"
)

// RegionVerifier keeps the rows within a distance of a centre: a verifier that believes the truth to lie there (in the
// spirit of Yi et al. 2025, arXiv 2510.16657). A mean that is fitted again and again to what it keeps goes to the
// centre, wherever the truth is. A row that is no number is dropped.
type RegionVerifier struct {
	Centre float64 `json:"centre" default:"0" doc:"where the verifier believes the truth to be"`
	Radius float64 `json:"radius" default:"1" min:"0" doc:"rows that lie farther from the centre are dropped"`
}

// Name is region_verifier.
func (RegionVerifier) Name() string { return "region_verifier" }

// Apply drops what lies outside.
func (v RegionVerifier) Apply(_ context.Context, b Batch[float64]) error {
	for i, x := range b.Rows {
		if !(math.Abs(x-v.Centre) <= v.Radius) {
			b.Weights[i] = 0
		}
	}
	return nil
}

// VectorRegionVerifier is RegionVerifier by Euclidean distance.
type VectorRegionVerifier struct {
	Centre []float64 `json:"centre" doc:"where the verifier believes the truth to be, a number a column; empty: zeros"`
	Radius float64   `json:"radius" default:"1" min:"0" doc:"rows that lie farther from the centre are dropped"`
}

// Name is region_verifier.
func (VectorRegionVerifier) Name() string { return "region_verifier" }

// Bind compares the columns with the truth's.
func (v VectorRegionVerifier) Bind(truth Source[Vector]) (Intervention[Vector], error) {
	return v, sameColumns("centre", v.Centre, truth)
}

// sameColumns refuses a point that has not as many columns as the truth, if that says how many it has. An empty one is
// zeros.
func sameColumns(name string, point []float64, truth Source[Vector]) error {
	if t, ok := truth.(interface{ Dim() int }); ok && len(point) > 0 && len(point) != t.Dim() {
		return fmt.Errorf("%s: %d numbers for %d columns", name, len(point), t.Dim())
	}
	return nil
}

// Apply drops what lies outside.
func (v VectorRegionVerifier) Apply(_ context.Context, b Batch[Vector]) error {
	for i, row := range b.Rows {
		if !(distance(row, v.Centre) <= v.Radius) {
			b.Weights[i] = 0
		}
	}
	return nil
}

// distance is the Euclidean one, from zeros where point is empty. It overflows and vanishes where its square does.
func distance(row, point []float64) float64 {
	total := 0.0
	for j, x := range row {
		if len(point) > 0 {
			x -= point[j]
		}
		total += float64(x * x)
	}
	return math.Sqrt(total)
}
