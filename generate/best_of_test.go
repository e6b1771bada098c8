package generate

import (
	"encoding/json"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"modelcollapse/internal/num"
	"modelcollapse/internal/rng"
)

// Chosen probabilities are those of all sequences of candidates, for any rewards, however far apart.
func TestChosenIsTheSumOverSequences(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, k := rapid.IntRange(1, 4).Draw(t, "categories"), rapid.IntRange(1, 4).Draw(t, "k")
		p, r := make([]float64, n), make([]float64, n)
		for i := range p {
			p[i] = float64(rapid.IntRange(0, 5).Draw(t, "weight"))
			r[i] = rapid.SampledFrom([]float64{0, 0.3, 1, -2, 40, -300, math.Inf(-1), math.NaN()}).Draw(t, "reward")
		}
		normalise(p)
		temperature := rapid.SampledFrom([]float64{0, 0.01, 1, 3}).Draw(t, "temperature")
		want := make([]float64, n)
		sequences(p, r, k, temperature, nil, 1, want)
		for i, x := range Chosen(p, r, k, temperature) {
			if math.Abs(x-want[i]) > 1e-12*want[i]+1e-15 {
				t.Fatalf("p %v, rewards %v, k %d, temperature %g: %v, want %v", p, r, k, temperature, Chosen(p, r, k, temperature), want)
			}
		}
	})
}

// sequences adds the probability of being chosen over all sequences of k that begin with seq, of probability mass.
func sequences(p, r []float64, k int, temperature float64, seq []int, mass float64, into []float64) {
	if mass == 0 {
		return
	}
	if len(seq) < k {
		for i := range p {
			sequences(p, r, k, temperature, append(slices.Clone(seq), i), mass*p[i], into)
		}
		return
	}
	reward := func(i int) float64 {
		if math.IsNaN(r[i]) {
			return math.Inf(-1)
		}
		return r[i]
	}
	top := math.Inf(-1)
	for _, i := range seq {
		top = math.Max(top, reward(i))
	}
	weights, total := make([]float64, k), 0.0
	for j, i := range seq {
		switch x := reward(i); {
		case x == top:
			weights[j] = 1
		case temperature > 0:
			weights[j] = math.Exp((x - top) / temperature)
		}
		total += weights[j]
	}
	for j, i := range seq {
		into[i] += mass * weights[j] / total
	}
}

// Two rewards and two candidates: p + p(1 − p)(2σ(Δr) − 1); and the mean of e^r grows by at least (k − 1)/k · Var e^r /
// e^rmax (Ferbach et al. 2024, arXiv 2407.09499, lemma 2.2).
func TestChosenKnownCases(t *testing.T) {
	for _, p := range []float64{1e-6, 0.3, 0.9} {
		for _, d := range []float64{0.5, 3, -2} {
			want := p + p*(1-p)*(2/(1+math.Exp(-d))-1)
			if got := Chosen([]float64{p, 1 - p}, []float64{d, 0}, 2, 1)[0]; math.Abs(got-want) > 1e-13*want {
				t.Errorf("p = %g, Δr = %g: %.16g, want %.16g", p, d, got, want)
			}
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.IntRange(2, 30).Draw(t, "k")
		r := rapid.SliceOfN(rapid.Float64Range(-2, 2), 2, 20).Draw(t, "rewards")
		p := make([]float64, len(r))
		for i := range p {
			p[i] = rapid.Float64Range(0.01, 1).Draw(t, "weight")
		}
		normalise(p)
		mean := func(p []float64) (m, v, most float64) {
			for i, x := range r {
				m, v, most = m+p[i]*math.Exp(x), v+p[i]*math.Exp(2*x), math.Max(most, math.Exp(x))
			}
			return m, v - m*m, most
		}
		before, variance, most := mean(p)
		after, _, _ := mean(Chosen(p, r, k, 1))
		if gain, bound := after-before, float64(k-1)/float64(k)*variance/most; gain < bound-1e-12 {
			t.Fatalf("k = %d: a gain of %g, at least %g", k, gain, bound)
		}
	})
}

