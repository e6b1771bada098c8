package read

import (
	"math"
	"strconv"
	"unsafe"
)

// exact are the powers of ten that a float64 holds exactly.
var exact = [...]float64{1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22}

// number reads a finite decimal number, spaces around it left out, rounded to the nearest as strconv does it: up to 2^53
// times or by an exact power of ten is one rounding of exact values (Clinger 1990), and strconv does the rest.
func number(field []byte) (float64, bool) {
	var mantissa uint64
	i, digits, point := 0, 0, -1
	if len(field) > 0 && (field[0] == '-' || field[0] == '+') {
		i = 1
	}
	for ; i < len(field); i++ {
		switch c := field[i] - '0'; {
		case c <= 9:
			mantissa = mantissa*10 + uint64(c)
			digits++
		case field[i] == '.' && point < 0:
			point = digits
		default:
			return slowNumber(field)
		}
	}
	scale := 0
	if point >= 0 {
		scale = digits - point
	}
	if digits == 0 || digits > 19 || mantissa > 1<<53 || scale >= len(exact) {
		return slowNumber(field)
	}
	x := float64(mantissa)
	if scale > 0 {
		x /= exact[scale]
	}
	if field[0] == '-' {
		x = -x
	}
	return x, true
}

// slowNumber reads what the fast way does not. Only digits, signs, a point and an exponent are numbers: hexadecimal ones
// and infinities are texts.
func slowNumber(field []byte) (float64, bool) {
	field = trimmed(field)
	if len(field) == 0 {
		return 0, false
	}
	for _, c := range field {
		if (c < '0' || c > '9') && c != '.' && c != '-' && c != '+' && c != 'e' && c != 'E' {
			return 0, false
		}
	}
	x, err := strconv.ParseFloat(unsafe.String(&field[0], len(field)), 64)
	return x, err == nil && !math.IsInf(x, 0)
}

// trimmed is a field without the spaces around it.
func trimmed(field []byte) []byte {
	for len(field) > 0 && space(field[0]) {
		field = field[1:]
	}
	for len(field) > 0 && space(field[len(field)-1]) {
		field = field[:len(field)-1]
	}
	return field
}

func space(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }
