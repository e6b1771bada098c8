package evaluate

import (
	"fmt"
	"math"
	"math/bits"

	"modelcollapse/internal/num"
)

// An ExactTest is a test by enumeration: its p-values are shares of all arrangements that chance could have made,
// equally likely under the null, and assume nothing else.
type ExactTest struct {
	P            float64 // two-sided
	Greater      float64 // one-sided: of a sum, or a difference of means, at least as large
	Floor        float64 // the least P that so many values can reach: 2 / Arrangements
	Arrangements int
}

// maxArrangements bounds the enumeration: about 0.1 s.
const maxArrangements = 1 << 22

// SignFlip tests that the differences d are symmetric about 0, by all 2^n choices of their signs (R. A. Fisher, The
// Design of Experiments, 1935, §21). Sums that agree to 1e-12 of the sum of sizes are ties and count as reached.
// From 23 differences on it is an error.
func SignFlip(d []float64) (ExactTest, error) {
	n := len(d)
	if n == 0 || n > bits.Len(maxArrangements)-1 {
		return ExactTest{}, fmt.Errorf("sign-flip test of %d differences: want 1 to %d: use the paired t-test", n, bits.Len(maxArrangements)-1)
	}
	var size, seen float64
	for _, x := range d {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return ExactTest{}, fmt.Errorf("sign-flip test: difference %v: want finite differences", x)
		}
		size, seen = size+math.Abs(x), seen+x
	}
	count := tally{seen: seen, slack: float64(1e-12 * size)}
	count.signs(d, 0)
	return count.test(), nil
}

// Permutation tests that x and y are draws from one law, by the difference of means over all splits of the pooled
// values into parts of the sizes seen (E. J. G. Pitman, JRSS Suppl. 4, 1937). Differences that agree to 1e-12 of the
// largest value are ties and count as reached. More than four million splits are an error.
func Permutation(x, y []float64) (ExactTest, error) {
	n, m := len(x), len(y)
	splits := math.Inf(1)
	if n > 0 && m > 0 {
		splits = num.Exp(num.LogChoose(int64(n+m), int64(n)))
	}
	if splits > maxArrangements {
		return ExactTest{}, fmt.Errorf("permutation test of %d and %d values: want some of both and at most %d splits: use Welch's t-test", n, m, maxArrangements)
	}
	pool := append(append(make([]float64, 0, n+m), x...), y...)
	mean := num.Mean(pool)
	if math.IsNaN(mean) || math.IsInf(mean, 0) {
		return ExactTest{}, fmt.Errorf("permutation test: a mean of %v: want finite values", mean)
	}
	var size float64
	for i := range pool {
		pool[i] -= mean // so the sum of the first part decides, and reaches as far as its mirror
		size += math.Abs(pool[i])
	}
	count := tally{seen: num.Sum(pool[:n]), slack: float64(1e-12 * size)}
	count.splits(pool, n, 0)
	return count.test(), nil
}

// A tally counts arrangements that reach what was seen.
type tally struct {
	seen, slack        float64
	all, two, oneSided int
}

func (t *tally) add(sum float64) {
	t.all++
	if sum >= t.seen-t.slack {
		t.oneSided++
	}
	if math.Abs(sum) >= math.Abs(t.seen)-t.slack {
		t.two++
	}
}

func (t *tally) signs(d []float64, sum float64) {
	if len(d) == 0 {
		t.add(sum)
		return
	}
	t.signs(d[1:], sum+d[0])
	t.signs(d[1:], sum-d[0])
}

// splits adds every sum of k of the values to sum.
func (t *tally) splits(values []float64, k int, sum float64) {
	if k == 0 {
		t.add(sum)
		return
	}
	for i := 0; i+k <= len(values); i++ {
		t.splits(values[i+1:], k-1, sum+values[i])
	}
}

func (t *tally) test() ExactTest {
	all := float64(t.all)
	return ExactTest{float64(t.two) / all, float64(t.oneSided) / all, min(1, 2/all), t.all}
}
