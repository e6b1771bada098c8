package schema

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"strings"

	"modelcollapse/internal/num"
)

// usualRange is how far numbers go where the schema has one bound; without any they lie in [0, usualRange].
const usualRange = 100

// A grid is the numbers step·k, k in [from, to], or a single number that lies on none.
type grid struct {
	step     *big.Rat
	from, to *big.Int
	only     *big.Rat
}

// grid is the numbers that are drawn: whole ones, multiples, or the powers of ten that part the range into at least 1000.
func (n *node) grid(whole bool) (g grid, err error) {
	low, lowOpen, err1 := bound(string(n.Minimum), string(n.Above), 1)
	high, highOpen, err2 := bound(string(n.Maximum), string(n.Below), -1)
	if err1 != nil || err2 != nil {
		return g, fmt.Errorf("%s: a bound is no number, or out of range", n.at)
	}
	span := big.NewRat(usualRange, 1)
	switch {
	case low == nil && high == nil:
		low, high = new(big.Rat), span
	case low == nil:
		low, lowOpen = new(big.Rat).Sub(high, span), false
	case high == nil:
		high, highOpen = new(big.Rat).Add(low, span), false
	}
	if g.step, err = n.step(whole, low, high); err != nil {
		return g, err
	}
	g.from = ceil(new(big.Rat).Quo(low, g.step))
	g.to = floor(new(big.Rat).Quo(high, g.step))
	if lowOpen && g.at(g.from).Cmp(low) == 0 {
		g.from.Add(g.from, big.NewInt(1))
	}
	if highOpen && g.at(g.to).Cmp(high) == 0 {
		g.to.Sub(g.to, big.NewInt(1))
	}
	if g.from.Cmp(g.to) > 0 {
		if !whole && n.Multiple == "" && !lowOpen && low.Cmp(high) <= 0 {
			g.only = low
			return g, nil
		}
		return g, ErrUnsatisfiable
	}
	return g, nil
}

// step is the distance of two numbers of the grid.
func (n *node) step(whole bool, low, high *big.Rat) (*big.Rat, error) {
	if n.Multiple != "" {
		m, err := rational(string(n.Multiple))
		if err != nil || m.Sign() <= 0 {
			return nil, fmt.Errorf("%s: multipleOf: must be above 0", n.at)
		}
		if whole { // a whole multiple of p/q in lowest terms is one of p
			m = new(big.Rat).SetInt(m.Num())
		}
		return m, nil
	}
	if whole {
		return big.NewRat(1, 1), nil
	}
	span, _ := new(big.Rat).Sub(high, low).Float64()
	power := 0
	if span > 0 {
		power = int(math.Floor(math.Log10(span))) - 3
	}
	ten := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(max(power, -power))), nil)
	if power < 0 {
		return new(big.Rat).SetFrac(big.NewInt(1), ten), nil
	}
	return new(big.Rat).SetInt(ten), nil
}

func (g grid) at(k *big.Int) *big.Rat { return new(big.Rat).Mul(g.step, new(big.Rat).SetInt(k)) }

// draw is a number of the grid, uniformly, and its log probability.
func (g grid) draw(r *rand.Rand) (text string, nats float64) {
	if g.only != nil {
		return decimal(g.only), 0
	}
	n := new(big.Int).Sub(g.to, g.from)
	n.Add(n, big.NewInt(1))
	k := uint64(math.MaxUint64)
	if n.IsUint64() {
		k = n.Uint64()
	}
	i := new(big.Int).SetUint64(r.Uint64N(k))
	if k > 1 {
		nats = -num.Log(float64(k))
	}
	return decimal(g.at(i.Add(i, g.from))), nats
}

// bound is the tighter of two bounds, and whether it is itself excluded; sign 1: the greater is tighter.
func bound(closed, open string, sign int) (b *big.Rat, excluded bool, err error) {
	if closed != "" {
		if b, err = rational(closed); err != nil {
			return nil, false, err
		}
	}
	if open != "" {
		o, err := rational(open)
		if err != nil {
			return nil, false, err
		}
		if b == nil || o.Cmp(b)*sign >= 0 {
			return o, true, nil
		}
	}
	return b, false, nil
}

// rational is a JSON number exactly; exponents that would fill the memory are refused.
func rational(s string) (*big.Rat, error) {
	if f, ok := new(big.Float).SetString(s); !ok || len(s) > 400 || f.MantExp(nil) > 1000 || f.MantExp(nil) < -1000 {
		return nil, fmt.Errorf("%.40s is out of range", s)
	}
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		return nil, fmt.Errorf("%.40s is no number", s)
	}
	return r, nil
}

// decimal is a number whose denominator has no factor but 2 and 5.
func decimal(x *big.Rat) string {
	digits, _ := x.FloatPrec()
	s := x.FloatString(digits)
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s
}

// whole reports whether a JSON number is one without a fraction: 1.0 is.
func whole(v []byte) bool {
	r, err := rational(string(v))
	return err == nil && r.IsInt()
}

func floor(x *big.Rat) *big.Int {
	q, m := new(big.Int).DivMod(x.Num(), x.Denom(), new(big.Int))
	_ = m // Euclidean: the remainder is not negative
	return q
}

func ceil(x *big.Rat) *big.Int {
	q := floor(new(big.Rat).Neg(x))
	return q.Neg(q)
}
