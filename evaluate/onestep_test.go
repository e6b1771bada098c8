package evaluate

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"modelcollapse/internal/num"
	"modelcollapse/internal/rng"
	"modelcollapse/results"
)

// A gaussianRun simulates replace from N(0, 1) on its statistics, with bugs to plant.
type gaussianRun struct {
	rows, generations, replicates int
	unbiased                      bool
	knownMean, sameStream, frozen bool    // squares about the old mean; one stream for all generations; mean not updated
	drift                         float64 // of ln v a generation
}

func (r gaussianRun) chains(key rng.Key) []GaussianChain {
	chains := make([]GaussianChain, r.replicates)
	df, divisor := float64(r.rows-1), float64(r.rows)
	if r.unbiased {
		divisor = df
	}
	if r.knownMean {
		df++
	}
	for i := range chains {
		mean, variance := 0.0, 1.0
		c := &chains[i]
		stream := key.Child("replicate", i).Stream()
		for range r.generations + 1 {
			if r.sameStream {
				stream = key.Child("replicate", i).Stream()
			}
			moved := rng.Normal(stream) * math.Sqrt(variance/float64(r.rows))
			variance *= rng.ChiSquared(stream, df) / divisor * math.Exp(r.drift)
			if !r.frozen {
				mean += moved
			}
			c.Mean, c.Variance = append(c.Mean, mean), append(c.Variance, variance)
		}
	}
	return chains
}

func (r gaussianRun) law() GaussianStep {
	s := GaussianStep{Rows: make([]int, r.generations+1), Unbiased: r.unbiased}
	for i := range s.Rows {
		s.Rows[i] = r.rows
	}
	return s
}

// judged is the verdict at 1 %.
func (r gaussianRun) judged(t testing.TB, key rng.Key) Verdict {
	t.Helper()
	looks, err := r.law().Looks(r.chains(key))
	if err != nil {
		t.Fatal(err)
	}
	return Judge(0.01, looks...)
}

// fitted simulates replace row by row.
func (r gaussianRun) fitted(key rng.Key) []GaussianChain {
	chains, x := make([]GaussianChain, r.replicates), make([]float64, r.rows)
	for i := range chains {
		mean, variance := 5.0, 2.0
		stream := key.Child("rows", i).Stream()
		for range r.generations + 1 {
			for j := range x {
				x[j] = mean + math.Sqrt(variance)*rng.Normal(stream)
			}
			mean, variance = num.Variance(x)
			if !r.unbiased {
				variance *= float64(r.rows-1) / float64(r.rows)
			}
			chains[i].Mean, chains[i].Variance = append(chains[i].Mean, mean), append(chains[i].Variance, variance)
		}
	}
	return chains
}

// alarms counts rejected runs.
func (r gaussianRun) alarms(t testing.TB, runs int) (n int) {
	for i := range runs {
		if r.judged(t, rng.Root(uint64(i)).Child("one step", r.rows)).Outcome == Rejected {
			n++
		}
	}
	return n
}

func TestGaussianStepFalseAlarms(t *testing.T) {
	for _, r := range []gaussianRun{{rows: 10, generations: 20, replicates: 5}, {rows: 100, generations: 10, replicates: 10, unbiased: true}} {
		n := r.alarms(t, 1000)
		t.Logf("%+v: %d of 1000 correct runs rejected at 1 %%", r, n)
		if n < 1 || n > 23 {
			t.Errorf("%+v: %d of 1000 correct runs rejected at 1 %%, want 1 to 23", r, n)
		}
	}
}

// Every look by itself alarms on 1 to 23 of 1000 correct runs at 1 %, and all together within their 99 % interval,
// 60 ± 20 if looks were independent.
func TestGaussianStepLooksAreCalibrated(t *testing.T) {
	r := gaussianRun{rows: 8, generations: 12, replicates: 4}
	alarms, all := map[string]int{}, 0
	for i := range 1000 {
		looks, err := r.law().Looks(r.fitted(rng.Root(uint64(i)).Child("looks", 0)))
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range looks {
			alarms[l.Name] += 0
			if l.P <= 0.01 {
				alarms[l.Name]++
				all++
			}
		}
	}
	t.Log(alarms, all)
	for name, n := range alarms {
		if n < 1 || n > 23 {
			t.Errorf("%s: %d of 1000 correct runs at 1 %%, want 1 to 23", name, n)
		}
	}
	if all < 40 || all > 80 || len(alarms) != 6 {
		t.Errorf("%d alarms of 6000 looks at 1 %%, want 40 to 80", all)
	}
}

