package generate

import "context"

// Hutchinson memorises the items that it has seen and draws them as often as it saw them (Hutter 2021, arXiv
// 2102.04074; the model of Dohmatob et al. 2024, arXiv 2402.07043). That is Categorical without smoothing, and its test
// error, the true mass of what it has not seen, is missing_mass; the name is for configs that are about that paper.
type Hutchinson struct{}

// Bind takes the number of items from the truth.
func (Hutchinson) Bind(truth Source[Histogram]) (Model[Histogram], error) {
	return Categorical{}.Bind(truth)
}

// Fit is that of Categorical.
func (Hutchinson) Fit(ctx context.Context, t Task[Histogram]) (Fitted[Histogram], error) {
	return Categorical{}.Fit(ctx, t)
}

// Fits is Frequencies.
func (Hutchinson) Fits() Fitted[Histogram] { return Frequencies{} }
