package generate

import (
	"cmp"
	"math"
	"slices"

	"modelcollapse/internal/num"
)

// A marginal is the empirical law of a column, by its quantile function, which only gives values that were seen: a
// category column in the order of falling frequency (of equal ones by code), a missing number last.
//
// Interpolating between neighbours would give numbers that nobody saw, of which 1.5 cars is one, and move mass from
// atoms; drawn as they are, values obey the law of counted categories.
type marginal struct {
	values []float64
	upTo   []float64 // weight of a value and those before it; nil: all weigh alike
}

// at is the value at the share u in [0, 1) of the rows.
func (m marginal) at(u float64) float64 {
	n := len(m.values)
	if m.upTo == nil {
		return m.values[min(n-1, int(float64(u*float64(n))))]
	}
	i, found := slices.BinarySearch(m.upTo, float64(u*m.upTo[n-1]))
	if found {
		i++ // the value begins where the one before ends
	}
	return m.values[min(n-1, i)]
}

// marginal is that of column j, and the normal score of each row, Φ⁻¹ of the middle of what its value holds of [0, 1]. scores
// is nil if nobody asks for them; a missing number then counts as a value, and else has NaN and is left out.
func (c columnar) marginal(j int, scores []float64, by *sorter) marginal {
	if !c.schema[j].Numbers() {
		return c.categories(j, scores)
	}
	order := by.order(c.x[j])
	for len(order) > 0 && scores != nil && math.IsNaN(c.x[j][order[len(order)-1]]) {
		scores[order[len(order)-1]] = math.NaN()
		order = order[:len(order)-1]
	}
	m := marginal{values: make([]float64, len(order))}
	for k, i := range order {
		m.values[k] = c.x[j][i]
	}
	if c.weight != nil {
		m.upTo = make([]float64, len(order))
		sum := 0.0
		for k, i := range order {
			sum += c.weight[i]
			m.upTo[k] = sum
		}
	}
	if scores != nil {
		m.scores(order, scores, by)
	}
	return m
}

// scores are those of the sorted rows.
func (m marginal) scores(order []int32, scores []float64, by *sorter) {
	for from, to := range m.ties {
		z := 0.0
		if m.upTo == nil {
			z = by.score(from+to, len(m.values))
		} else {
			z = num.NormalQuantile(m.middle(from, to))
		}
		for _, i := range order[from:to] {
			scores[i] = z
		}
	}
}

// ties yields the runs of equal values, from the first to behind the last; missing numbers are equal.
func (m marginal) ties(yield func(from, to int) bool) {
	for from, to := 0, 0; from < len(m.values); from = to {
		x := m.values[from]
		for to = from + 1; to < len(m.values) && (m.values[to] == x || x != x); {
			to++
		}
		if !yield(from, to) {
			return
		}
	}
}

// middle is (F(x−) + F(x))/2 of the values in a run.
func (m marginal) middle(from, to int) float64 {
	n := len(m.values)
	if m.upTo == nil {
		return float64(from+to) / float64(2*n)
	}
	below := 0.0
	if from > 0 {
		below = m.upTo[from-1]
	}
	return float64((below+m.upTo[to-1])/2) / m.upTo[n-1]
}

// categories is the marginal of a category column.
func (c columnar) categories(j int, scores []float64) (m marginal) {
	f := c.frequencies(j)
	codes := make([]int, 0, len(f))
	for k, x := range f {
		if x > 0 {
			codes = append(codes, k)
		}
	}
	slices.SortStableFunc(codes, func(a, b int) int { return cmp.Compare(f[b], f[a]) })
	sum, score := 0.0, make([]float64, len(f))
	for _, k := range codes {
		if scores != nil {
			score[k] = num.NormalQuantile(float64(sum+float64(f[k]/2)) / c.total)
		}
		sum += f[k]
		m.values, m.upTo = append(m.values, float64(k)), append(m.upTo, sum)
	}
	if scores != nil {
		for i, x := range c.x[j] {
			scores[i] = score[int(x)]
		}
	}
	return m
}