func TestGaussianChains(t *testing.T) {
	none := absentValue()
	mean := results.Curves{Series: "mean_drift", Replicates: []int{4, 7}, Lines: [][]float64{{1, 2, 3}, {4, 5, none}}}
	variance := results.Curves{Series: "variance", Replicates: []int{7, 4}, Lines: [][]float64{{40, 50, none}, {10, 20, 30}}}
	got, err := GaussianChains(mean, variance)
	if err != nil || fmt.Sprint(got) != "[{[1 2 3] [10 20 30]} {[4 5] [40 50]}]" {
		t.Error(got, err)
	}
	variance.Lines[1] = []float64{10, none, 30}
	if _, err := GaussianChains(mean, variance); err == nil || !strings.Contains(err.Error(), "replicate 4: generation 1 was not measured") {
		t.Error(err)
	}
	variance.Lines[1] = []float64{10, none, none}
	if _, err := GaussianChains(mean, variance); err == nil {
		t.Error("chains of two lengths were taken")
	}
	variance.Replicates[0] = 8
	if _, err := GaussianChains(mean, variance); err == nil {
		t.Error("another replicate was taken")
	}
}

func TestGaussianStepCatches(t *testing.T) {
	base := gaussianRun{rows: 100, generations: 50, replicates: 100}
	for name, plant := range map[string]func(*gaussianRun){
		"chi-square with M degrees of freedom": func(r *gaussianRun) { r.knownMean = true },
		"the same with 10 rows and 10 runs":    func(r *gaussianRun) { r.knownMean, r.rows, r.replicates = true, 10, 10 },
		"stream reused every generation":       func(r *gaussianRun) { r.sameStream, r.replicates = true, 20 },
		"stream reused, one short run":         func(r *gaussianRun) { r.sameStream, r.replicates, r.generations = true, 1, 20 },
		"mean not updated":                     func(r *gaussianRun) { r.frozen, r.replicates, r.generations = true, 1, 20 },
	} {
		r := base
		plant(&r)
		if n := r.alarms(t, 10); n < 9 {
			t.Errorf("%s: caught in %d of 10 runs", name, n)
		}
	}
	// The other divisor: a run whose fits are unbiased, held against the law of the maximum-likelihood fit.
	run := gaussianRun{rows: 100, generations: 50, replicates: 100, unbiased: true}
	looks, err := GaussianStep{Rows: run.law().Rows}.Looks(run.chains(rng.Root(3)))
	if v := Judge(0.01, looks...); err != nil || v.Outcome != Rejected || !strings.Contains(v.Why, "variance: shift off by 0.0") {
		t.Errorf("%v, %v", v, err)
	}
}

// Detectable keeps its promise: that deviation is rejected with 90 %.
func TestGaussianStepPower(t *testing.T) {
	r := gaussianRun{rows: 30, generations: 20, replicates: 10}
	v := r.judged(t, rng.Root(1))
	r.drift = float64(v.Looks[0].Detectable)
	n := r.alarms(t, 300)
	if v.Outcome != Consistent || n < 255 || n > 295 { // 0.9 ± 3 sd, and a little more by the look at shape
		t.Errorf("%v: a drift of %v was seen in %d of 300 runs", v, r.drift, n)
	}
}

func TestGaussianStepByHand(t *testing.T) {
	c := GaussianChain{Mean: []float64{1, 2}, Variance: []float64{4, 2}}
	looks, err := GaussianStep{Rows: []int{0, 3}}.Looks([]GaussianChain{c})
	if err != nil {
		t.Fatal(err)
	}
	// M = 3: 3 v'/v = 1.5 of chi-square with 2 degrees of freedom, ψ(1) = −γ, ψ′(1) = π²/6; the mean moved half a deviation.
	const gamma = 0.57721566490153286
	same(t, "variance effect", float64(looks[0].Effect), math.Log(.5)+gamma+math.Log(1.5))
	same(t, "its error", float64(looks[0].SE), math.Pi/math.Sqrt(6))
	u := 1 - math.Exp(-.75)
	same(t, "its distance", float64(looks[1].Effect), math.Max(u, 1-u))
	same(t, "mean effect", float64(looks[3].Effect), .5)
	same(t, "mean p", float64(looks[3].P), 2*num.NormalSurvival(math.Sqrt(3)/2))
	if v := Judge(.01, looks...); v.Outcome != Undecided || looks[2].Note != "no steps" {
		t.Error(v)
	}
}

