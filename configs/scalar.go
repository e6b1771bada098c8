package configs

import (
	"encoding/json"
	"math"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Plain scalars are read by the core schema of YAML 1.2. What YAML 1.1 would read otherwise (010, 0x10, 1_000) is
// classed as a number here and refused later, so that no two readers of one config can disagree.
var (
	decimal  = regexp.MustCompile(`^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$`)
	oddly    = regexp.MustCompile(`^[-+]?(0[xX][0-9a-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|[0-9][0-9_]*_[0-9_]*(\.[0-9_]*)?([eE][-+]?[0-9]+)?)$`)
	infinite = regexp.MustCompile(`^([-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))$`)
	octal    = regexp.MustCompile(`^[-+]?0[0-9]`)
	integral = regexp.MustCompile(`^[-+]?[0-9]+([eE]\+?[0-9]{1,2})?$`)
)

var nulls = []string{"", "~", "null", "Null", "NULL"}

func classify(plain string) form {
	switch {
	case slices.Contains(nulls, plain):
		return nullForm
	case plain == "true" || plain == "false":
		return flagForm
	case decimal.MatchString(plain), oddly.MatchString(plain), infinite.MatchString(plain):
		return numberForm
	}
	return textForm
}

// ambiguous reports whether some YAML readers take a plain word for true or false.
func ambiguous(plain string) bool {
	return slices.Contains([]string{"yes", "no", "on", "off", "true", "false"}, strings.ToLower(plain))
}

// oddNumber says why a number is refused however it is used; "" when it is plain decimal.
func oddNumber(s string) string {
	switch {
	case infinite.MatchString(s):
		return "must be finite"
	case oddly.MatchString(s) && strings.ContainsAny(s, "xXoO") || oddly.MatchString(s) && len(s) > 1 && strings.ContainsAny(s[1:2], "bB"):
		return "must be written in decimal"
	case oddly.MatchString(s):
		return "must be written without underscores: " + strings.ReplaceAll(s, "_", "")
	case octal.MatchString(s):
		return "has a leading zero, which some readers take for octal; write " + dropZeros(s)
	}
	return ""
}

func dropZeros(s string) string {
	sign := ""
	if s[0] == '-' {
		sign = "-"
	}
	s = strings.TrimLeft(s, "+-0")
	if s == "" || s[0] < '0' || s[0] > '9' {
		s = "0" + s
	}
	return sign + s
}

// wholeNumber is the exact value of 12, -3 or 1e6; ok is false for anything else.
func wholeNumber(s string) (*big.Int, bool) {
	if !integral.MatchString(s) {
		return nil, false
	}
	digits, exponent, _ := strings.Cut(strings.ToLower(s), "e")
	if len(digits) > 40 {
		return nil, false
	}
	n, ok := new(big.Int).SetString(digits, 10)
	if !ok {
		return nil, false
	}
	if e, err := strconv.Atoi(exponent); err == nil {
		n.Mul(n, new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(e)), nil))
	}
	return n, true
}

// realNumber is the nearest float64; ok is false when s overflows.
func realNumber(s string) (float64, bool) {
	x, err := strconv.ParseFloat(s, 64)
	if x == 0 {
		x = 0 // -0 and 0 are one value, and one identity
	}
	return x, err == nil && !math.IsInf(x, 0)
}

// scalarJSON is the one spelling of a checked scalar.
func scalarJSON(n *node, s *shape) []byte {
	switch {
	case s.class == spanClass:
		d, _ := time.ParseDuration(n.text)
		return strconv.AppendInt(nil, int64(d), 10)
	case n.form == flagForm:
		return []byte(n.text)
	case n.form == numberForm && s.class != realClass:
		if whole, ok := wholeNumber(n.text); ok {
			return []byte(whole.String())
		}
		fallthrough
	case n.form == numberForm:
		x, _ := realNumber(n.text)
		return mustJSON(x)
	}
	return mustJSON(n.text)
}

// mustJSON encodes a string or a finite float64, which cannot fail.
func mustJSON(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		return []byte("null")
	}
	return b
}
