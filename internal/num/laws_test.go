package num

import (
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

func TestSpecialValues(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	for _, c := range []struct {
		name      string
		got, want float64
	}{
		{"Log(0)", Log(0), -inf}, {"Log(-1)", Log(-1), nan}, {"Log(Inf)", Log(inf), inf}, {"Log(NaN)", Log(nan), nan}, {"Log(1)", Log(1), 0},
		{"Log1p(-1)", Log1p(-1), -inf}, {"Log1p(-2)", Log1p(-2), nan}, {"Log1p(Inf)", Log1p(inf), inf}, {"Log1p(NaN)", Log1p(nan), nan},
		{"Exp(-Inf)", Exp(-inf), 0}, {"Exp(Inf)", Exp(inf), inf}, {"Exp(0)", Exp(0), 1}, {"Exp(NaN)", Exp(nan), nan}, {"SumExp(NaN)", SumExp([]float64{0, nan}), nan}, {"SumExp(Inf)", SumExp([]float64{inf, 1}), inf}, {"SumExp()", SumExp(nil), 0},
		{"Expm1(-Inf)", Expm1(-inf), -1}, {"Expm1(Inf)", Expm1(inf), inf}, {"Expm1(NaN)", Expm1(nan), nan},
		{"Lgamma(0)", Lgamma(0), inf}, {"Lgamma(1)", Lgamma(1), 0}, {"Lgamma(2)", Lgamma(2), 0}, {"Lgamma(-1)", Lgamma(-1), nan}, {"Lgamma(Inf)", Lgamma(inf), inf},
		{"Erf(Inf)", Erf(inf), 1}, {"Erfc(-Inf)", Erfc(-inf), 2}, {"Erfc(Inf)", Erfc(inf), 0}, {"NormalCDF(-Inf)", NormalCDF(-inf), 0}, {"NormalCDF(Inf)", NormalCDF(inf), 1},
		{"NormalQuantile(0)", NormalQuantile(0), -inf}, {"NormalQuantile(1)", NormalQuantile(1), inf}, {"NormalQuantile(2)", NormalQuantile(2), nan}, {"NormalQuantile(.5)", NormalQuantile(0.5), 0},
		{"Digamma(0)", Digamma(0), -inf}, {"Trigamma(0)", Trigamma(0), inf}, {"Digamma(Inf)", Digamma(inf), inf}, {"Trigamma(Inf)", Trigamma(inf), 0},
		{"BetaCDF(0)", BetaCDF(0, 2, 3), 0}, {"BetaCDF(1)", BetaCDF(1, 2, 3), 1}, {"BetaCDF bad", BetaCDF(0.5, 0, 1), nan},
		{"GammaCDF(0)", GammaCDF(0, 2), 0}, {"GammaCDF(Inf)", GammaCDF(inf, 2), 1}, {"GammaSurvival(Inf)", GammaSurvival(inf, 2), 0},
		{"StudentTCDF(Inf)", StudentTCDF(inf, 3), 1}, {"StudentTCDF(0)", StudentTCDF(0, 3), 0.5}, {"StudentTQuantile(.5)", StudentTQuantile(0.5, 3), 0},
		{"StudentTQuantile bad", StudentTQuantile(0.5, 0), nan}, {"KolmogorovSurvival(0)", KolmogorovSurvival(0), 1}, {"KolmogorovSurvival(Inf)", KolmogorovSurvival(inf), 0},
		{"GammaQuantile(0)", GammaQuantile(0, 2), 0}, {"GammaQuantile(1)", GammaQuantile(1, 2), inf}, {"GammaQuantile(2)", GammaQuantile(2, 2), nan},
		{"GammaQuantile bad", GammaQuantile(0.5, 0), nan}, {"GammaQuantile underflows", GammaQuantile(0.01, 1e-3), 0},
		{"LogNegativeBinomial(0,1,0)", LogNegativeBinomial(0, 1, 0), 0}, {"LogNegativeBinomial(1,1,0)", LogNegativeBinomial(1, 1, 0), -inf}, {"LogNegativeBinomial(-1)", LogNegativeBinomial(-1, 1, 1), -inf},
		{"NegativeBinomialCDF(0,1,0)", NegativeBinomialCDF(0, 1, 0), 1}, {"NegativeBinomialCDF(-1)", NegativeBinomialCDF(-1, 1, 1), 0}, {"NegativeBinomialCDF bad", NegativeBinomialCDF(1, 0, 1), nan},
		{"Deviance(0,3)", Deviance(0, 3), 3}, {"Deviance(3,3)", Deviance(3, 3), 0}, {"Deviance(3,0)", Deviance(3, 0), inf},
		{"LogBinomial of the least p", LogBinomial(1, 3, 5e-324), -inf}, {"LogBinomial(0,0)", LogBinomial(0, 0, 1), 0}, {"LogBinomial(5,5,1)", LogBinomial(5, 5, 1), 0}, {"LogBinomial(6,5)", LogBinomial(6, 5, 0.5), -inf},
		{"LogPoisson(0,0)", LogPoisson(0, 0), 0}, {"LogChoose(5,7)", LogChoose(5, 7), -inf}, {"LogHypergeometric empty", LogHypergeometric(0, 0, 0, 0), 0},
	} {
		if c.got != c.want && !(c.got != c.got && c.want != c.want) {
			t.Errorf("%s = %v, want %v", c.name, c.got, c.want)
		}
	}
}

func TestQuantilesInvert(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.Float64Range(1e-12, 1-1e-12).Draw(t, "p")
		df := Exp(rapid.Float64Range(-1, 20).Draw(t, "ln df"))
		if got := NormalCDF(NormalQuantile(p)); math.Abs(got-p) > 1e-13*p {
			t.Fatalf("normal: %v -> %v", p, got)
		}
		if got := GammaCDF(GammaQuantile(p, df), df); math.Abs(got-p) > (1e-12+1e-14*math.Sqrt(df))*p {
			t.Fatalf("gamma of shape %v: %v -> %v", df, p, got)
		}
		if got := StudentTCDF(StudentTQuantile(p, df), df); math.Abs(got-p) > 1e-11*p {
			t.Fatalf("t with %v degrees: %v -> %v", df, p, got)
		}
	})
}