// Rows are chosen with the probabilities that Chosen gives; at temperature 0 the best is kept, of which the law is
// known.
func TestBestOfRows(t *testing.T) {
	const n, k = 20_000, 3
	p := []float64{0.5, 0.3, 0.2} // values 0, 1, 2
	r := rng.Root(5).Stream()
	rows := make([]float64, 0, n*k)
	for range n * k {
		u := r.Float64()
		rows = append(rows, float64(b2i(u > 0.5)+b2i(u > 0.8)))
	}
	iv := BestOf{K: k, Reward: "value", Temperature: 0.7}
	if iv.Candidates(n) != len(rows) {
		t.Fatal("candidates")
	}
	kept, _ := left(t, Intervention[float64](iv), Batch[float64]{Rows: rows}, equalScalars)
	counts := map[float64]int64{}
	for _, x := range kept {
		counts[x]++
	}
	for i, q := range Chosen(p, []float64{0, 1, 2}, k, 0.7) {
		binomial(t, "value", counts[float64(i)], n, q)
	}
	normal, _ := Normal{Variance: 1}.Draw(t.Context(), nil, n*k, r)
	best, _ := left(t, Intervention[float64](BestOf{K: k, Reward: "value"}), Batch[float64]{Rows: normal}, equalScalars)
	byLaw(t, best, func(x float64) float64 { return math.Pow(num.NormalCDF(x), k) })
	near, _ := left(t, Intervention[float64](BestOf{K: k, Reward: "distance", Point: 0}), Batch[float64]{Rows: normal}, equalScalars)
	byLaw(t, near, func(x float64) float64 { // |x| is the least of three
		return 0.5 + math.Copysign(0.5*(1-math.Pow(2*num.NormalSurvival(math.Abs(x)), k)), x)
	})
	if len(kept) != n || len(best) != n || len(near) != n {
		t.Errorf("%d, %d and %d rows of %d", len(kept), len(best), len(near), n)
	}
	odd, _ := left(t, Intervention[float64](BestOf{K: 2, Reward: "value"}), Batch[float64]{Rows: []float64{1, math.NaN(), math.NaN(), math.NaN(), 7}}, equalScalars)
	if len(odd) != 3 || odd[0] != 1 || odd[2] != 7 {
		t.Errorf("%v are kept", odd)
	}
	truth := Source[Vector](jointNormal(t, []float64{0, 0}, [][]float64{{1, 0}, {0, 1}}))
	v := toTruth(t, Intervention[Vector](VectorBestOf{K: 2, Point: []float64{1, 1}}), truth)
	some, _ := left(t, v, Batch[Vector]{Rows: []Vector{{0, 0}, {1, 0}, {5, 5}, {9, 9}}}, func(x, y Vector) bool { return &x[0] == &y[0] })
	if len(some) != 2 || some[0][0] != 1 || some[1][0] != 5 {
		t.Errorf("%v are kept", some)
	}
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Rewards are listed or follow a rule, and come back from JSON as they were.
func TestRewards(t *testing.T) {
	for text, want := range map[string][]float64{
		`[3,1,2]`:                           {3, 1, 2},
		`{"rule":"first","first":2,"by":5}`: {5, 5, 0},
		`{"rule":"log","first":1,"by":-1}`:  {0, -math.Ln2, -math.Log(3)},
	} {
		var r Rewards
		if err := json.Unmarshal([]byte(text), &r); err != nil {
			t.Fatal(err)
		}
		got, err := r.Of(3)
		if err != nil {
			t.Fatal(err)
		}
		for i := range want {
			if math.Abs(got[i]-want[i]) > 1e-15 {
				t.Errorf("%s: %v, want %v", text, got, want)
			}
		}
		if back, err := json.Marshal(r); err != nil || string(back) != text {
			t.Errorf("%s came back as %s (%v)", text, back, err)
		}
	}
	if _, err := RewardList(1, 2).Of(3); err == nil {
		t.Error("two rewards for three categories")
	}
	truth := Source[Histogram](Frequencies{P: []float64{0.5, 0.5}})
	iv := toTruth(t, Intervention[Histogram](CountBestOf{K: 2, Reward: RewardList(0, 1), Temperature: 1}), truth)
	src, err := iv.(Sampler[Histogram]).Sampled(Frequencies{P: []float64{0.5, 0.5}})
	if err != nil {
		t.Fatal(err)
	}
	if _, draws := src.(StatDrawer[Histogram]); !draws || src.(Frequencies).P[1] <= 0.5 {
		t.Errorf("%v", src)
	}
	if _, err := iv.(Sampler[Histogram]).Sampled(Frequencies{P: []float64{1}}); err == nil {
		t.Error("two rewards for one category")
	}
}
