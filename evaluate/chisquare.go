package evaluate

import (
	"fmt"

	"modelcollapse/internal/num"
)

// A CountTest is a chi-square test of counts.
type CountTest struct {
	Statistic float64 // Σ (count − expected)² / expected
	DF        int     // categories of positive probability − 1
	P         float64
	Least     float64 // smallest expected count; below 5 the chi-square law is rough
}

// ChiSquare tests that counts are one multinomial draw with the given probabilities (K. Pearson, Phil. Mag. 50,
// 1900), none of them estimated from the counts. A count where the probability is 0 gives P = 0. It is an error if
// the slices differ in length, nothing was counted, fewer than two categories are possible, or the probabilities do
// not add up to 1.
func ChiSquare(counts []int64, p []float64) (CountTest, error) {
	if len(counts) != len(p) {
		return CountTest{}, fmt.Errorf("chi-square test: %d counts and %d probabilities", len(counts), len(p))
	}
	n, possible := int64(0), 0
	for i, c := range counts {
		if c < 0 || !(p[i] >= 0) {
			return CountTest{}, fmt.Errorf("chi-square test: category %d: count %d, probability %v: want neither below 0", i, c, p[i])
		}
		n += c
		if p[i] > 0 {
			possible++
		}
	}
	if total := num.SumCompensated(p); n == 0 || possible < 2 || !(total > 1-1e-9 && total < 1+1e-9) {
		return CountTest{}, fmt.Errorf("chi-square test of %d things in %d categories of probability %v in all: want at least 1, 2 and 1", n, possible, total)
	}
	t := CountTest{DF: possible - 1, Least: float64(n)}
	var sum num.Accumulator
	for i, c := range counts {
		expected := float64(float64(n) * p[i])
		if c == 0 && expected == 0 {
			continue
		}
		d := float64(c) - expected
		sum.Add(float64(d*d) / expected) // +Inf for what cannot happen
		if expected > 0 {
			t.Least = min(t.Least, expected)
		}
	}
	t.Statistic = sum.Sum()
	t.P = num.ChiSquaredSurvival(t.Statistic, float64(t.DF))
	return t, nil
}
