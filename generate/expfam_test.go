package generate

import (
	"math"
	"strings"
	"testing"

	"modelcollapse/internal/rng"
)

// bindTo is a model that knows its truth.
func bindTo(t *testing.T, m Bound[float64], truth Source[float64]) Model[float64] {
	t.Helper()
	b, err := m.Bind(truth)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func meanOf(f Fitted[float64]) []float64 {
	mean, _ := f.(momented).Moment2()
	return []float64{mean}
}

// A meanCase is a family that is fitted by its mean: most of its checks follow from its moments.
type meanCase struct {
	name  string
	truth interface {
		knownLaw
		Lawful[float64]
	}
	model Bound[float64]
	v2    float64
}

// fixedTruth makes a normal truth with the law of its fits, so that it can stand among truths that are of one type with them.
type fixedTruth struct{ Normal }

func (f fixedTruth) Law(truth Source[float64]) (Law, error) {
	return FixedVariance{Normal: f.Normal}.Law(truth.(fixedTruth).Normal)
}

func meanCases() []meanCase {
	return []meanCase{
		{"bernoulli", Bernoulli{P: .3}, ByMean[Bernoulli]{}, -1},
		{"poisson", Poisson{Mean: 4.2}, ByMean[Poisson]{}, 0},
		{"negative binomial", NegativeBinomial{Failures: 2.5, Mean: 6}, NegativeBinomialMean{}, 1 / 2.5},
		{"exponential", Exponential{Mean: 3}, ByMean[Exponential]{}, 1},
		{"gamma", Gamma{Shape: 3.5, Mean: 2}, GammaMean{}, 1 / 3.5},
		{"known variance", fixedTruth{Normal{Mean: -2, Variance: 9}}, GaussianKnownVariance{}, 0},
	}
}

// oddCounts are rows that a family of counts of any size must survive.
func oddCounts() []oddRows[float64] {
	nan, inf := math.NaN(), math.Inf(1)
	return []oddRows[float64]{{nil, "mean not finite"}, {[]float64{5}, ""}, {[]float64{3, 3, 3}, ""}, {[]float64{0, 0}, "variance 0"},
		{[]float64{1, nan}, "mean not finite"}, {[]float64{1, inf}, "mean not finite"}, {[]float64{-inf, inf}, "mean not finite"},
		{[]float64{1e308, 1e308}, "mean not finite"}, {[]float64{1e300}, "mean 1e+300, which the family cannot have"}, {[]float64{-1, -2}, "mean -1.5, which the family cannot have"},
		{[]float64{5e-324}, ""}}
}

func oddOf(name string) []oddRows[float64] {
	odd := oddCounts()
	at := func(i int, why string) { odd[i].why = why }
	switch name {
	case "bernoulli":
		at(1, "mean 5, which the family cannot have")
		at(2, "mean 3, which the family cannot have")
		odd = append(odd, oddRows[float64]{[]float64{1}, "variance 0"})
	case "exponential", "gamma":
		at(8, "variance not finite")
		at(10, "variance 0") // the square of the smallest number
	case "known variance":
		at(3, "")
		at(8, "")
		at(9, "")
	}
	return odd
}

func TestFamiliesOfOneMean(t *testing.T) {
	for _, c := range meanCases() {
		t.Run(c.name, func(t *testing.T) {
			mean, variance := c.truth.Moment2()
			checkFamily(t, familyCase[float64]{kind: Scalars, truth: c.truth, model: bindTo(t, c.model, c.truth), params: meanOf,
				want: []float64{mean}, sd: []float64{math.Sqrt(variance)}, odd: oddOf(c.name)})
			checkDistribution(t, c.truth)
		})
	}
}

func TestNormalFamily(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	checkFamily(t, familyCase[float64]{kind: Scalars, truth: Normal{Mean: 3, Variance: 2}, model: Gaussian{}, want: []float64{3, 2}, sd: []float64{math.Sqrt2, 2 * math.Sqrt2},
		params: func(f Fitted[float64]) []float64 { return []float64{f.(Normal).Mean, f.(Normal).Variance} },
		odd: []oddRows[float64]{{nil, "variance not finite"}, {[]float64{5}, "variance 0"}, {[]float64{2, 2, 2}, "variance 0"},
			{[]float64{1, nan}, "variance not finite"}, {[]float64{1, inf}, "variance not finite"}, {[]float64{1e308, -1e308}, "variance not finite"}}})
	checkDistribution(t, Normal{Mean: 3, Variance: 2})
}

func TestMedianFamily(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	truth := Normal{Mean: 3, Variance: 2}
	checkFamily(t, familyCase[float64]{kind: Scalars, truth: truth, model: bindTo(t, GaussianMedian{}, truth), params: meanOf, want: []float64{3}, sd: []float64{math.Sqrt(math.Pi)},
		odd: []oddRows[float64]{{nil, "mean not finite"}, {[]float64{5}, ""}, {[]float64{2, 2, 2}, ""}, {[]float64{1, nan}, "mean not finite"},
			{[]float64{1, 2, inf}, ""}, {[]float64{-inf, inf}, "mean not finite"}, {[]float64{1e308, 1e308}, ""}}})
}

// The law that each family states is V(μ) = v0 + v2 (μ − μ0)² + v1 (μ − μ0): its own variance function.
func TestQuadraticVariance(t *testing.T) {
	for _, c := range meanCases() {
		law, err := c.truth.Law(c.truth)
		if err != nil {
			t.Fatal(err)
		}
		mean, v0 := c.truth.Moment2()
		near(t, c.name+": V0, v2", []float64{law.Real(), law.Fitted(.37, 0, 1)}, []float64{v0, v0 + c.v2*.37}, 1e-14*(1+v0))
		// The second difference of the family's variance is 2 v2; one row fits the member with that mean.
		m, h := bindTo(t, c.model, c.truth), .01
		of := func(at float64) float64 { _, v := fitTo(t, m, []float64{at}).(momented).Moment2(); return v }
		got := (of(mean+h) - 2*of(mean) + of(mean-h)) / (2 * h * h)
		near(t, c.name+": V″/2", []float64{got}, []float64{c.v2}, 1e-8*(1+v0))
	}
}

// Laws are refused where truth and fit differ in what is known.
func TestLawsOfOtherTruthsAreRefused(t *testing.T) {
	for i, c := range meanCases() {
		other := meanCases()[(i+1)%len(meanCases())].truth
		if _, fixed := c.truth.(fixedTruth); fixed {
			continue
		}
		if _, err := c.truth.Law(other); err == nil {
			t.Errorf("%s: a law for %T", c.name, other)
		}
	}
	for _, c := range []struct {
		fit   Lawful[float64]
		truth Source[float64]
	}{{Gamma{Shape: 2, Mean: 1}, Gamma{Shape: 3, Mean: 1}}, {NegativeBinomial{Failures: 2}, NegativeBinomial{Failures: 3}},
		{FixedVariance{Normal: Normal{Variance: 1}}, Normal{Variance: 2}}, {FixedVariance{Normal: Normal{Variance: 1}}, Poisson{}}, {MedianNormal{Normal{Variance: 1}}, Normal{Variance: 1}}} {
		if _, err := c.fit.Law(c.truth); err == nil || !strings.Contains(err.Error(), "law") {
			t.Errorf("%+v for %+v: %v", c.fit, c.truth, err)
		}
	}
}

// An anchor moves the estimate towards the start by its share, and nothing without a start.
func TestAnchor(t *testing.T) {
	train := Sample[float64]{{Rows: []float64{2, 4}, Weight: 1}}
	m := ByMean[Poisson]{Anchor: .25}
	for _, c := range []struct {
		start Fitted[float64]
		mean  float64
	}{{nil, 3}, {Poisson{Mean: 7}, 4}, {Normal{Mean: -1}, 2}} {
		f, err := m.Fit(t.Context(), Task[float64]{Train: train, Start: c.start})
		if err != nil {
			t.Fatal(err)
		}
		near(t, "mean", meanOf(f), []float64{c.mean}, 1e-15)
		law, err := f.(Poisson).Law(Poisson{Mean: 3})
		if err != nil || law.(Anchored).Anchor() != .25 || law.Real() != 3 {
			t.Errorf("%+v, %v", law, err)
		}
	}
	if law, _ := (Poisson{}).Law(Poisson{}); law != (QVF{}) {
		t.Errorf("without an anchor the law is %+v", law)
	}
	for share, ok := range map[float64]bool{0: true, .999: true, 1: false, -.1: false} {
		if err := (ByMean[Poisson]{Anchor: share}).Validate(); (err == nil) != ok {
			t.Errorf("anchor %g: %v", share, err)
		}
	}
}

// Known parameters come from the truth unless they were given; what cannot be known is refused before a run.
func TestBindFindsWhatIsKnown(t *testing.T) {
	gamma, negative := Gamma{Shape: 3, Mean: 1}, NegativeBinomial{Failures: 4, Mean: 1}
	for _, c := range []struct {
		m     Bound[float64]
		truth Source[float64]
		want  Fitted[float64] // of Fits; nil: an error that holds why
		why   string
	}{
		{GammaMean{}, gamma, Gamma{Shape: 3}, ""}, {GammaMean{Shape: 2}, gamma, Gamma{Shape: 2}, ""}, {GammaMean{}, Exponential{Mean: 1}, nil, "shape"},
		{GammaMean{Shape: 2}, Normal{Variance: 1}, nil, "real numbers in [0, +Inf]"},
		{NegativeBinomialMean{}, negative, NegativeBinomial{Failures: 4}, ""}, {NegativeBinomialMean{}, Poisson{Mean: 1}, nil, "failures"},
		{NegativeBinomialMean{Failures: 1.5}, Poisson{Mean: 1}, NegativeBinomial{Failures: 1.5}, ""},
		{GaussianKnownVariance{}, Normal{Variance: 5}, FixedVariance{Normal: Normal{Variance: 5}}, ""},
		{GaussianKnownVariance{Variance: 2}, Normal{Variance: 5}, FixedVariance{Normal: Normal{Variance: 2}}, ""},
		{GaussianKnownVariance{}, Exponential{Mean: 2}, FixedVariance{Normal: Normal{Variance: 4}}, ""},
		{GaussianKnownVariance{}, Normal{}, nil, "variance"}, {GaussianMedian{}, Normal{}, nil, "variance"}, {GaussianMedian{}, gamma, MedianNormal{Normal{Variance: 1. / 3}}, ""},
		{ByMean[Poisson]{}, negative, Poisson{}, ""}, {ByMean[Poisson]{}, gamma, nil, "whole numbers"}, {ByMean[Bernoulli]{}, negative, nil, "in [0, 1]"},
		{ByMean[Exponential]{}, negative, Exponential{}, ""}, {ByMean[Exponential]{}, Normal{}, nil, "real numbers"},
	} {
		m, err := c.m.Bind(c.truth)
		switch {
		case c.want == nil:
			if err == nil || !strings.Contains(err.Error(), c.why) {
				t.Errorf("%+v of %+v: %v", c.m, c.truth, err)
			}
		case err != nil:
			t.Errorf("%+v of %+v: %v", c.m, c.truth, err)
		case m.Fits() != c.want:
			t.Errorf("%+v of %+v: %+v", c.m, c.truth, m.Fits())
		}
	}
	for _, v := range []interface{ Validate() error }{Gamma{}, NegativeBinomial{}} {
		if v.Validate() == nil {
			t.Errorf("%+v passed", v)
		}
	}
}

// Statistics of another family are refused without touching the stream.
func TestOtherStatisticsAreRefused(t *testing.T) {
	for _, c := range meanCases() {
		if _, normal := c.truth.(fixedTruth); normal {
			continue
		}
		r := rng.Root(1).Stream()
		if c.truth.(StatDrawer[float64]).DrawStats(&Moments{}, 3, r) || r.Uint64() != rng.Root(1).Stream().Uint64() {
			t.Errorf("%s draws moments", c.name)
		}
	}
}
