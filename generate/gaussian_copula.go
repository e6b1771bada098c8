package generate

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"

	"modelcollapse/internal/num"
	"modelcollapse/internal/rng"
)

// GaussianCopula keeps every column's empirical law and joins them by correlated normals (Sklar 1959; Nelsen 2006, An
// introduction to copulas, §2.3): row = (F₁⁻¹(Φ(z₁)), F₂⁻¹(Φ(z₂)), …), z ~ N(0, R). R is the correlation of normal scores: each
// cell's Φ⁻¹(u), u the middle of what its value holds of [0, 1] in order, (F(x−) + F(x))/2, which for numbers without ties is (rank
// − ½)/n. Categories stand in the order of falling frequency, as in the synthetic data vault (Patki, Wedge and
// Veeramachaneni 2016, DSAA, §III).
//
// The middle of an interval stands for all of it, so that correlations with a column of few values come out too small,
// by a constant factor every generation. A numeric column with missing cells has a second normal that says which
// are; its score is compared pair by pair where both cells are there, and a matrix that is then no correlation is
// moved to one by setting its negative eigenvalues to 0.
type GaussianCopula struct{ schema Schema }

// Bind takes the columns from the truth.
func (m GaussianCopula) Bind(truth Source[Record]) (Model[Record], error) {
	var err error
	m.schema, err = SchemaOf(truth)
	return m, err
}

// Weighs is true: a row of weight 2 is that row twice.
func (GaussianCopula) Weighs() bool { return true }

// Fits is a Copula.
func (m GaussianCopula) Fits() Fitted[Record] { return Copula{schema: m.schema} }

// Fit sorts every column, and correlates.
func (m GaussianCopula) Fit(_ context.Context, t Task[Record]) (Fitted[Record], error) {
	c, err := columnsOfSample(m.schema, t.Train)
	if err == nil && c.rows() == 0 {
		err = errNoRows
	}
	if err != nil {
		return nil, fmt.Errorf("gaussian copula: %w", err)
	}
	f := Copula{schema: m.schema, why: c.constant()}
	scores := f.marginals(c)
	f.correlation = correlationsOf(scores, c)
	f.factor = definite(f.correlation, len(scores))
	return f, nil
}

// Copula is columns of known laws, joined by correlated normals.
type Copula struct {
	schema      Schema
	columns     []latentColumn
	correlation []float64 // of the normals, row by row
	factor      factor    // of a correlation that is near it, or it
	why         string
}

// A latentColumn is a column's law, given that its cell is there, and the normal that says whether it is.
type latentColumn struct {
	marginal
	missing float64 // share of missing cells of a numeric column
	says    int     // index of its normal; 0: no cell is missing
}

// marginals fills in the columns, and returns the normal scores of all rows: one slice a column, then one for each column
// with missing cells.
func (f *Copula) marginals(c columnar) (scores [][]float64) {
	n := c.rows()
	var by sorter
	for j := range c.schema {
		z := make([]float64, n)
		f.columns = append(f.columns, latentColumn{marginal: c.marginal(j, z, &by)})
		scores = append(scores, z)
	}
	for j, col := range c.schema {
		if f.columns[j].missing = c.missing(j); col.Numbers() && f.columns[j].missing > 0 {
			f.columns[j].says = len(scores)
			scores = append(scores, missingScores(c.x[j], f.columns[j].missing))
		}
	}
	return scores
}

// missing is the share of missing cells of column j.
func (c columnar) missing(j int) float64 {
	sum := 0.0
	for i, x := range c.x[j] {
		if math.IsNaN(x) {
			sum += c.of(i)
		}
	}
	return sum / c.total
}

// missingScores are those of a column of two values: missing below, there above.
func missingScores(x []float64, missing float64) []float64 {
	gone, there := num.NormalQuantile(missing/2), num.NormalQuantile((1+missing)/2)
	z := make([]float64, len(x))
	for i, v := range x {
		if z[i] = there; math.IsNaN(v) {
			z[i] = gone
		}
	}
	return z
}

// Schema is that of the rows.
func (f Copula) Schema() Schema { return f.schema }

// Degenerate names the columns that have one value; "" without any.
func (f Copula) Degenerate() string { return f.why }

// Correlation is that of the normals behind the columns, row by row in one array, not to be changed: as it was
// estimated, even where rows are drawn by a matrix near it.
func (f Copula) Correlation() []float64 { return f.correlation }

// Draw takes a normal a column, and one for each column with missing cells.
func (f Copula) Draw(_ context.Context, dst []Record, n int, r *rand.Rand) ([]Record, error) {
	columns, normals := len(f.columns), f.factor.dim
	flat, z := make([]float64, n*columns), make([]float64, normals)
	for i := range n {
		clear(z)
		for k := range normals {
			addScaled(z[k:], f.factor.row(k), rng.Normal(r))
		}
		row := flat[i*columns : (i+1)*columns]
		for j, c := range f.columns {
			if c.says > 0 && (len(c.values) == 0 || num.NormalCDF(z[c.says]) < c.missing) {
				row[j] = math.NaN()
				continue
			}
			row[j] = c.at(num.NormalCDF(z[j]))
		}
	}
	return views(dst, flat, n, columns), nil
}
