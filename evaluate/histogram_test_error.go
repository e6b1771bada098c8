package evaluate

import (
	"context"

	"modelcollapse/generate"
	"modelcollapse/results"
)

// MemoriserTestError is test_error, the chance that a draw of the truth is of an item that a memoriser has never seen:
// Σ p over the categories with q = 0, which is missing_mass by the name that fits the model (hutchinson). By the laws
// of missing_mass it grows under replace as ((g + 1)/2)^((β−1)/β) for p_i ∝ i^(−β).
type MemoriserTestError struct{ exactNeeds }

// Axes is the test error.
func (MemoriserTestError) Axes() []results.Axis {
	return []results.Axis{{Series: "test_error", Label: "test error of a memoriser", Better: -1}}
}

// Start finds the truth.
func (MemoriserTestError) Start(_ context.Context, r Real[generate.Histogram]) (Gauge[generate.Histogram], error) {
	return whole(r, "test_error", missingMass)
}

func (MemoriserTestError) sums([]float64) ([]categorySum, error) {
	return []categorySum{marksDead.sum("test_error", byMass)}, nil
}
