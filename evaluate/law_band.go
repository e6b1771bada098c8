package evaluate

import (
	"math"
	"slices"

	"modelcollapse/internal/num"
)

// A band is the part of a law of counts above 1e-19 of its mode, from count lo on: what is left out is below 1e-16.
type band struct {
	lo int
	p  []float64
}

// newBand walks from the mode both ways, not beyond 0 and max.
func newBand(mode, max int, at func(k int) float64) band {
	top := at(mode)
	walk := func(k, by int) (p []float64) {
		for k += by; k >= 0 && k <= max; k += by {
			x := at(k)
			if x < float64(1e-19*top) {
				break
			}
			p = append(p, x)
		}
		return p
	}
	left := walk(mode, -1)
	slices.Reverse(left)
	return band{mode - len(left), append(append(left, top), walk(mode, 1)...)}
}

func binomialBand(rows int, p float64) band {
	mode := min(rows, int(math.Floor(float64(float64(rows+1)*p))))
	return newBand(mode, rows, func(k int) float64 { return num.Exp(num.LogBinomial(int64(k), int64(rows), p)) })
}

// poissonBand is Poisson up to max, with all that lies beyond at max.
func poissonBand(mean float64, max int) band {
	mode := min(max, int(math.Floor(mean)))
	b := newBand(mode, max, func(k int) float64 { return num.Exp(num.LogPoisson(int64(k), mean)) })
	if b.lo+len(b.p) == max+1 {
		below := num.SumCompensated(b.p[:len(b.p)-1])
		b.p[len(b.p)-1] = math.Max(0, 1-below)
	}
	return b
}

// step adds each state's share of law, moved by its band, to a cleared next.
func step(next, law []float64, bands []band) {
	clear(next)
	for a, x := range law {
		if x == 0 {
			continue
		}
		b := bands[a]
		to := next[b.lo:][:len(b.p)]
		for k, y := range b.p {
			to[k] += float64(x * y)
		}
	}
}
