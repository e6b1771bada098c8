package generate

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"

	"modelcollapse/internal/num"
	"modelcollapse/internal/rng"
)

// MixedTable is a truth of typed columns of which every law is known: age is normal, income log-normal, city one of
// Zipf's categories, owner yes or no. They hang together by a Gaussian copula, equally correlated normals behind the
// columns (Sklar 1959; Nelsen 2006, §2): the higher the normal, the older, the richer, the rarer the city, and yes.
type MixedTable struct {
	Categories  int     `json:"categories" default:"100" min:"1" max:"1000000" doc:"how many cities there are"`
	Exponent    float64 `json:"exponent" default:"1.1" min:"0" doc:"of Zipf's law of cities"`
	Correlation float64 `json:"correlation" default:"0.5" min:"0" max:"1" doc:"of every two normals behind the columns"`
	Owners      float64 `json:"owners" default:"0.3" min:"0" max:"1" doc:"share of rows whose owner is yes"`
}

// Open computes the chances of cities once.
func (m MixedTable) Open(ctx context.Context, split *rand.Rand) (Source[Record], error) {
	zipf, err := Zipf{Categories: m.Categories, Exponent: m.Exponent}.Open(ctx, split)
	if err != nil {
		return nil, fmt.Errorf("mixed table: %w", err)
	}
	p := zipf.(Distribution).Probabilities()
	t := MixedTruth{cities: p, owners: []float64{1 - m.Owners, m.Owners}, common: math.Sqrt(m.Correlation), own: math.Sqrt(1 - m.Correlation)}
	t.schema = Schema{{Name: "age", Type: Numeric}, {Name: "income", Type: Numeric}, {Name: "city", Type: Category},
		{Name: "owner", Type: Category, Categories: []string{"no", "yes"}}}
	sum := 0.0
	for i, x := range p {
		sum += x
		t.city.values, t.city.upTo = append(t.city.values, float64(i)), append(t.city.upTo, sum)
		t.schema[cityColumn].Categories = append(t.schema[cityColumn].Categories, "city "+strconv.Itoa(i+1))
	}
	return t, nil
}

const (
	ageColumn = iota
	incomeColumn
	cityColumn
	ownerColumn
)

// The laws of the numeric columns: age ~ N(meanAge, sdAge²) in years, ln income ~ N(meanLogIncome, sdLogIncome²).
const (
	meanAge, sdAge             = 45, 15
	meanLogIncome, sdLogIncome = 10.5, 0.8
)

// MixedTruth is MixedTable, opened.
type MixedTruth struct {
	schema         Schema
	cities, owners []float64
	city           marginal
	common, own    float64 // of the row's normal and of a cell's own: z = common·s + own·e, e ~ N(0, 1)
}

// Schema is age, income, city and owner.
func (t MixedTruth) Schema() Schema { return t.schema }

// Quantile is that of a numeric column.
func (t MixedTruth) Quantile(column int, p float64) float64 {
	return t.number(column, num.NormalQuantile(p))
}

// number is the cell of a numeric column with the normal z behind it.
func (t MixedTruth) number(column int, z float64) float64 {
	switch column {
	case ageColumn:
		return meanAge + float64(sdAge*z)
	case incomeColumn:
		return num.Exp(meanLogIncome + float64(sdLogIncome*z))
	}
	return math.NaN()
}

// Probabilities are those of a category column by code; nil of another. Not to be changed.
func (t MixedTruth) Probabilities(column int) []float64 {
	switch column {
	case cityColumn:
		return t.cities
	case ownerColumn:
		return t.owners
	}
	return nil
}

// Draw takes five normals a row.
func (t MixedTruth) Draw(_ context.Context, dst []Record, n int, r *rand.Rand) ([]Record, error) {
	columns := len(t.schema)
	flat := make([]float64, n*columns)
	for i := range n {
		shared := float64(t.common * rng.Normal(r))
		row := flat[i*columns : (i+1)*columns]
		for j := range row {
			z := shared + float64(t.own*rng.Normal(r))
			switch j {
			case cityColumn:
				row[j] = t.city.at(num.NormalCDF(z))
			case ownerColumn:
				if num.NormalCDF(-z) < t.owners[1] {
					row[j] = 1
				}
			default:
				row[j] = t.number(j, z)
			}
		}
	}
	return views(dst, flat, n, columns), nil
}

// True reports a row that the truth can draw: an age, a positive income, a city and an owner that exist.
func (t MixedTruth) True(row Record) bool {
	finite := func(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }
	return len(row) == len(t.schema) && finite(row[ageColumn]) && finite(row[incomeColumn]) && row[incomeColumn] > 0 &&
		t.schema[cityColumn].has(row[cityColumn]) && t.schema[ownerColumn].has(row[ownerColumn])
}
