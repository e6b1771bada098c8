package audit

import (
	"bytes"
	"encoding/json"
	"math"
)

// A Number is a float64 that JSON holds as null where it is none, as those who read reports expect.
type Number float64

// MarshalJSON implements json.Marshaler; it never fails.
func (x Number) MarshalJSON() ([]byte, error) {
	if math.IsNaN(float64(x)) || math.IsInf(float64(x), 0) {
		return []byte("null"), nil
	}
	return json.Marshal(float64(x))
}

// UnmarshalJSON implements json.Unmarshaler; null is NaN.
func (x *Number) UnmarshalJSON(b []byte) error {
	if bytes.Equal(b, []byte("null")) {
		*x = Number(math.NaN())
		return nil
	}
	return json.Unmarshal(b, (*float64)(x))
}
