package generate

import (
	"context"
	"errors"
	"math"

	"modelcollapse/internal/num"
)

// Score is the logarithm of the density of age and income times the chances of city and owner given them, in nats. Given the
// row's own normal s the columns are independent, and s given the numbers is normal, so what is left is an integral over it: by
// the trapezoidal rule within 8 standard deviations, whose error is that of rounding.
func (t MixedTruth) Score(_ context.Context, rows []Record, nats []float64) error {
	if t.own == 0 {
		return errors.New("mixed table: at a correlation of 1 rows have no density")
	}
	for i, row := range rows {
		if nats[i] = math.Inf(-1); t.True(row) {
			nats[i] = t.score(row)
		}
	}
	return nil
}

func (t MixedTruth) score(row Record) float64 {
	logIncome := num.Log(row[incomeColumn])
	x, y := (row[ageColumn]-meanAge)/sdAge, (logIncome-meanLogIncome)/sdLogIncome
	rho := float64(t.common * t.common)
	rest := (1 - rho) * (1 + rho)
	square := float64(x*x) - float64(2*float64(rho*float64(x*y))) + float64(y*y)
	nats := -float64(square/rest)/2 - num.Log(rest)/2 - num.Log(2*math.Pi) - num.Log(sdAge*sdLogIncome) - logIncome
	// s given x and y
	variance := (1 - rho) / (1 + rho)
	mean := float64(t.common * (x + y) / (1 + rho))
	return nats + num.Log(t.chances(int(row[cityColumn]), int(row[ownerColumn]), mean, math.Sqrt(variance)))
}

// scoreNodes are the nodes of the integral on either side of the mean, scoreStep standard deviations apart.
const (
	scoreNodes = 40
	scoreStep  = 0.2
)

// chances is E P(city | s) P(owner | s) over s ~ N(mean, sd²).
func (t MixedTruth) chances(city, owner int, mean, sd float64) float64 {
	from := 0.0
	if city > 0 {
		from = t.city.upTo[city-1]
	}
	low, high := num.NormalQuantile(from), num.NormalQuantile(min(1, t.city.upTo[city]))
	if city == len(t.cities)-1 {
		high = math.Inf(1)
	}
	edge := -num.NormalQuantile(t.owners[1])
	var sum, whole float64
	for k := -scoreNodes; k <= scoreNodes; k++ {
		u := float64(scoreStep * float64(k))
		weight := num.Exp(-float64(u*u) / 2)
		whole += weight
		s := float64(t.common * (mean + float64(sd*u)))
		yes := num.NormalCDF((s - edge) / t.own)
		if owner == 0 {
			yes = num.NormalCDF((edge - s) / t.own)
		}
		sum += float64(weight * yes * chanceWithin((low-s)/t.own, (high-s)/t.own))
	}
	return sum / whole
}

// chanceWithin is the normal's chance of an interval, from its nearer tail.
func chanceWithin(low, high float64) float64 {
	if low > 0 {
		return num.NormalCDF(-low) - num.NormalCDF(-high)
	}
	return num.NormalCDF(high) - num.NormalCDF(low)
}
