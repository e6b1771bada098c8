package num

import (
	"encoding/json"
	"math"
	"os"
	"sort"
	"testing"
)

// A claim is a function and the largest error it may show: ulp in units in the last
// place, or relative to the larger of |value| and floor.
type claim struct {
	f     func(a []float64) float64
	ulp   float64
	rel   float64
	floor float64
}

func one(f func(float64) float64) func([]float64) float64 {
	return func(a []float64) float64 { return f(a[0]) }
}

func two(f func(x, y float64) float64) func([]float64) float64 {
	return func(a []float64) float64 { return f(a[0], a[1]) }
}

var claims = map[string]claim{
	"Atan":                {f: one(Atan), ulp: 3},
	"Log":                 {f: one(Log), ulp: 1},
	"Log1p":               {f: one(Log1p), ulp: 1},
	"Log1pmx":             {f: one(Log1pmx), rel: 1e-14},
	"Exp":                 {f: one(Exp), ulp: 1},
	"Expm1":               {f: one(Expm1), ulp: 2},
	"Lgamma":              {f: one(Lgamma), rel: 2e-15},
	"LgammaDiff":          {f: two(LgammaDiff), rel: 2e-14, floor: 0.1},
	"LogFactorial":        {f: func(a []float64) float64 { return LogFactorial(int64(a[0])) }, rel: 1e-15},
	"LogChoose":           {f: func(a []float64) float64 { return LogChoose(int64(a[0]), int64(a[1])) }, rel: 3e-15},
	"LogStirling":         {f: one(LogStirling), rel: 1e-13},
	"Deviance":            {f: two(Deviance), rel: 1e-14},
	"Erf":                 {f: one(Erf), rel: 1e-15},
	"Erfc":                {f: one(Erfc), rel: 3e-15},
	"Erfcx":               {f: one(Erfcx), rel: 2e-15},
	"NormalCDF":           {f: one(NormalCDF), rel: 3e-15},
	"LogNormalTail":       {f: one(LogNormalTail), rel: 3e-15},
	"NormalQuantile":      {f: one(NormalQuantile), rel: 3e-15},
	"Digamma":             {f: one(Digamma), rel: 3e-15, floor: 1},
	"Trigamma":            {f: one(Trigamma), rel: 2e-15},
	"BetaCDF":             {f: func(a []float64) float64 { return BetaCDF(a[0], a[1], a[2]) }, rel: 1e-13},
	"GammaCDF":            {f: two(GammaCDF), rel: 1e-13},
	"GammaSurvival":       {f: two(GammaSurvival), rel: 1e-13},
	"ChiSquaredSurvival":  {f: two(ChiSquaredSurvival), rel: 1e-13},
	"GammaQuantile":       {f: two(GammaQuantile), rel: 5e-13},
	"LogNegativeBinomial": {f: func(a []float64) float64 { return LogNegativeBinomial(int64(a[0]), a[1], a[2]) }, rel: 1e-13, floor: 1},
	"NegativeBinomialCDF": {f: func(a []float64) float64 { return NegativeBinomialCDF(int64(a[0]), a[1], a[2]) }, rel: 1e-13},
	"StudentTCDF":         {f: two(StudentTCDF), rel: 1e-13},
	"StudentTQuantile":    {f: two(StudentTQuantile), rel: 1e-13},
	"KolmogorovSurvival":  {f: one(KolmogorovSurvival), rel: 1e-14},
	"LogPoisson":          {f: func(a []float64) float64 { return LogPoisson(int64(a[0]), a[1]) }, rel: 1e-13, floor: 1},
	"LogBinomial":         {f: func(a []float64) float64 { return LogBinomial(int64(a[0]), int64(a[1]), a[2]) }, rel: 1e-13, floor: 1},
	"ExpAll":              {f: one(expOfSeveral), ulp: 1.3},
	"Sin":                 {f: one(func(x float64) float64 { s, _ := SinCos(x); return s }), rel: 3e-16, floor: 1},
	"Cos":                 {f: one(func(x float64) float64 { _, c := SinCos(x); return c }), rel: 3e-16, floor: 1},
	"LogHypergeometric": {f: func(a []float64) float64 {
		return LogHypergeometric(int64(a[0]), int64(a[1]), int64(a[2]), int64(a[3]))
	}, rel: 1e-13, floor: 1},
}

// expOfSeveral is e^x by ExpAll, beside others; NaN where it depends on them, or where SumExp is of another mind.
func expOfSeveral(x float64) float64 {
	several := []float64{x, 1, math.Inf(-1), x}
	ExpAll(several, several)
	if several[0] != several[3] || several[2] != 0 || SumExp([]float64{math.Inf(-1), x}) != several[0] {
		return math.NaN()
	}
	return several[0]
}

// TestReference holds every function to 50-digit values; -v prints the largest errors.
func TestReference(t *testing.T) {
	b, err := os.ReadFile("testdata/reference.json")
	if err != nil {
		t.Fatal(err)
	}
	var points map[string][][]float64
	if err := json.Unmarshal(b, &points); err != nil {
		t.Fatal(err)
	}
	names := make([]string, 0, len(points))
	for name := range points {
		names = append(names, name)
	}
	sort.Strings(names)
	if len(names) != len(claims) {
		t.Errorf("%d functions in reference.json, %d claims", len(names), len(claims))
	}
	for _, name := range names {
		c, ok := claims[name]
		if !ok {
			t.Errorf("%s: no claim", name)
			continue
		}
		c.check(t, name, points[name])
	}
}

func (c claim) check(t *testing.T, name string, points [][]float64) {
	var worst, worstULP float64
	var at []float64
	for _, p := range points {
		n := len(p) - 2
		want, rest := p[n], p[n+1]
		got := c.f(p[:n])
		diff := math.Abs((got - want) - rest)
		if got != got {
			diff = math.Inf(1)
		}
		ulp := diff / (math.Nextafter(math.Abs(want), math.Inf(1)) - math.Abs(want))
		if rel := diff / math.Max(math.Abs(want), c.floor); rel > worst {
			worst, at = rel, p[:n]
		}
		worstULP = math.Max(worstULP, ulp)
	}
	t.Logf("%-20s %4d points: %.2f ulp, %.1e relative at %v", name, len(points), worstULP, worst, at)
	if c.ulp > 0 && worstULP > c.ulp || c.rel > 0 && worst > c.rel {
		t.Errorf("%s: error %.2f ulp, %.2e relative (claimed %g ulp, %g) at %v", name, worstULP, worst, c.ulp, c.rel, at)
	}
}
