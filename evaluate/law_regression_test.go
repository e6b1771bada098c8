package evaluate

import (
	"fmt"
	"math"
	"testing"
)

// A simulated mean, by testdata/regression.py, with its standard error; 0: by quadrature.
type simulated struct{ Mean, SE float64 }

// regressionReference is what testdata/regression.py computed.
type regressionReference struct {
	LeastSquares []struct {
		Dim, Rows       int
		Noise           float64
		LabelNoise      float64 `json:"label_noise"`
		Generations     []int
		Replace         []float64
		AccumulateSame  []float64 `json:"accumulate_same"`
		AccumulateFresh []float64 `json:"accumulate_fresh"`
	} `json:"least_squares"`
	AccumulateFresh []struct {
		Dim             int
		Sizes           []int
		Noise, Spectrum float64
		LabelNoise      float64 `json:"label_noise"`
		Risk            []simulated
	} `json:"accumulate_fresh"`
	Kept []struct {
		Dim, Real, Synthetic int
		simulated
	}
	MinimumNorm []struct {
		Dim, Rows    int
		Norm2, Noise float64
		LabelNoise   float64 `json:"label_noise"`
		Same         bool
		Risk         []simulated
	} `json:"minimum_norm"`
	LabelMixture []struct {
		Dim, Rows          int
		Norm2, Noise, Real float64
		LabelNoise         float64 `json:"label_noise"`
		Same               bool
		Risk               []simulated
	} `json:"label_mixture"`
	Ridge []struct {
		Dim, Rows       int
		Ridge           float64
		First, Second   float64
		FirstSimulated  simulated `json:"first_simulated"`
		SecondSimulated simulated `json:"second_simulated"`
	}
	RidgeAfterLeastSquares []struct {
		Dim, Rows, Generators int
		GeneratorRows         int     `json:"generator_rows"`
		GeneratorNoise        float64 `json:"generator_noise"`
		Ridge, Noise, Norm2   float64
		Risk                  simulated
	} `json:"ridge_after_least_squares"`
	RidgeChain []struct {
		Dim, Rows                   int
		Ridge, Anchor, Noise, Norm2 float64
		Risk                        []simulated
	} `json:"ridge_chain"`
	Logistic struct {
		Information []struct {
			Dim           int
			Length, Trace float64
		}
		Accuracy []struct{ Length, Angle, Accuracy float64 }
	}
}

func readRegression(t *testing.T) (ref regressionReference) {
	t.Helper()
	referenceOf(t, "regression.json", &ref)
	if len(ref.LeastSquares)*len(ref.AccumulateFresh)*len(ref.Kept)*len(ref.MinimumNorm)*len(ref.LabelMixture)*len(ref.Ridge)*
		len(ref.RidgeAfterLeastSquares)*len(ref.RidgeChain)*len(ref.Logistic.Information)*len(ref.Logistic.Accuracy) == 0 {
		t.Fatal("testdata/regression.json lacks a law")
	}
	return ref
}

// near is a check to four standard errors, or to 1e-9 where there are none.
func (s simulated) near(t *testing.T, what string, x float64) {
	t.Helper()
	if z := (x - s.Mean) / math.Max(s.SE, 2.5e-10*math.Abs(s.Mean)); !(math.Abs(z) <= 4) {
		t.Errorf("%s: %.9g, simulated %.9g ± %.2g, z = %.1f", what, x, s.Mean, s.SE, z)
	}
}

func TestLeastSquaresLaw(t *testing.T) {
	for _, r := range readRegression(t).LeastSquares {
		l := LeastSquaresLaw{r.Dim, r.Rows, r.Noise, r.LabelNoise}
		for i, g := range r.Generations {
			what := fmt.Sprintf("%+v, generation %d: ", l, g)
			relative(t, what+"replace", l.Replace(g), r.Replace[i])
			relative(t, what+"accumulate, same inputs", l.AccumulateSame(g), r.AccumulateSame[i])
			relative(t, what+"accumulate, fresh inputs", l.AccumulateFresh(g), r.AccumulateFresh[i])
		}
		agrees(t, "limit, same inputs", l.AccumulateSame(100000), l.AccumulateSameLimit(), 1e-3*l.AccumulateSameLimit())
		agrees(t, "limit, fresh inputs", l.AccumulateFresh(100000), l.AccumulateFreshLimit(), 1e-4*l.AccumulateFreshLimit())
	}
	if x := (LeastSquaresLaw{10, 11, 1, 1}).Replace(0); !math.IsInf(x, 1) {
		t.Errorf("risk %g over as many rows as inputs and one", x)
	}
}

// Sizes of their own, and inputs of different variances, against simulation.
func TestAccumulatedRisk(t *testing.T) {
	for _, r := range readRegression(t).AccumulateFresh {
		line := accumulatedRisk(float64(r.Dim), r.Sizes, square(r.Noise), square(r.LabelNoise))
		for g, s := range r.Risk {
			s.near(t, fmt.Sprintf("dim %d, generation %d", r.Dim, g), line[g])
		}
	}
}