// TestProbabilitiesSumToOne holds the log probabilities to their total.
func TestProbabilitiesSumToOne(t *testing.T) {
	for _, n := range []int64{1, 9, 300} {
		for _, p := range []float64{0.003, 0.5, 0.97} {
			var binomial, hyper Accumulator
			for k := range n + 1 {
				binomial.Add(Exp(LogBinomial(k, n, p)))
				hyper.Add(Exp(LogHypergeometric(k, n, 2*n+1, n)))
			}
			if math.Abs(binomial.Sum()-1) > 1e-13 || math.Abs(hyper.Sum()-1) > 1e-13 {
				t.Errorf("n = %d, p = %g: sums %v, %v", n, p, binomial.Sum(), hyper.Sum())
			}
		}
	}
}

// TestCompensatedSum compares with rational arithmetic over terms that cancel.
func TestCompensatedSum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.SliceOfN(rapid.Float64Range(-1e15, 1e15), 0, 200).Draw(t, "x")
		want, size := new(big.Rat), 0.0
		for _, v := range x {
			want.Add(want, new(big.Rat).SetFloat64(v))
			size += math.Abs(v)
		}
		w, _ := want.Float64()
		if got := SumCompensated(x); math.Abs(got-w) > 2.3e-16*math.Abs(w)+1e-28*size {
			t.Fatalf("%v, want %v", got, w)
		}
	})
}

func TestKolmogorovMatchesItsBound(t *testing.T) {
	// Massart: the survival function is at most 2 exp(-2 x^2), and DKW inverts that.
	for _, a := range []float64{1e-6, 1e-3, 0.01} {
		if p := KolmogorovSurvival(DKW(1, a)); p > a || p < 0.999*a {
			t.Errorf("alpha %g: %g", a, p)
		}
	}
}

// TestKolmogorovP compares with exact quantiles: scipy.stats.kstwo.isf(p, n).
func TestKolmogorovP(t *testing.T) {
	for _, c := range []struct {
		n    int
		p, d float64
	}{
		{5, 0.5, 0.3419118604444544},
		{5, 0.1, 0.5094493282201105},
		{5, 0.05, 0.5632751983660635},
		{10, 0.5, 0.24686329073080385},
		{10, 0.1, 0.36866167417172396},
		{10, 0.05, 0.40924608477750496},
		{100, 0.5, 0.08114721899006636},
		{100, 0.1, 0.12066340877827493},
		{100, 0.05, 0.13402791648569568},
		{1000, 0.5, 0.026005301564520387},
		{1000, 0.1, 0.03853304260042531},
		{1000, 0.05, 0.042776500461245},
	} {
		if got := KolmogorovP(c.d, c.n); math.Abs(got-c.p) > 0.03*c.p {
			t.Errorf("n = %d: %g, exact %g", c.n, got, c.p)
		}
	}
}

func BenchmarkFunctions(b *testing.B) {
	x, s := 0.7, 0.0
	for _, c := range []struct {
		name string
		f    func(float64) float64
	}{{"Log", Log}, {"math.Log", math.Log}, {"Exp", Exp}, {"math.Exp", math.Exp}, {"Log1p", Log1p}, {"Expm1", Expm1}, {"Lgamma", Lgamma}, {"Digamma", Digamma}, {"NormalCDF", NormalCDF}, {"NormalQuantile", NormalQuantile}} {
		b.Run(c.name, func(b *testing.B) {
			for range b.N {
				s += c.f(x)
			}
		})
	}
	_ = s
}
