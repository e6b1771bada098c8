package evaluate

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"testing"

	"pgregory.net/rapid"

	"modelcollapse/internal/num"
)

// statistics is what testdata/stats.py computed with scipy, and by enumeration where scipy lacks it.
type statistics struct {
	OneSampleT []struct {
		X         []float64
		Null      float64 `json:"mean_under_null"`
		T, DF, P  float64
		Level     float64
		Low, High float64
	} `json:"one_sample_t"`
	Welch, Paired []struct {
		X, Y       []float64
		T, DF      float64
		P          float64 `json:"p_two_sided"`
		Difference float64
		Level      float64
		Low, High  float64
	}
	PairedT  json.RawMessage `json:"paired_t"`
	SignFlip []struct {
		Differences []float64
		Vectors     int     `json:"sign_vectors"`
		P           float64 `json:"p_two_sided"`
		Greater     float64 `json:"p_greater"`
		Floor       float64 `json:"smallest_possible_two_sided"`
	} `json:"sign_flip"`
	Permutation []struct {
		X, Y   []float64
		Splits int
		P      float64 `json:"p_two_sided"`
	}
	Holm []struct{ P, Adjusted []float64 }
	KS   struct {
		One []struct {
			X         []float64
			Null      string
			Statistic float64
			P         float64 `json:"p_exact"`
		} `json:"one_sample"`
		Two []struct {
			X, Y      []float64
			Statistic float64
			P         float64 `json:"p_permutation"`
		} `json:"two_sample"`
	} `json:"kolmogorov_smirnov"`
	Chi struct {
		Fit []struct {
			Counts        []int64
			Probabilities []float64
			Statistic, P  float64
			DF            int
		} `json:"goodness_of_fit"`
	} `json:"chi_square"`
}