func TestKept(t *testing.T) {
	for _, r := range readRegression(t).Kept {
		r.near(t, fmt.Sprintf("dim %d, %d real, %d synthetic", r.Dim, r.Real, r.Synthetic), Kept(float64(r.Dim), float64(r.Real), float64(r.Synthetic)))
	}
	if Kept(7, 0, 20) != 1 || Kept(7, 20, 0) != 0 {
		t.Error("all synthetic rows keep the error, none do not")
	}
	// dim 8, a tenth of the rows synthetic, error c² = 4, noise 1: a floor of 0.04
	for rows, want := range map[float64]float64{20: 1.030187, 50: 0.31047976, 100: 0.1626687, 200: 0.098643547, 500: 0.062859966, 1000: 0.051334108, 10000: 0.041124933} {
		agrees(t, "strong collapse", inverse(8, rows)+4*Kept(8, .9*rows, .1*rows), want, 1e-6*want)
	}
}

func TestMinimumNormLaw(t *testing.T) {
	for _, r := range readRegression(t).MinimumNorm {
		l := MinimumNormLaw{r.Dim, r.Rows, r.Norm2, r.Noise, r.LabelNoise}
		for g, s := range r.Risk {
			x := l.Fresh(g)
			if r.Same {
				x = l.Same(g)
			}
			s.near(t, fmt.Sprintf("%+v, same %v, generation %d", l, r.Same, g), x)
		}
		agrees(t, "limit", l.Fresh(2000), l.FreshLimit(), 1e-12)
	}
	noiseless := MinimumNormLaw{Dim: 20, Rows: 10, Norm2: 3}
	agrees(t, "noiseless", noiseless.Fresh(4), 3*(1-math.Pow(.5, 5)), 1e-14)
}

func TestLabelMixture(t *testing.T) {
	for _, r := range readRegression(t).LabelMixture {
		l := LabelMixture{MinimumNormLaw{r.Dim, r.Rows, r.Norm2, r.Noise, r.LabelNoise}, r.Real}
		for g, s := range r.Risk {
			x := l.Fresh(g)
			if r.Same {
				x = l.Same(g)
			}
			s.near(t, fmt.Sprintf("%+v, same %v, generation %d", l, r.Same, g), x)
		}
	}
	// where the limit is least: the golden ratio for the same inputs, 0.697 for 20 rows of 40 fresh ones
	least := func(risk func(LabelMixture) float64) (at float64) {
		best := math.Inf(1)
		for w := .4; w < 1; w += .0005 {
			if x := risk(LabelMixture{MinimumNormLaw{40, 20, 1, .5, .5}, w}); x < best {
				best, at = x, w
			}
		}
		return at
	}
	agrees(t, "same inputs", least(func(l LabelMixture) float64 { return l.Same(200) }), (math.Sqrt(5)-1)/2, 6e-4)
	agrees(t, "fresh inputs", least(func(l LabelMixture) float64 { return l.Fresh(200) }), .69682, 6e-4)
}

func TestRidgeLaw(t *testing.T) {
	ref := readRegression(t)
	for _, r := range ref.Ridge {
		l := RidgeLaw{r.Dim, r.Rows, r.Ridge}
		first, second := l.resolvents(false)
		what := fmt.Sprintf("%+v: ", l)
		agrees(t, what+"first", first, r.First, 1e-9*r.First)
		agrees(t, what+"second", second, r.Second, 1e-9*r.Second)
		corrected1, corrected2 := l.resolvents(true)
		r.FirstSimulated.near(t, what+"first, finite", corrected1)
		r.SecondSimulated.near(t, what+"second, finite", corrected2)
		if z := (first - r.FirstSimulated.Mean) / r.FirstSimulated.SE; math.Abs(z) < 4 {
			t.Errorf("%s the simulation does not see the correction: z = %.1f", what, z)
		}
	}
	for _, r := range ref.RidgeAfterLeastSquares {
		c2 := LeastSquaresLaw{r.Dim, r.GeneratorRows, r.GeneratorNoise, r.GeneratorNoise}.Replace(r.Generators - 1)
		x := RidgeLaw{r.Dim, r.Rows, r.Ridge}.AfterLeastSquares(r.Norm2, r.Noise, c2)
		r.Risk.near(t, fmt.Sprintf("%d generators", r.Generators), x)
	}
}

func TestLogisticReference(t *testing.T) {
	ref := readRegression(t).Logistic
	for _, r := range ref.Information {
		relative(t, fmt.Sprintf("information %+v", r), LogisticRisk(r.Dim, r.Length), r.Trace)
	}
	for _, r := range ref.Accuracy {
		v := []float64{math.Cos(r.Angle), math.Sin(r.Angle)}
		b := between(v, []float64{2, 0})
		agrees(t, "angle", b.angle, r.Angle, 1e-14)
		agrees(t, fmt.Sprintf("accuracy %+v", r), logisticAccuracy(r.Length, b), r.Accuracy, 1e-10)
	}
	same, opposite := between([]float64{1, 2}, []float64{3, 6}), between([]float64{1, 2}, []float64{-1, -2})
	if same.angle > 1e-15 || math.Abs(opposite.angle-math.Pi) > 1e-15 || between([]float64{0, 0}, []float64{1, 0}).angle != math.Pi/2 {
		t.Errorf("angles %v %v", same, opposite)
	}
	right := logisticAccuracy(3, same)
	if x := right + logisticAccuracy(3, opposite); math.Abs(x-1) > 1e-14 || !math.IsNaN(between([]float64{math.NaN(), 1}, []float64{1, 1}).angle) {
		t.Errorf("a plane and its opposite are right with chances that add to %g", x)
	}
}
