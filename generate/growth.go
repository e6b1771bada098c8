package generate

import (
	"fmt"
	"math"

	"modelcollapse/internal/num"
)

// growth is how many times the first rows generation g has. Whole powers are products, so that they are exact while a
// float64 holds them.
func growth(rule string, rate float64, g int) float64 {
	switch rule {
	case "linear":
		return 1 + float64(rate*float64(g))
	case "power":
		if rate == math.Trunc(rate) && rate >= 0 && rate <= 64 {
			return product(float64(g+1), int(rate))
		}
		return num.Exp(float64(rate * num.Log(float64(g+1))))
	case "geometric":
		return product(rate, g)
	}
	return 1
}

// product is x · x · …, n times.
func product(x float64, n int) float64 {
	p := 1.0
	for range n {
		p = float64(p * x)
	}
	return p
}

// maxRows bounds the rows of a block that grows, so that a float64 counts them; maxTotal those of all generations together.
const (
	maxRows  = 1 << 52
	maxTotal = 1 << 62
)

// Growing is rows × 1, 1 + rate·g, (g+1)^rate or rate^g in generation g, rounded, by the rules constant, linear, power and
// geometric.
func Growing(rule string, rows int, rate float64, generations int) (Sizes, error) {
	switch {
	case rule == "geometric" && !(rate > 0):
		return nil, fmt.Errorf("rate: %g: by geometric growth rows are multiplied by it: must be above 0", rate)
	case rule == "constant" && rate != 1:
		return nil, fmt.Errorf("rate: %g: constant rows have none: give a rule, linear, power or geometric", rate)
	}
	size, total := make([]int, generations+1), 0.0
	for g := range size {
		x := float64(float64(rows) * growth(rule, rate, g))
		if !(x >= 0.5 && x < maxRows) {
			return nil, fmt.Errorf("generation %d would have %.3g rows: must be 1 to 2^52", g, x)
		}
		if total += x; total > maxTotal {
			return nil, fmt.Errorf("generations 0 to %d would have %.3g rows: must be at most 2^62", g, total)
		}
		size[g] = int(x + 0.5)
	}
	return func(g int) int { return size[min(g, generations)] }, nil
}
