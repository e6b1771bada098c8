package generate

import (
	"math"
	"slices"
	"testing"

	"modelcollapse/internal/num"
	"modelcollapse/internal/rng"
)

// A knownLaw is a distribution of scalars of which everything is known.
type knownLaw interface {
	Source[float64]
	Scorer[float64]
	Distributed
}

// checkDistribution holds sampler, density, distribution function, quantiles and moments of one law to each other.
func checkDistribution(t *testing.T, f knownLaw) {
	_, _, whole := f.Support()
	t.Run("sampler", func(t *testing.T) {
		rows := rowsOf[float64](t, f, 30000, rng.Root(42))
		slices.Sort(rows)
		n, worst := float64(len(rows)), 0.0
		for i, x := range rows { // the empirical function jumps at x, and so may F
			if i == 0 || rows[i-1] != x {
				worst = max(worst, math.Abs(float64(i)/n-f.CDF(math.Nextafter(x, math.Inf(-1)))))
			}
			if i+1 == len(rows) || rows[i+1] != x {
				worst = max(worst, math.Abs(float64(i+1)/n-f.CDF(x)))
			}
		}
		if bound := num.DKW(len(rows), 1e-6); worst > bound {
			t.Errorf("distance %.4f from the distribution function, bound %.4f", worst, bound)
		}
	})
	t.Run("quantiles", func(t *testing.T) {
		for _, p := range []float64{1e-9, 1e-3, .01, .05, .25, .5, .6, .9, .99, .999, 1 - 1e-9} {
			x := f.Quantile(p)
			if above, below := f.CDF(x), f.CDF(math.Nextafter(x, math.Inf(-1))); above < p*(1-1e-11) || below > p*(1+1e-11) {
				t.Errorf("quantile %g: %g, where the distribution function goes from %g to %g", p, x, below, above)
			}
		}
		lo, hi, _ := f.Support()
		if f.Quantile(0) != lo || f.Quantile(1) != hi || !math.IsNaN(f.Quantile(-.1)) || !math.IsNaN(f.Quantile(1.1)) || !math.IsNaN(f.Quantile(math.NaN())) {
			t.Errorf("ends: %g, %g, beyond: %g, %g", f.Quantile(0), f.Quantile(1), f.Quantile(-.1), f.Quantile(1.1))
		}
		if x := f.CDF(math.NaN()); !math.IsNaN(x) || f.CDF(math.Inf(-1)) != 0 || f.CDF(math.Inf(1)) != 1 {
			t.Errorf("distribution function at NaN: %g, at the ends %g, %g", x, f.CDF(math.Inf(-1)), f.CDF(math.Inf(1)))
		}
	})
	t.Run("density", func(t *testing.T) {
		if whole {
			checkMass(t, f)
		} else {
			checkDensity(t, f)
		}
	})
}

// checkMass: probabilities add to the distribution function and have its moments.
func checkMass(t *testing.T, f knownLaw) {
	var total, first, second num.Accumulator
	mean, variance := f.Moment2()
	nats := make([]float64, 1)
	for k := 0.0; k <= f.Quantile(1-1e-15)+1; k++ {
		if err := f.Score(t.Context(), []float64{k}, nats); err != nil {
			t.Fatal(err)
		}
		p := math.Exp(nats[0])
		total.Add(p)
		first.Add(p * k)
		second.Add(p * (k - mean) * (k - mean))
		if d := math.Abs(total.Sum() - f.CDF(k)); !(d < 1e-12) {
			t.Errorf("up to %g the probabilities add to %g, the distribution function is %g", k, total.Sum(), f.CDF(k))
		}
	}
	near(t, "moments", []float64{first.Sum(), second.Sum()}, []float64{mean, variance}, 1e-10*(1+variance))
	f.Score(t.Context(), []float64{.5}, nats)
	if !math.IsInf(nats[0], -1) {
		t.Errorf("½ scores %g", nats[0])
	}
}

// checkDensity: the density integrates to the distribution function, by Simpson's rule, and has its moments.
func checkDensity(t *testing.T, f knownLaw) {
	const n = 4000
	lo, hi := f.Quantile(1e-13), f.Quantile(1-1e-13)
	h := (hi - lo) / n
	rows, nats := make([]float64, n+1), make([]float64, n+1)
	for i := range rows {
		rows[i] = lo + h*float64(i)
	}
	if err := f.Score(t.Context(), rows, nats); err != nil {
		t.Fatal(err)
	}
	mean, variance := f.Moment2()
	total, first, second := 0.0, 0.0, 0.0
	for i := 1; i < n; i += 2 {
		for j, weight := range []float64{1, 4, 1} {
			x := rows[i-1+j]
			p := math.Exp(nats[i-1+j]) * weight * h / 3
			total, first, second = total+p, first+p*x, second+p*(x-mean)*(x-mean)
		}
		if d := math.Abs(total - f.CDF(rows[i+1])); !(d < 1e-8) {
			t.Fatalf("up to %g the density integrates to %g, the distribution function is %g", rows[i+1], total, f.CDF(rows[i+1]))
		}
	}
	near(t, "moments", []float64{first, second}, []float64{mean, variance}, 1e-7*(1+variance))
}
