package configs

import (
	"fmt"
	"math/big"
	"reflect"
	"slices"
	"strconv"
	"time"
)

func (c *checker) whole(n *node, s *shape, path string) {
	if !c.number(n, path, "a whole number") {
		return
	}
	v, ok := wholeNumber(n.text)
	if !ok {
		c.rep.add(n.at, "%s must be a whole number, got %s", path, n.text)
		return
	}
	low, high := limits(s)
	if v.Cmp(low) < 0 {
		c.rep.add(n.at, "%s must be at least %s, got %s", path, low, n.text)
	}
	if v.Cmp(high) > 0 {
		c.rep.add(n.at, "%s must be at most %s, got %s", path, high, n.text)
	}
}

// limits are the inclusive bounds of a whole number: its tags, within its Go type.
func limits(s *shape) (low, high *big.Int) {
	one := big.NewInt(1)
	bits := uint(s.goType.Bits())
	low, high = new(big.Int), new(big.Int)
	if k := s.goType.Kind(); k >= reflect.Uint && k <= reflect.Uint64 {
		high.Sub(high.Lsh(one, bits), one)
	} else {
		low.Neg(low.Lsh(one, bits-1))
		high.Sub(high.Lsh(one, bits-1), one)
	}
	if v, ok := wholeNumber(s.min); ok && v.Cmp(low) > 0 {
		low = v
	}
	if v, ok := wholeNumber(s.max); ok && v.Cmp(high) < 0 {
		high = v
	}
	return low, high
}

func (c *checker) real(n *node, s *shape, path string) {
	if !c.number(n, path, "a number") {
		return
	}
	x, ok := realNumber(n.text)
	if !ok || s.goType.Bits() == 32 && reflect.Zero(s.goType).OverflowFloat(x) {
		c.rep.add(n.at, "%s is too large for a %d-bit number: %s", path, s.goType.Bits(), n.text)
		return
	}
	if low, err := strconv.ParseFloat(s.min, 64); err == nil && x < low {
		c.rep.add(n.at, "%s must be at least %s, got %s", path, s.min, n.text)
	}
	if high, err := strconv.ParseFloat(s.max, 64); err == nil && x > high {
		c.rep.add(n.at, "%s must be at most %s, got %s", path, s.max, n.text)
	}
}

// number reports whether n is a number in plain decimal, and says so where it is not.
func (c *checker) number(n *node, path, wanted string) bool {
	if n.form != numberForm {
		hint := ""
		if n.form == textForm && n.quoted && classify(n.text) == numberForm {
			hint = "; remove the quotes"
		}
		c.rep.add(n.at, "%s must be %s, got %s%s", path, wanted, describe(n), hint)
		return false
	}
	if odd := oddNumber(n.text); odd != "" {
		c.rep.add(n.at, "%s: %s %s", path, n.text, odd)
		return false
	}
	return true
}

func (c *checker) text(n *node, s *shape, path string) {
	switch {
	case n.form == numberForm || n.form == flagForm:
		c.rep.add(n.at, "%s must be %s, got %s; if it is meant, quote it", path, s, describe(n))
	case n.form != textForm:
		c.rep.add(n.at, "%s must be %s, got %s", path, s, describe(n))
	case len(s.enum) > 0 && !slices.Contains(s.enum, n.text):
		if near, _ := nearest(n.text, s.enum); near != "" {
			c.rep.add(n.at, "%s must be %s, got %q; did you mean %q?", path, s, n.text, near)
			return
		}
		c.rep.add(n.at, "%s must be %s, got %q", path, s, n.text)
	case !n.quoted && ambiguous(n.text):
		c.rep.add(n.at, "%s: some readers take %s for true or false; quote it", path, n.text)
	}
}

func (c *checker) span(n *node, path string) {
	if n.form == numberForm {
		c.rep.add(n.at, "%s needs a unit, got %s; write %ss for seconds", path, n.text, n.text)
		return
	}
	d, err := time.ParseDuration(n.text)
	if n.form != textForm || err != nil || d < 0 {
		c.rep.add(n.at, "%s must be a duration such as 30s, 5m or 1h30m, got %s", path, describe(n))
	}
}

// open checks a value without a schema: only what would be read differently elsewhere is refused.
func (c *checker) open(n *node, path string) {
	switch n.form {
	case brokenForm:
		c.rep.hits++
	case nullForm:
		c.rep.add(n.at, "%s is empty; delete it to use the default", path)
	case numberForm:
		if _, ok := realNumber(n.text); c.number(n, path, "a number") && !ok {
			c.rep.add(n.at, "%s is too large for a 64-bit number: %s", path, n.text)
		}
	case listForm, objectForm:
		for i, item := range n.items {
			name := fmt.Sprintf("%s[%d]", path, i)
			if n.form == objectForm {
				name = join(path, n.keys[i].name)
			}
			c.open(item, name)
		}
	}
}
