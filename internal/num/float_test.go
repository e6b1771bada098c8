package num

import (
	"encoding/json"
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"
)

func anyFloat() *rapid.Generator[float64] {
	return rapid.Map(rapid.Uint64(), math.Float64frombits)
}

func TestFloatRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.OneOf(anyFloat(), rapid.Float64(), rapid.SampledFrom([]float64{math.NaN(), math.Inf(1), math.Inf(-1), math.Copysign(0, -1), 1e21, 1e-6, 9e-7, 5e-324, math.MaxFloat64})).Draw(t, "x")
		b, err := json.Marshal(struct{ X Float }{Float(x)})
		if err != nil {
			t.Fatal(err)
		}
		var back struct{ X Float }
		if err := json.Unmarshal(b, &back); err != nil {
			t.Fatal(err)
		}
		y := float64(back.X)
		if math.Float64bits(x) != math.Float64bits(y) && !(x != x && y != y) {
			t.Fatalf("%v -> %s -> %v", x, b, y)
		}
		if want, err := json.Marshal(x); err == nil && string(AppendFloat(nil, x)) != string(want) {
			t.Fatalf("%s, encoding/json writes %s", AppendFloat(nil, x), want)
		}
	})
}

func TestFloatRefuses(t *testing.T) {
	for _, s := range []string{`"nan"`, `"Inf"`, `"1"`, `1e999`, `true`, `[1]`, `{}`, `""`} {
		var f Float
		if err := json.Unmarshal([]byte(s), &f); err == nil {
			t.Errorf("%s was read as %v", s, f)
		}
	}
}

func FuzzFloat(f *testing.F) {
	for _, s := range []string{`"NaN"`, `-0`, `1e-400`, `null`, `"+Inf"`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var x, y Float
		if x.UnmarshalJSON(b) != nil {
			return
		}
		if err := y.UnmarshalJSON(AppendFloat(nil, float64(x))); err != nil || (x != y && x == x) {
			t.Fatalf("%q -> %v -> %v: %v", b, x, y, err)
		}
	})
}

func ExampleFloat() {
	b, _ := json.Marshal([]Float{1.5, Float(math.NaN()), Float(math.Inf(-1))})
	fmt.Println(string(b))
	// Output: [1.5,"NaN","-Inf"]
}
