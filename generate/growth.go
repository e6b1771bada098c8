package generate

import (
	"fmt"

	"modelcollapse/internal/num"
)

// growth is how many times the first rows generation g has.
func growth(rule string, rate, g float64) float64 {
	switch rule {
	case "linear":
		return 1 + float64(rate*g)
	case "power":
		return num.Exp(float64(rate * num.Log(g+1)))
	case "geometric":
		return num.Exp(float64(g * num.Log(rate)))
	}
	return 1
}

// maxRows bounds the rows of a block that grows: what an int holds with room for sums over generations.
const maxRows = 1 << 52

// Growing is rows × 1, 1 + rate·g, (g+1)^rate or rate^g in generation g, rounded, by the rules constant, linear, power and
// geometric.
func Growing(rule string, rows int, rate float64, generations int) (Sizes, error) {
	size := make([]int, generations+1)
	for g := range size {
		x := float64(rows) * growth(rule, rate, float64(g))
		if !(x >= 0.5 && x < maxRows) {
			return nil, fmt.Errorf("generation %d would have %.3g rows", g, x)
		}
		size[g] = int(x + 0.5)
	}
	return func(g int) int { return size[min(g, generations)] }, nil
}
