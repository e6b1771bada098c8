package generate

import (
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"modelcollapse/internal/num"
	"modelcollapse/internal/rng"
)

// with is a fit drawn from by settings.
func with[E any](t testing.TB, f Fitted[E], s Sampling) Source[E] {
	t.Helper()
	src, err := Decoding[E]{s}.Sampled(f)
	if err != nil {
		t.Fatal(err)
	}
	return src
}

// A temperature multiplies the variance of a normal: the density to the power 1/τ, up to its integral.
func TestTemperedNormalIsThePowerOfItsDensity(t *testing.T) {
	f := Normal{Mean: 1, Variance: 3, ddof: 1}
	tempered := with[float64](t, f, Sampling{Temperature: 0.7}).(Normal)
	x := []float64{-2, 0, 0.5, 4}
	of := func(f Normal) []float64 {
		nats := make([]float64, len(x))
		if err := f.Score(t.Context(), x, nats); err != nil {
			t.Fatal(err)
		}
		return nats
	}
	honest, hot := of(f), of(tempered)
	for i := range x {
		if d := (hot[i] - hot[0]) - (honest[i]-honest[0])/0.7; math.Abs(d) > 1e-12 {
			t.Errorf("at %g: log densities differ by %g more than their 1/τ", x[i], d)
		}
	}
	if tempered.DDOF() != 1 || tempered.Mean != 1 {
		t.Errorf("%+v", tempered)
	}
	if got := with[float64](t, f, Sampling{Temperature: 0.5, Spread: 0.5}).(Normal).Variance; got != 0.75 {
		t.Errorf("variance %g, want 3/4", got)
	}
	joint := jointNormal(t, []float64{1, 2}, [][]float64{{2, 1}, {1, 3}})
	wide := with[Vector](t, joint, Sampling{Spread: 4}).(JointNormal).Covariance()
	for i, want := range []float64{8, 4, 4, 12} {
		if math.Abs(wide[i]-want) > 1e-13 {
			t.Errorf("covariance %v", wide)
		}
	}
	if joint.Covariance()[0] > 2.0001 {
		t.Error("the fit itself was changed")
	}
}

func jointNormal(t testing.TB, mean []float64, covariance [][]float64) JointNormal {
	t.Helper()
	f, err := NewJointNormal(mean, covariance)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// Categories: p^(1/τ) over its sum; the smallest set that holds top_p; the most probable k, the first of equal ones.
func TestSampledCategories(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 12).Draw(t, "categories")
		p, total := make([]float64, n), 0.0
		for i := range p {
			p[i] = float64(rapid.IntRange(0, 9).Draw(t, "weight"))
			total += p[i]
		}
		if total == 0 {
			return
		}
		for i := range p {
			p[i] /= total
		}
		s := Sampling{Temperature: rapid.SampledFrom([]float64{0.3, 1, 2.5}).Draw(t, "temperature"),
			TopK: rapid.IntRange(0, n+1).Draw(t, "top_k"), TopP: rapid.SampledFrom([]float64{0.1, 0.5, 0.9, 1}).Draw(t, "top_p")}
		src, err := Decoding[Histogram]{s}.Sampled(Frequencies{P: p})
		if err != nil {
			t.Fatal(err)
		}
		q := src.(Frequencies).P
		sum := 0.0
		living, left := 0, math.Inf(1) // left: the least probable that is kept
		for i, x := range q {
			if sum += x; x > 0 {
				living, left = living+1, min(left, p[i])
			}
		}
		if math.Abs(sum-1) > 1e-12 || living == 0 || s.TopK > 0 && living > s.TopK {
			t.Fatalf("%v of %v by %+v", q, p, s)
		}
		powers := 0.0 // of all that top_k leaves
		ranked := slices.Clone(p)
		slices.Sort(ranked)
		slices.Reverse(ranked)
		if s.TopK > 0 && s.TopK < n {
			ranked = ranked[:s.TopK]
		}
		for _, x := range ranked {
			if x > 0 {
				powers += math.Pow(x, 1/s.Temperature)
			}
		}
		over := 0.0
		for i, x := range q {
			if x > 0 {
				over += math.Pow(p[i], 1/s.Temperature)
			} else if p[i] > left {
				t.Fatalf("%g was cut and %g kept: %v of %v by %+v", p[i], left, q, p, s)
			}
			if x > 0 && i > 0 && slices.IndexFunc(p[:i], func(y float64) bool { return y == p[i] }) >= 0 {
				if j := slices.Index(p[:i], p[i]); q[j] == 0 {
					t.Fatalf("of equal ones a later was kept: %v of %v by %+v", q, p, s)
				}
			}
		}
		for i, x := range q {
			if want := math.Pow(p[i], 1/s.Temperature) / over; x > 0 && math.Abs(x-want) > 1e-12 {
				t.Fatalf("%v of %v by %+v: %g, want %g", q, p, s, x, want)
			}
		}
		kept := over / powers
		least := math.Pow(left, 1/s.Temperature) / powers
		if s.TopP < 1 && (kept < s.TopP-1e-9 || kept-least > s.TopP+1e-9) {
			t.Fatalf("%g is kept, %g without the last, of top_p %g", kept, kept-least, s.TopP)
		}
	})
}