func TestGaussianStepRefuses(t *testing.T) {
	law := GaussianStep{Rows: []int{9, 9}}
	for _, c := range []GaussianChain{
		{Mean: []float64{1}, Variance: nil}, {Mean: make([]float64, 3), Variance: make([]float64, 3)},
		{Mean: []float64{1, math.NaN()}, Variance: []float64{1, 1}}, {Mean: []float64{1, 1}, Variance: []float64{1, math.Inf(1)}},
		{Mean: []float64{1, 1}, Variance: []float64{1, -1}},
	} {
		if _, err := law.Looks([]GaussianChain{c}); err == nil {
			t.Errorf("%+v was taken", c)
		}
	}
	if _, err := (GaussianStep{Rows: []int{1, 1}}).Looks([]GaussianChain{{[]float64{0, 0}, []float64{1, 1}}}); err == nil {
		t.Error("one row was taken")
	}
	looks, err := law.Looks([]GaussianChain{{[]float64{1, 1}, []float64{1e-30, 1e-30}}})
	if err != nil || looks[0].Note != "no steps; 1 step of a collapsed chain left out" || Judge(.01, looks...).Outcome != Undecided {
		t.Errorf("%+v, %v", looks, err)
	}
}

func TestAgainstPrediction(t *testing.T) {
	x := []float64{1.12, 0.87, 1.93, 1.41, 0.66, 1.58, 2.04, 1.25}
	c := results.Curves{Series: "v"}
	for _, v := range x {
		c.Lines = append(c.Lines, []float64{0, 0, 0, 0, v})
	}
	p := results.Prediction{Series: "v", Generation: 4, Functional: "mean", X: 1, Lo: 1, Hi: 1}
	l := AgainstPrediction(c, p)
	same(t, "p", float64(l.P), .07493090483525) // scipy.stats.ttest_1samp
	same(t, "effect a generation", float64(l.Effect), .3575/4)
	p.Functional = "mean of ln"
	logs := make([]float64, len(x))
	for i, v := range x {
		logs[i] = math.Log(v)
	}
	l = AgainstPrediction(c, p)
	same(t, "p of logs", float64(l.P), OneSampleT(logs, 0, .95).P)
	c.Lines[3][4] = 0
	if l = AgainstPrediction(c, p); l.P == l.P || l.Note != "1 of 0 or less of 8 replicates, and the law speaks of all" {
		t.Errorf("%+v", l)
	}
	p.Hi = 2
	if l = AgainstPrediction(c, p); l.Note != "the law is a bound" {
		t.Errorf("%+v", l)
	}
	p.Generation = 5
	if v := Judge(.01, AgainstPrediction(c, p)); v.Outcome != Undecided {
		t.Error(v)
	}
}

func TestJudge(t *testing.T) {
	quiet := Look{Name: "a", Unit: "nats a generation", Effect: .001, SE: .01, DF: num.Float(math.Inf(1)), P: .9}
	v := Judge(.01, quiet, quiet)
	same(t, "detectable", float64(v.Looks[0].Detectable), .01*(num.NormalQuantile(1-.01/4)+num.NormalQuantile(.9)))
	if v.Outcome != Consistent || !strings.HasPrefix(v.String(), "consistent: a deviation of ≥ 0.041 nats a generation (a)") {
		t.Error(v)
	}
	weak, loud, none, shape := quiet, quiet, quiet, quiet
	weak.Margin, loud.P, none.P, none.Note, shape.SE = .04, .004, num.Float(math.NaN()), "n = 1", num.Float(math.NaN())
	for _, c := range []struct {
		looks []Look
		want  Outcome
	}{{[]Look{quiet, weak}, Undecided}, {[]Look{quiet, loud}, Rejected}, {[]Look{quiet, quiet, loud}, Consistent}, {[]Look{loud, none}, Rejected},
		{[]Look{quiet, none}, Undecided}, {[]Look{shape}, Undecided}, {[]Look{shape, quiet}, Consistent}, {nil, Undecided}} {
		if v := Judge(.01, c.looks...); v.Outcome != c.want {
			t.Errorf("%+v: %v, want %v", c.looks, v, c.want)
		}
	}
}

func TestJudgeLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 6).Draw(t, "n")
		looks := make([]Look, n)
		for i := range looks {
			looks[i] = Look{Name: fmt.Sprint(i), P: num.Float(rapid.Float64Range(0, .1).Draw(t, "p")), SE: num.Float(rapid.Float64Range(.1, 1).Draw(t, "se")), DF: 9}
		}
		alpha := rapid.SampledFrom([]float64{.001, .01, .05}).Draw(t, "alpha")
		v := Judge(alpha, looks...)
		if w := Judge(alpha/2, looks...); w.Outcome == Rejected && v.Outcome != Rejected || w.Looks[0].Detectable <= v.Looks[0].Detectable {
			t.Fatalf("a stricter level rejects or sees more: %v, %v", v, w)
		}
		for _, l := range v.Looks {
			if l.Adjusted < l.P || l.Adjusted > 1 || l.Detectable <= l.SE {
				t.Fatalf("%+v", l)
			}
		}
	})
}
