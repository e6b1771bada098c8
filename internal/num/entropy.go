package num

import (
	"math"
	"sync"
)

// entropyBits of a number's mantissa choose its interval.
const entropyBits = 10

// An interval is where a mantissa lies: the reciprocal of a number in it, and the logarithm of that number.
type interval struct{ reciprocal, log float64 }

// intervals is a table: the same numbers whenever they are computed.
var intervals = sync.OnceValue(func() *[1 << entropyBits]interval {
	var t [1 << entropyBits]interval
	for i := range t {
		r := 1 / (1 + (float64(i)+0.5)/float64(len(t)))
		t[i] = interval{r, -Log(r)}
	}
	return &t
})

// Entropy returns the sum of -x ln x over x, in nats: 0 for x = 0. Each term is within 5e-16 of x max(1, |ln x|), which
// is coarser than Log near 1 and twice as fast, and the sum is compensated by groups.
func Entropy(x []float64) float64 {
	t := intervals()
	var sum Accumulator
	for len(x) > 0 {
		n := min(len(x), 32)
		group := 0.0
		for _, v := range x[:n] {
			b := math.Float64bits(v)
			if b>>52-1 >= 0x7fe { // 0, subnormal, negative, infinite or NaN
				if v != 0 {
					group -= float64(v * Log(v))
				}
				continue
			}
			k := float64(int64(b>>52) - 1023)
			c := &t[b<<12>>(64-entropyBits)]
			r := float64(math.Float64frombits(b&(1<<52-1)|1023<<52)*c.reciprocal) - 1 // |r| < 1/2048
			z := float64(r * r)
			p := float64(z * (-0.5 + float64(r*(1.0/3-float64(0.25*r)))))
			group -= float64(v * (float64(k*(ln2Hi+ln2Lo)) + (c.log + (r + p))))
		}
		sum.Add(group)
		x = x[n:]
	}
	return sum.Sum()
}
