package figure

import (
	"math"
	"strconv"
	"strings"
)

// minus is the typographic minus sign, as wide as a digit.
const minus = "−"

// fixedPoint writes v with d decimals and a true minus sign; it never writes −0.
func fixedPoint(v float64, d int) string {
	s := strconv.FormatFloat(v, 'f', d, 64)
	if t, ok := strings.CutPrefix(s, "-"); ok {
		if strings.Trim(t, "0.") == "" {
			return t
		}
		return minus + t
	}
	return s
}

// power writes 10 to the n in the package's markup.
func power(n int) string {
	return "10^{" + strings.Replace(strconv.Itoa(n), "-", minus, 1) + "}"
}

// grid is an arithmetic progression of tick positions i·mantissa·10^exp.
type grid struct {
	mantissa float64 // 1, 2, 2.5 or 5
	exp      int
}

func (g grid) step() float64 { return g.mantissa * math.Pow(10, float64(g.exp)) }

// decimals is the number of digits behind the point, in units of 10^unit, that
// tell neighbouring ticks apart.
func (g grid) decimals(unit int) int {
	d := unit - g.exp
	if g.mantissa == 2.5 {
		d++
	}
	return max(d, 0)
}

// label writes tick i; top is the largest tick in absolute value, which decides
// between plain decimals and a power of ten for the whole axis.
func (g grid) label(i, top float64) string {
	if i == 0 {
		return "0"
	}
	e := 0
	if top > 0 {
		e = int(math.Floor(math.Log10(top*g.mantissa)+1e-9)) + g.exp
	}
	plain := e >= -3 && e < 5 || e >= 5 && e < 9 && e-g.exp > 3
	if plain {
		e = 0
	}
	s := fixedPoint(i*g.mantissa*math.Pow(10, float64(g.exp-e)), g.decimals(e))
	if plain {
		return s
	}
	if s == "1" || s == minus+"1" {
		return strings.TrimSuffix(s, "1") + power(e)
	}
	return s + "×" + power(e)
}