func readStatistics(t *testing.T) (s statistics) {
	t.Helper()
	b, err := os.ReadFile("testdata/stats.json")
	if err == nil {
		err = json.Unmarshal(b, &s)
	}
	if err == nil {
		err = json.Unmarshal(s.PairedT, &s.Paired)
	}
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// same checks to eleven digits, as many as the reference file has to spare.
func same(t *testing.T, name string, got, want float64) {
	t.Helper()
	if !(math.Abs(got-want) <= 1e-11*math.Max(1e-3, math.Abs(want))) && !(got != got && want != want) {
		t.Errorf("%s: got %.15g, want %.15g", name, got, want)
	}
}

func TestStudentReference(t *testing.T) {
	s := readStatistics(t)
	for i, c := range s.OneSampleT {
		got := OneSampleT(c.X, c.Null, c.Level)
		checkT(t, fmt.Sprint("one sample ", i), got, []float64{c.T, c.DF, c.P, c.Low - c.Null, c.High - c.Null, num.Mean(c.X) - c.Null})
		_, lo, hi := MeanInterval(c.X, c.Level)
		same(t, "low", lo, c.Low)
		same(t, "high", hi, c.High)
	}
	for i, c := range s.Welch {
		checkT(t, fmt.Sprint("welch ", i), WelchT(c.X, c.Y, c.Level), []float64{c.T, c.DF, c.P, c.Low, c.High, c.Difference})
	}
	for i, c := range s.Paired {
		checkT(t, fmt.Sprint("paired ", i), PairedT(c.X, c.Y, c.Level), []float64{c.T, c.DF, c.P, c.Low, c.High, c.Difference})
	}
	if len(s.OneSampleT)+len(s.Welch)+len(s.Paired) < 7 {
		t.Error("reference values are missing")
	}
}

func checkT(t *testing.T, name string, got TTest, want []float64) {
	t.Helper()
	for i, x := range []float64{got.T, got.DF, got.P, got.Lo, got.Hi, got.Effect} {
		same(t, name+": "+[]string{"t", "df", "p", "low", "high", "effect"}[i], x, want[i])
	}
}

func TestStudentWithoutSpread(t *testing.T) {
	nan := math.NaN()
	same(t, "one value", OneSampleT([]float64{3}, 1, .95).P, nan)
	same(t, "its effect", OneSampleT([]float64{3}, 1, .95).Effect, 2)
	same(t, "one against three", WelchT([]float64{3}, []float64{1, 2, 3}, .95).P, nan)
	same(t, "three times the mean", OneSampleT([]float64{.1, .1, .1}, .1, .95).P, 1)
	same(t, "three times another value", OneSampleT([]float64{.1, .1, .1}, .2, .95).P, nan)
	same(t, "rounding is no spread", PairedT([]float64{1e6 + .1, 1e6 + .2, 1e6 + .3}, []float64{1e6, 1e6 + .1, 1e6 + .2}, .95).P, nan)
	same(t, "a constant against a spread", WelchT([]float64{1, 1, 1}, []float64{1, 2, 3}, .95).DF, 2)
}

func TestExactReference(t *testing.T) {
	s := readStatistics(t)
	for i, c := range s.SignFlip {
		got, err := SignFlip(c.Differences)
		if want := (ExactTest{c.P, c.Greater, c.Floor, c.Vectors}); err != nil || got != want {
			t.Errorf("sign flip %d: got %+v, %v, want %+v", i, got, err, want)
		}
	}
	for i, c := range s.Permutation {
		got, err := Permutation(c.X, c.Y)
		same(t, fmt.Sprint("permutation ", i), got.P, c.P)
		if err != nil || got.Arrangements != c.Splits {
			t.Errorf("permutation %d: %d splits, %v, want %d", i, got.Arrangements, err, c.Splits)
		}
	}
	for _, n := range []int{0, 23} {
		if _, err := SignFlip(make([]float64, n)); err == nil {
			t.Errorf("%d differences were enumerated", n)
		}
	}
	for _, n := range []int{0, 15} {
		if _, err := Permutation(make([]float64, n), make([]float64, 15)); err == nil {
			t.Errorf("splits of %d and 15 were enumerated", n)
		}
	}
}

func TestHolmReference(t *testing.T) {
	for i, c := range readStatistics(t).Holm {
		for j, x := range Holm(c.P) {
			same(t, fmt.Sprint("holm ", i, " ", j), x, c.Adjusted[j])
		}
	}
	got := Holm([]float64{.01, math.NaN(), .02})
	same(t, "beside none", got[0], .02)
	same(t, "none", got[1], math.NaN())
}

func TestDistanceReference(t *testing.T) {
	s := readStatistics(t)
	for i, c := range s.KS.One {
		cdf := num.NormalCDF
		if c.Null != "standard normal" {
			cdf = func(x float64) float64 { return x }
		}
		got := KolmogorovSmirnov(c.X, cdf)
		same(t, fmt.Sprint("distance ", i), got.D, c.Statistic)
		if !(math.Abs(got.P-c.P) <= .03*c.P+.001) { // Stephens' formula, within 3 % and a little more far out
			t.Errorf("one sample %d: p %v, exactly %v", i, got.P, c.P)
		}
	}
	for i, c := range s.KS.Two {
		got := KolmogorovSmirnov2(c.X, c.Y)
		same(t, fmt.Sprint("two-sample distance ", i), got.D, c.Statistic)
		same(t, fmt.Sprint("two-sample p ", i), got.P, c.P)
	}
}

func TestChiSquareReference(t *testing.T) {
	for i, c := range readStatistics(t).Chi.Fit {
		got, err := ChiSquare(c.Counts, c.Probabilities)
		same(t, fmt.Sprint("statistic ", i), got.Statistic, c.Statistic)
		same(t, fmt.Sprint("p ", i), got.P, c.P)
		if err != nil || got.DF != c.DF {
			t.Errorf("%d: df %d, %v, want %d", i, got.DF, err, c.DF)
		}
	}
	if got, err := ChiSquare([]int64{3, 1, 4}, []float64{.5, 0, .5}); err != nil || got.P != 0 || got.DF != 1 {
		t.Errorf("something that cannot happen: %+v, %v", got, err)
	}
	for _, p := range [][]float64{{1}, {.5, .4}, {1, 0}, {math.NaN(), 1}} {
		if _, err := ChiSquare([]int64{3, 1}, p); err == nil {
			t.Errorf("probabilities %v were taken", p)
		}
	}
}

func TestSerial(t *testing.T) {
	x := []float64{1, 3, 2, 5, 4, 6, 7, 5}
	// by hand: mean 33/8, Σ (x − m)² = 28.875, Σ of neighbours' products = 11.609375
	r := 11.609375 / 28.875
	got := Lag1(x)
	same(t, "r", got.R, r)
	same(t, "z", got.Z, r*math.Sqrt(80./7))
	same(t, "constant", Lag1([]float64{2, 2, 2, 2}).P, math.NaN())
	same(t, "two", Lag1([]float64{2, 3}).P, math.NaN())
	u := SerialUniform([][]float64{{.9, .9, .9}, {.1}, {.1, .1}})
	same(t, "uniform", u.Z, 3*12*.16/math.Sqrt(3))
	same(t, "none", SerialUniform(nil).P, math.NaN())
}

func TestStatisticsLaws(t *testing.T) {
	values := rapid.SliceOfN(rapid.Float64Range(-1e3, 1e3), 0, 8)
	rapid.Check(t, func(t *rapid.T) {
		x, y := values.Draw(t, "x"), values.Draw(t, "y")
		d, e := WelchT(x, y, .95), WelchT(y, x, .95)
		if d.Effect != -e.Effect && d.Effect == d.Effect || d.P != e.P && d.P == d.P {
			t.Fatalf("Welch's test is not antisymmetric: %+v, %+v", d, e)
		}
		p := []float64{d.P, KolmogorovSmirnov2(x, y).P, Lag1(x).P, OneSampleT(x, 1, .95).P}
		if f, err := SignFlip(x); err == nil {
			p = append(p, f.P, f.Greater)
			if f.P < f.Floor {
				t.Fatalf("p %v below its floor %v", f.P, f.Floor)
			}
		}
		if f, err := Permutation(x, y); err == nil {
			g, _ := Permutation(y, x)
			if f.P != g.P {
				t.Fatalf("permutation is not symmetric: %v, %v", f.P, g.P)
			}
			p = append(p, f.P, f.Greater)
		}
		if a, b := KolmogorovSmirnov2(x, y), KolmogorovSmirnov2(y, x); a.D != b.D && a.D == a.D || math.Abs(a.P-b.P) > 1e-12 {
			t.Fatalf("the two-sample distance is not symmetric: %+v, %+v", a, b)
		}
		for i, q := range p {
			if q < 0 || q > 1 {
				t.Fatalf("p-value %d is %v", i, q)
			}
		}
	})
}

func TestHolmLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SliceOfN(rapid.Float64Range(0, 1), 1, 12).Draw(t, "p")
		q := Holm(p)
		for i := range p {
			if q[i] < p[i] || q[i] > 1 || q[i] > float64(len(p))*p[i] && q[i] > 1e-300 && q[i] > maxBefore(p, q, i) {
				t.Fatalf("%v adjusted to %v", p[i], q[i])
			}
			for j := range p {
				if p[i] <= p[j] && q[i] > q[j] {
					t.Fatalf("order changed: %v, %v to %v, %v", p[i], p[j], q[i], q[j])
				}
			}
		}
		i := rapid.IntRange(0, len(p)-1).Draw(t, "i")
		p[i] = rapid.Float64Range(0, p[i]).Draw(t, "less")
		for j, r := range Holm(p) {
			if r > q[j] {
				t.Fatalf("a smaller p raised another's adjusted value from %v to %v", q[j], r)
			}
		}
	})
}

// maxBefore is the largest adjusted value of a smaller p.
func maxBefore(p, q []float64, i int) (m float64) {
	for j := range p {
		if p[j] < p[i] {
			m = max(m, q[j])
		}
	}
	return m
}

// Enumeration hands over to Kolmogorov's limit at four million pairs.
func TestDistanceHandsOver(t *testing.T) {
	x, y := make([]float64, 2000), make([]float64, 2000)
	for i := range x {
		x[i], y[i] = float64(i), float64(i)+70.5
	}
	exact, limit := KolmogorovSmirnov2(x, y), KolmogorovSmirnov2(x, append(y, 3000))
	if p := num.KolmogorovSurvival(exact.D * math.Sqrt(1000)); math.Abs(exact.P-p) > .01*p {
		t.Errorf("p %v by enumeration, %v in the limit", exact.P, p)
	}
	same(t, "limit", limit.P, num.KolmogorovSurvival(limit.D*math.Sqrt(2000*2001./4001)))
}
