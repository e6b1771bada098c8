package evaluate

import (
	"fmt"
	"math"

	"modelcollapse/internal/num"
)

// GaussianStep is the law of one generation of a gaussian under replace, given the one before: with M fresh rows of
// N(μ_t, v_t) fitted by their mean and variance, M v_{t+1} / v_t is chi-square with M − 1 degrees of freedom when the
// divisor is M, (M − 1) v_{t+1} / v_t when it is M − 1, and √M (μ_{t+1} − μ_t) / √v_t is standard normal: all of them
// independent, whatever has become of the chain (W. G. Cochran, Proc. Camb. Phil. Soc. 30, 1934, for each step). So
// these innovations are judged, not averages over replicates, which few replicates carry.
type GaussianStep struct {
	Rows     []int // M by generation: Rows[t+1] fresh rows lead from t to t + 1; at least 2; Rows[0] is not used
	Unbiased bool  // variances have divisor M − 1, else M
}

// A GaussianChain is one replicate: fitted means and variances by generation. Starting it with the truth's own, and
// Rows with a size in front, tests generation 0, too.
type GaussianChain struct{ Mean, Variance []float64 }

// faint is the share of the mean's size that a deviation must have for rounding not to matter: rows of a collapsed
// gaussian are too coarse to obey its law.
const faint = 1e-9

// Looks makes six looks at the steps of all chains. For variances and for means: shift, the average deviation, by a
// z-test (for variances in ln v, whose mean and variance are known by digamma and trigamma functions; for means in
// standard deviations √v_t); shape, that probability integral transforms are uniform, by Kolmogorov and Smirnov;
// and serial, that they are independent of the step before. Steps from a deviation below 1e-9 of the mean's size are left
// out and counted in Note. An error is returned for fits that are not finite, or rows that do not fit the chains.
func (s GaussianStep) Looks(chains []GaussianChain) ([]Look, error) {
	variance := newInnovations("variance", "nats a generation")
	mean := newInnovations("mean", "standard deviations a generation")
	left := 0
	for i, c := range chains {
		if err := s.check(c); err != nil {
			return nil, fmt.Errorf("chain %d: %w", i, err)
		}
		variance.begin()
		mean.begin()
		for t := range len(c.Mean) - 1 {
			if math.Sqrt(c.Variance[t]) <= float64(faint*math.Abs(c.Mean[t])) {
				left++
				variance.begin()
				mean.begin()
				continue
			}
			s.step(c, t, variance, mean)
		}
	}
	looks := append(variance.looks(), mean.looks()...)
	if left > 0 {
		for i := range looks {
			looks[i].Note = joined(looks[i].Note, counted(left, "step", "steps")+" of a collapsed chain left out")
		}
	}
	return looks, nil
}

func (s GaussianStep) check(c GaussianChain) error {
	if len(c.Mean) != len(c.Variance) || len(c.Mean) > len(s.Rows) {
		return fmt.Errorf("%d means, %d variances, rows of %d generations: want as many of each", len(c.Mean), len(c.Variance), len(s.Rows))
	}
	for t, m := range c.Mean {
		v := c.Variance[t]
		if math.IsNaN(m-m) || math.IsNaN(v-v) || v < 0 {
			return fmt.Errorf("generation %d: mean %v, variance %v: want finite values", t, m, v)
		}
		if t > 0 && s.Rows[t] < 2 {
			return fmt.Errorf("generation %d: %d rows: want at least 2", t, s.Rows[t])
		}
	}
	return nil
}

// step adds the step from generation t of a chain.
func (s GaussianStep) step(c GaussianChain, t int, variance, mean *innovations) {
	rows := float64(s.Rows[t+1])
	df, divisor := rows-1, rows
	if s.Unbiased {
		divisor = df
	}
	ratio := c.Variance[t+1] / c.Variance[t]
	expected := num.Digamma(df/2) - num.Log(divisor/2)
	variance.add(num.Log(ratio)-expected, num.Trigamma(df/2), num.ChiSquaredCDF(float64(divisor*ratio), df))
	moved := (c.Mean[t+1] - c.Mean[t]) / math.Sqrt(c.Variance[t])
	mean.add(moved, 1/rows, num.NormalCDF(float64(math.Sqrt(rows)*moved)))
}

func joined(a, b string) string {
	if a == "" {
		return b
	}
	return a + "; " + b
}
