package figure

import (
	"math"
	"testing"

	"gonum.org/v1/plot/vg"
	"pgregory.net/rapid"
)

func TestCutIsTheVisiblePart(t *testing.T) {
	r := rect{10, 20, 110, 80}
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.Float64Range(-300, 300)
		p, q := at(x.Draw(t, "px"), x.Draw(t, "py")), at(x.Draw(t, "qx"), x.Draw(t, "qy"))
		a, b, ok := cut(p, q, r)
		for i := range 101 { // every sample of p–q is in r exactly if it lies between a and b
			s := float64(i) / 100
			m := at(float64(p.X)*(1-s)+float64(q.X)*s, float64(p.Y)*(1-s)+float64(q.Y)*s)
			seen := false
			if ok {
				am := math.Hypot(float64(m.X-a.X), float64(m.Y-a.Y))
				mb := math.Hypot(float64(b.X-m.X), float64(b.Y-m.Y))
				ab := math.Hypot(float64(b.X-a.X), float64(b.Y-a.Y))
				seen = am+mb <= ab+1e-6
			}
			if r.grow(-1e-3).has(m) && !seen {
				t.Fatalf("%v is visible and was cut", m)
			}
			if !r.grow(1e-2).has(m) && seen {
				t.Fatalf("%v is outside and was kept", m)
			}
		}
	})
}

func TestCutPolygonStaysInside(t *testing.T) {
	r := rect{10, 20, 110, 80}
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.Float64Range(-300, 300)
		ring := polygonOf(rapid.SliceOfN(x, 6, 40).Draw(t, "corners"))
		for _, p := range cutPolygon(ring, r) {
			if !r.grow(1e-6).has(p) {
				t.Fatalf("%v is outside", p)
			}
		}
	})
}

// polygonOf pairs numbers into points.
func polygonOf(v []float64) []vg.Point {
	var out []vg.Point
	for i := 0; i+1 < len(v); i += 2 {
		out = append(out, at(v[i], v[i+1]))
	}
	return out
}