// What has no meaning is refused by name; what is honest is the fit itself.
func TestSamplingRefusesByName(t *testing.T) {
	for want, s := range map[string]Sampling{"top_k": {TopK: 2}, "top_p": {TopP: 0.5}, "temperature: -1": {Temperature: -1}, "spread: +Inf": {Spread: math.Inf(1)}} {
		if _, err := (Decoding[float64]{s}).Sampled(Normal{Variance: 1}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
	if _, err := (Frequencies{P: []float64{1}}).With(Sampling{Spread: 2}); err == nil || !strings.Contains(err.Error(), "spread") {
		t.Errorf("spread of categories: %v", err)
	}
	for _, s := range []Sampling{{Temperature: 0, TopP: 1, Spread: 1}, {Temperature: 1, TopP: 0, Spread: 1}, {Temperature: 1, TopP: 1, Spread: 0}, {Temperature: 1, TopP: 1.5, Spread: 1}} {
		if s.Validate() == nil {
			t.Errorf("%+v passes for a config", s)
		}
	}
	for _, s := range []Sampling{{}, {Temperature: 1, TopP: 1, Spread: 1}} {
		if src := with[float64](t, Normal{Variance: 2}, s); src != (Normal{Variance: 2}) {
			t.Errorf("honest sampling gives %v", src)
		}
	}
	if _, err := (Decoding[float64]{Sampling{Temperature: 2}}).Sampled(nothing{}); err == nil || !strings.Contains(err.Error(), "other settings") {
		t.Errorf("a source that cannot be tempered: %v", err)
	}
}

// nothing is a source without capabilities.
type nothing struct{ Source[float64] }

// Degenerate categories: none, or one, stay what they are.
func TestSampledDegenerateCategories(t *testing.T) {
	for _, p := range [][]float64{nil, {0, 0}, {0, 1, 0}} {
		for _, s := range []Sampling{{Temperature: 0.1}, {TopK: 1}, {TopP: 0.5}, {Temperature: 5, TopK: 2, TopP: 0.1}} {
			if got := with[Histogram](t, Frequencies{P: p}, s).(Frequencies).P; !slices.Equal(got, p) && len(p) > 0 {
				t.Errorf("%v by %+v: %v", p, s, got)
			}
		}
	}
	tiny := with[Histogram](t, Frequencies{P: []float64{1 - 1e-300, 1e-300}}, Sampling{Temperature: 300}).(Frequencies).P
	if math.Abs(tiny[1]/tiny[0]-0.1) > 1e-12 { // (1e-300)^(1/300)
		t.Errorf("%v", tiny)
	}
}

// A law is reshaped as rows are.
func TestReshapedLaws(t *testing.T) {
	const variance, second, rows = 0.2, 1.7, 20
	honest := LocationScale{V0: 1, DDOF: 1, Scale: 1}
	half := Decoding[float64]{Sampling{Spread: 0.5}}
	if got, want := half.Reshape(honest).Fitted(variance, second, rows), honest.Fitted(variance, second, rows)/2; got != want {
		t.Errorf("%g, want %g", got, want)
	}
	if half.Reshape(honest).Real() != 1 || half.Reshape(QVF{V0: 3}).Fitted(1, 0, 9) != 1.5 {
		t.Error("real rows are scaled, or rows of a known variance are not")
	}
	if (Decoding[float64]{Sampling{TopK: 2}}).Reshape(honest) != nil || (Decoding[float64]{}).Reshape(honest) != Law(honest) {
		t.Error("a truncated law is known, or an honest one is not itself")
	}
	if a, ok := half.Reshape(anchoredLaw{honest}).(Anchored); !ok || a.Anchor() != 0.3 {
		t.Error("the anchor is lost")
	}
}

type anchoredLaw struct{ Law }

func (anchoredLaw) Anchor() float64 { return 0.3 }

// byLaw holds rows to a distribution function; distances are below 2.5/√n but for 7 runs of a million.
func byLaw(t *testing.T, rows []float64, cdf func(x float64) float64) {
	t.Helper()
	u := make([]float64, len(rows))
	for i, x := range rows {
		u[i] = cdf(x)
	}
	if d := uniformDistance(u); !(d < 2.5) {
		t.Errorf("distance to the law: %.2f/√n of %d rows", d, len(rows))
	}
}

func TestSpreadRows(t *testing.T) {
	rows, err := with[float64](t, Normal{Mean: 2, Variance: 4}, Sampling{Spread: 0.25}).Draw(t.Context(), nil, 20_000, rng.Root(1).Stream())
	if err != nil {
		t.Fatal(err)
	}
	byLaw(t, rows, func(x float64) float64 { return num.NormalCDF(x - 2) })
}
