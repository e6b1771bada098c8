package rng

import (
	"math"
	"math/rand/v2"

	"modelcollapse/internal/num"
)

// A layer is one strip of a ziggurat.
type layer struct {
	inside    uint64
	width     float64
	low, rise float64
}

// Normal returns a standard normal variate, by a ziggurat of 256 layers (Marsaglia and
// Tsang 2000) with 53-bit points. Nothing on its fast path is rounded but one product;
// the wedge and the tail compare strict logarithms, so every platform gives the same bits.
func Normal(r *rand.Rand) float64 {
	u := r.Uint64()
	l := &normalLayers[u&255]
	j := u >> 11
	x := float64(float64(int64(j)) * l.width)
	if j >= l.inside {
		x = normalSlow(r, u)
	}
	return math.Float64frombits(math.Float64bits(x) ^ (u & 256 << 55))
}

// normalSlow finishes a draw that fell outside the next layer (1.2 % of them), and
// returns its absolute value; the sign stays that of the first draw.
func normalSlow(r *rand.Rand, u uint64) float64 {
	for {
		i, j := u&255, u>>11
		l := &normalLayers[i]
		x := float64(float64(int64(j)) * l.width)
		if j < l.inside {
			return x
		}
		if i == 0 {
			return normalTail(r)
		}
		if y := l.low + float64(r.Float64()*l.rise); num.Log(y) < float64(-0.5*x*x) {
			return x
		}
		u = r.Uint64()
	}
}

// normalTail draws beyond normalEdge (G. Marsaglia, Technometrics 6, 1964).
func normalTail(r *rand.Rand) float64 {
	for {
		x := Exponential(r) / normalEdge
		y := Exponential(r)
		if y+y >= float64(x*x) {
			return normalEdge + x
		}
	}
}

// Exponential returns a standard exponential variate (mean 1, >= 0), by a ziggurat of
// 256 layers with 53-bit points, strict as Normal is.
func Exponential(r *rand.Rand) float64 {
	u := r.Uint64()
	l := &exponentialLayers[u&255]
	j := u >> 11
	x := float64(float64(int64(j)) * l.width)
	if j < l.inside {
		return x
	}
	return exponentialSlow(r, u)
}

// exponentialSlow finishes a draw that fell outside the next layer (2 % of them). The
// exponential law has no memory, so its tail is another draw moved to the right.
func exponentialSlow(r *rand.Rand, u uint64) float64 {
	start := 0.0
	for {
		i, j := u&255, u>>11
		l := &exponentialLayers[i]
		x := float64(float64(int64(j)) * l.width)
		switch {
		case j < l.inside:
			return start + x
		case i == 0:
			start += exponentialEdge
		default:
			if y := l.low + float64(r.Float64()*l.rise); num.Log(y) < -x {
				return start + x
			}
		}
		u = r.Uint64()
	}
}
