package num

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
)

// A Float is a float64 that survives JSON whatever its value: NaN and the infinities are
// written as the strings "NaN", "+Inf" and "-Inf", finite values as encoding/json writes
// a float64, in the fewest digits that read back exactly (the payload of a NaN is lost).
type Float float64

// MarshalJSON implements json.Marshaler; it never fails.
func (f Float) MarshalJSON() ([]byte, error) {
	return AppendFloat(make([]byte, 0, 24), float64(f)), nil
}

// UnmarshalJSON implements json.Unmarshaler. It reads what MarshalJSON writes; null
// leaves f as it is, and any other string or a number beyond float64 is an error.
func (f *Float) UnmarshalJSON(b []byte) error {
	switch string(b) {
	case "null":
		return nil
	case `"NaN"`:
		*f = Float(math.NaN())
		return nil
	case `"+Inf"`:
		*f = Float(math.Inf(1))
		return nil
	case `"-Inf"`:
		*f = Float(math.Inf(-1))
		return nil
	}
	var x float64
	if err := json.Unmarshal(b, &x); err != nil {
		return fmt.Errorf(`number %.40q: want a JSON number, "NaN", "+Inf" or "-Inf": %w`, b, err)
	}
	*f = Float(x)
	return nil
}

// AppendFloat appends the JSON form of Float(x) to dst: for records written by hand.
func AppendFloat(dst []byte, x float64) []byte {
	switch {
	case x != x:
		return append(dst, `"NaN"`...)
	case x > math.MaxFloat64:
		return append(dst, `"+Inf"`...)
	case x < -math.MaxFloat64:
		return append(dst, `"-Inf"`...)
	}
	if a := math.Abs(x); a != 0 && (a < 1e-6 || a >= 1e21) {
		dst = strconv.AppendFloat(dst, x, 'e', -1, 64)
		// encoding/json writes e-9, not e-09
		if n := len(dst); n >= 4 && dst[n-4] == 'e' && dst[n-3] == '-' && dst[n-2] == '0' {
			dst[n-2] = dst[n-1]
			dst = dst[:n-1]
		}
		return dst
	}
	return strconv.AppendFloat(dst, x, 'f', -1, 64)
}
