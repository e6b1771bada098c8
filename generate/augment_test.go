package generate

import (
	"encoding/json"
	"math"
	"testing"
)

func TestAugmentAndFreshSteps(t *testing.T) {
	hundred := Constant(100)
	stepsAre(t, "augment", Augment{}, hundred, 3, map[int]string{0: "100 truth → [0,1)#0", 1: "100 fit 0 → [1,2)#0 [0,1)#0", 3: "100 fit 2 → [3,4)#0 [0,1)#0"})
	stepsAre(t, "augment, some", Augment{Real: 30, Synthetic: 50}, hundred, 3, map[int]string{0: "100 truth; 30 past [0,1)#0 → [0,1)#0", 2: "50 fit 1 → [2,3)#0 [0,1)#1"})
	stepsAre(t, "augment, all by number", Augment{Real: 100}, hundred, 3, map[int]string{0: "100 truth → [0,1)#0", 2: "100 fit 1 → [2,3)#0 [0,1)#0"})
	stepsAre(t, "augment, growing", Augment{Real: 30}, sizesOf(100, 150, 225), 2, map[int]string{0: "100 truth; 30 past [0,1)#0 → [0,1)#0", 2: "225 fit 1 → [2,3)#0 [0,1)#1"})
	stepsAre(t, "augment, weighted", Augment{RealWeight: Weighing(.3)}, hundred, 3, map[int]string{0: "100 truth → [0,1)#0", 2: "100 fit 1 → per block [2,3)#0 ×0.7 [0,1)#0 ×0.3"})
	stepsAre(t, "replay", Replay{.3}, hundred, 3, map[int]string{0: "100 truth → [0,1)#0", 2: "100 fit 1 → per block [2,3)#0 ×0.7 [0,1)#0 ×0.3"})
	stepsAre(t, "replay of nothing", Replay{}, hundred, 3, map[int]string{0: "100 truth → [0,1)#0", 2: "100 fit 1 → [2,3)#0"})
	stepsAre(t, "fresh", Fresh{}, hundred, 3, map[int]string{0: "100 truth → [0,1)#0", 2: "100 fit 1; 100 truth → [2,3)#0 [2,3)#1"})
	stepsAre(t, "fresh, halves", Fresh{Real: 50, Synthetic: 50}, hundred, 3, map[int]string{0: "100 truth → [0,1)#0", 1: "50 fit 0; 50 truth → [1,2)#0 [1,2)#1"})
	stepsAre(t, "fresh, growing", Fresh{Real: 50}, sizesOf(100, 150, 225), 2, map[int]string{2: "225 fit 1; 50 truth → [2,3)#0 [2,3)#1"})
	stepsAre(t, "fresh, golden", Fresh{RealWeight: Golden()}, hundred, 3, map[int]string{2: "100 fit 1; 100 truth → per block [2,3)#0 ×0.382 [2,3)#1 ×0.618"})
	stepsAre(t, "fresh, golden by rows", Fresh{Real: 50, RealWeight: Golden()}, sizesOf(100, 150, 300), 2, map[int]string{1: "150 fit 0; 50 truth → per block [1,2)#0 ×0.5657 [1,2)#1 ×0.4343",
		2: "300 fit 1; 50 truth → per block [2,3)#0 ×0.6667 [2,3)#1 ×0.3333"})
}

func TestAugmentAndFreshRefuse(t *testing.T) {
	growing := sizesOf(100, 100, 150)
	refused(t, Augment{Real: 101}, Constant(100), 2, "real: 101: generation 0 has only 100")
	refused(t, Augment{Synthetic: 50}, growing, 2, "synthetic: 50: a fixed number leaves nothing to grow")
	refused(t, Fresh{Real: 50, Synthetic: 50}, growing, 2, "real: 50 and synthetic: 50")
	for _, w := range []float64{-.1, 1, 1.5, math.NaN(), math.Inf(1)} {
		refused(t, Augment{RealWeight: Weighing(w)}, Constant(100), 2, "real_weight: ")
		refused(t, Fresh{RealWeight: Weighing(w)}, Constant(100), 2, "real_weight: ")
		refused(t, Replay{w}, Constant(100), 2, "weight: ")
	}
}

// The golden weight is where w²/n + (1−w)²(V + 1/m), iterated to its fixed point V, is least; V is then w/n.
func TestGoldenWeightIsTheBest(t *testing.T) {
	limit := func(w, n, m float64) float64 {
		s := 1 - w
		return (w*w/n + s*s/m) / (1 - s*s)
	}
	for _, c := range []struct{ real, synthetic int }{{50, 50}, {50, 100}, {100, 10}, {1, 1000}, {1 << 40, 1}} {
		n, m := float64(c.real), float64(c.synthetic)
		w := Golden().Of(c.real, c.synthetic)
		best := limit(w, n, m)
		for _, d := range []float64{.9, .99, 1.01, 1.1} {
			if v := w * d; v < 1 && limit(v, n, m) <= best {
				t.Errorf("%d real, %d synthetic: weight %g is better than %g", c.real, c.synthetic, v, w)
			}
		}
		near(t, "limit", []float64{best}, []float64{w / n}, 1e-12*w/n)
		if k := m / n; k > 1e-3 {
			near(t, "formula", []float64{w}, []float64{(math.Sqrt(1+4*k) - 1) / (2 * k)}, 1e-12)
		}
	}
	if w := Golden().Of(7, 7); math.Abs(w-.6180339887498949) > 1e-15 {
		t.Errorf("equal numbers: %g", w)
	}
}

func TestRealWeightForms(t *testing.T) {
	for text, want := range map[string]RealWeight{"0": {}, "0.25": Weighing(.25), ` "golden" `: Golden()} {
		var got, again RealWeight
		if err := json.Unmarshal([]byte(text), &got); err != nil || got != want {
			t.Errorf("%s: %+v, %v", text, got, err)
		}
		b, err := json.Marshal(got)
		if err != nil || json.Unmarshal(b, &again) != nil || again != want {
			t.Errorf("%s: written as %s, %v", text, b, err)
		}
	}
	for _, bad := range []string{`"silver"`, `[1]`, `true`} {
		if json.Unmarshal([]byte(bad), new(RealWeight)) == nil {
			t.Errorf("%s was read", bad)
		}
	}
}
