package experiments

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"modelcollapse/evaluate"
	"modelcollapse/generate"
	"modelcollapse/generate/ngram"
	"modelcollapse/internal/num"
	"modelcollapse/internal/rng"
	"modelcollapse/results"
)

// scalarRun runs scalars under replace with interventions; learned are the rows of every fit.
func scalarRun(t *testing.T, c Chain[float64]) (records []results.Record, learned [][]float64, outcome string) {
	t.Helper()
	c.Kind, c.Execution = generate.Scalars, ByRows
	if c.Truth == nil {
		c.Truth = []generate.Source[float64]{generate.Normal{Variance: 1}}
	}
	c.Models = []generate.Model[float64]{spy{learned: &learned}}
	r, err := c.Compile()
	if err != nil {
		t.Fatal(err)
	}
	var m memory
	if outcome, err = r.Cell(t.Context(), rng.Root(3).Child("replicate", 0), nil, &m); err != nil {
		t.Fatal(err)
	}
	return m, learned, outcome
}

// Every draw is accounted for: what was drawn is what was learned from and what was dropped. A block is as full as the
// refill allows, and the record says so where it is not.
func TestRefillCountsEveryDraw(t *testing.T) {
	const n = 200
	half := generate.ScalarFilter{Keep: 1, By: "value", Min: ptr(0.0)} // keeps about half of the rows of generation 1
	none := generate.RegionVerifier{Centre: 3.5, Radius: 0.5}          // about one of 1,400
	for _, c := range []struct {
		name       string
		iv         generate.Intervention[float64]
		refill     int
		full       bool
		drawn      int64 // of generation 1; 0: what it takes
		mustBeLess int
	}{
		{"none", half, 0, false, n, n},
		{"until full", half, 50, true, 0, n + 1},
		{"at most three times", none, 3, false, 3 * n, n},
		{"the first draw is one time", half, 1, false, n, n},
	} {
		records, learned, _ := scalarRun(t, Chain[float64]{Workflow: workflow(t, generate.Replace{}, n, 1), Generations: 1, Refill: c.refill,
			Interventions: []generate.Intervention[float64]{c.iv}})
		for g, rec := range records {
			d, rows := rec.Draws[0], 0
			if g < len(learned) {
				rows = len(learned[g])
			}
			if d.Real+d.Synthetic-d.Dropped != int64(rows) {
				t.Errorf("%s: generation %d: %+v, and %d rows were learned from", c.name, g, d, rows)
			}
			if g == 0 {
				continue
			}
			if full := rows == n; full != c.full || rows >= c.mustBeLess || c.drawn > 0 && d.Synthetic != c.drawn {
				t.Errorf("%s: %d rows of %d draws", c.name, rows, d.Synthetic)
			}
			if short := strings.Contains(rec.Note, "of 200 rows"); short != (!c.full && c.refill > 0) {
				t.Errorf("%s: note %q", c.name, rec.Note)
			}
		}
	}
}

func ptr[T any](x T) *T { return &x }

// What a verifier leaves with refill is the truncated law.
func TestRefilledRowsAreTruncated(t *testing.T) {
	const n = 4000
	_, learned, _ := scalarRun(t, Chain[float64]{Workflow: workflow(t, generate.Replace{}, n, 1), Generations: 1, Refill: 100,
		Interventions: []generate.Intervention[float64]{generate.RegionVerifier{Centre: 1, Radius: 0.7}}})
	mean, variance := num.Variance(learned[0])
	variance *= float64(n-1) / n // maximum likelihood
	sd := math.Sqrt(variance)
	lo, hi := num.NormalCDF((0.3-mean)/sd), num.NormalCDF((1.7-mean)/sd)
	test := evaluate.KolmogorovSmirnov(learned[1], func(x float64) float64 { return (num.NormalCDF((x-mean)/sd) - lo) / (hi - lo) })
	if len(learned[1]) != n || test.D > num.DKW(n, 1e-6) {
		t.Errorf("%d rows, distance %g", len(learned[1]), test.D)
	}
}

// The interventions of a chain decide the same rows whether it is interrupted or not, with refill, weights and
// mixtures.
func TestCheckpointResumesInterventions(t *testing.T) {
	mean := of[float64]{"mean", func(f generate.Fitted[float64]) float64 { return f.(generate.Normal).Mean }, evaluate.Needs{}}
	for name, c := range map[string]Chain[float64]{
		"refill": {Refill: 4, Interventions: []generate.Intervention[float64]{generate.RegionVerifier{Centre: 0.5, Radius: 1}, generate.BestOf{K: 2, Temperature: 1}}},
		"weights": {Interventions: []generate.Intervention[float64]{generate.Detector[float64]{TruePositive: 0.8, FalsePositive: 0.2, Mode: "weight", Bias: 2}},
			Workflow: workflow(t, generate.Mix{Real: generate.RealShare{Share: generate.ConstantSchedule(0.3), Rows: "fresh", Per: "count"}}, 20, 6)},
		"mixture": {Refill: 3, Interventions: []generate.Intervention[float64]{generate.Detector[float64]{TruePositive: 0.6, FalsePositive: 0.1}},
			Workflow: workflow(t, generate.Mix{Real: generate.RealShare{Share: generate.ConstantSchedule(0.3), Rows: "fresh", Per: "draw"}}, 20, 6)},
		"sampling": {Interventions: []generate.Intervention[float64]{generate.Decoding[float64]{Sampling: generate.Sampling{Spread: 0.5}}}},
	} {
		t.Run(name, func(t *testing.T) {
			c.Kind, c.Truth, c.Models = generate.Scalars, []generate.Source[float64]{generate.Normal{Variance: 1}}, []generate.Model[float64]{generate.Gaussian{}}
			if c.Metrics, c.Generations = []evaluate.Metric[float64]{mean}, 6; c.Workflow == nil {
				c.Workflow = workflow(t, generate.Accumulate{}, 20, 6)
			}
			checkpointed(t, c)
		})
	}
}

// twice leaves twice what is wanted.
type twice[E any] struct{}

func (twice[E]) Name() string                                   { return "twice" }
func (twice[E]) Candidates(n int) int                           { return 2 * n }
func (twice[E]) Apply(context.Context, generate.Batch[E]) error { return nil }

// What an oversampler leaves too much of is cut: rows from the end, counts by drawing from them without replacement.
func TestOversampledBlocksAreCut(t *testing.T) {
	records, learned, _ := scalarRun(t, Chain[float64]{Workflow: workflow(t, generate.Replace{}, 30, 2), Generations: 2,
		Interventions: []generate.Intervention[float64]{twice[float64]{}}})
	for g := 1; g <= 2; g++ {
		if d := records[g].Draws[0]; len(learned[g]) != 30 || d.Synthetic != 60 || d.Dropped != 30 {
			t.Errorf("generation %d: %d rows, %+v", g, len(learned[g]), d)
		}
	}
	const n = 10_000
	var shares []float64
	first := of[generate.Histogram]{name: "p1", f: func(f generate.Fitted[generate.Histogram]) float64 {
		shares = append(shares, f.(generate.Frequencies).P[0])
		return 0
	}}
	truth := generate.Frequencies{P: []float64{0.25, 0.75}}
	r, err := Chain[generate.Histogram]{Kind: generate.Histograms, Truth: []generate.Source[generate.Histogram]{truth},
		Models: bindCategorical(t, truth), Workflow: workflow(t, generate.Replace{}, n, 1), Generations: 1,
		Metrics:       []evaluate.Metric[generate.Histogram]{first},
		Interventions: []generate.Intervention[generate.Histogram]{twice[generate.Histogram]{}}}.Compile()
	if err != nil {
		t.Fatal(err)
	}
	for i := range 200 {
		for g, rec := range runCell(t, r, rng.Root(4).Child("replicate", i)) {
			if d := rec.Draws[0]; g == 1 && (d.Synthetic != 2*n || d.Dropped != n) {
				t.Fatalf("%+v", d)
			}
		}
	}
	moved := 0.0 // the step of the share is that of n draws: variance p(1 − p)/n
	for i := 0; i < len(shares); i += 2 {
		z := (shares[i+1] - shares[i]) / math.Sqrt(shares[i]*(1-shares[i])/n)
		moved += z * z
	}
	if p := num.ChiSquaredCDF(moved, 200); p < 1e-5 || p > 1-1e-5 {
		t.Errorf("sum of z² of 200 steps: %g", moved)
	}
}

func bindCategorical(t *testing.T, truth generate.Source[generate.Histogram]) []generate.Model[generate.Histogram] {
	t.Helper()
	m, err := generate.Categorical{}.Bind(truth)
	if err != nil {
		t.Fatal(err)
	}
	return []generate.Model[generate.Histogram]{m}
}

// Counted rows that an intervention thinned are still drawn again: it gave them no weights.
func TestThinnedCountsAreDrawnAgain(t *testing.T) {
	truth := generate.Frequencies{P: []float64{0.25, 0.75}}
	r, err := Chain[generate.Histogram]{Kind: generate.Histograms, Truth: []generate.Source[generate.Histogram]{truth},
		Models: bindCategorical(t, truth), Workflow: workflow(t, generate.AccumulateSubsample{}, 50, 3), Generations: 3,
		Interventions: []generate.Intervention[generate.Histogram]{generate.CountDetector{TruePositive: 0.5}}}.Compile()
	if err != nil {
		t.Fatal(err)
	}
	for g, rec := range runCell(t, r, rng.Root(2)) {
		if g > 0 && (rec.Draws[0].Dropped == 0 || rec.Draws[1].Past != 50) {
			t.Errorf("generation %d: %+v", g, rec.Draws)
		}
	}
}

// A mixture is refilled as a mixture: what is learned from is real with the effective share, not with the planned one.
func TestRefilledMixtureHasTheEffectiveShare(t *testing.T) {
	const n, generations = 1000, 20
	truth := generate.Frequencies{P: []float64{1, 0}} // real draws are of category 0, those of a fit of category 1
	rule := generate.Mix{Real: generate.RealShare{Share: generate.ConstantSchedule(0.2), Rows: "fresh", Per: "draw"}}
	r, err := Chain[generate.Histogram]{Kind: generate.Histograms, Truth: []generate.Source[generate.Histogram]{truth},
		Models: []generate.Model[generate.Histogram]{other{}}, Workflow: workflow(t, rule, n, generations), Generations: generations, Refill: 50,
		Metrics:       []evaluate.Metric[generate.Histogram]{of[generate.Histogram]{name: "real", f: func(f generate.Fitted[generate.Histogram]) float64 { return f.(counted).real }}},
		Interventions: []generate.Intervention[generate.Histogram]{generate.CountDetector{TruePositive: 0.9, FalsePositive: 0.3}}}.Compile()
	if err != nil {
		t.Fatal(err)
	}
	real := 0.0
	for g, rec := range runCell(t, r, rng.Root(6)) {
		d := rec.Draws[0]
		if d.Real+d.Synthetic-d.Dropped != n || strings.Contains(rec.Note, "rows") {
			t.Fatalf("generation %d: %+v %q", g, d, rec.Note)
		}
		if g > 0 {
			real += rec.Values[0].X
		}
	}
	want := evaluate.EffectiveReal(0.2, 0.9, 0.3) // 0.14 of 0.22
	if z := (real - want*n*generations) / math.Sqrt(n*generations*want*(1-want)); math.Abs(z) > 4.5 {
		t.Errorf("%g of %d draws are real, want a share of %g: z = %g", real, n*generations, want, z)
	}
}

// other learns how many draws are of category 0, and draws category 1.
type other struct{}

type counted struct {
	generate.Frequencies
	real float64
}

func (other) Fits() generate.Fitted[generate.Histogram] { return counted{} }
func (other) Fit(_ context.Context, t generate.Task[generate.Histogram]) (generate.Fitted[generate.Histogram], error) {
	f := counted{Frequencies: generate.Frequencies{P: []float64{0, 1}}}
	for row := range t.Train.All() {
		f.real += float64(row[0])
	}
	return f, nil
}

// When nothing is left to learn from the outcome names who dropped it; real rows beside it keep a node going.
func TestNothingLeftNamesTheIntervention(t *testing.T) {
	all := generate.Detector[float64]{TruePositive: 1}
	far := generate.RegionVerifier{Centre: 1e6, Radius: 1}
	for _, c := range []struct {
		ivs    []generate.Intervention[float64]
		refill int
		want   string
	}{
		{[]generate.Intervention[float64]{all}, 0, "stopped: nothing survived detector at generation 1"},
		{[]generate.Intervention[float64]{far, all}, 3, "stopped: nothing survived region_verifier at generation 1"},
	} {
		records, learned, outcome := scalarRun(t, Chain[float64]{Workflow: workflow(t, generate.Replace{}, 20, 3), Generations: 3, Interventions: c.ivs, Refill: c.refill})
		if outcome != c.want || len(learned) != 1 || len(records) != 2 || records[1].Note == "" {
			t.Errorf("%q after %d fits, %d records", outcome, len(learned), len(records))
		}
	}
	rule := generate.Mix{Real: generate.RealShare{Share: generate.ConstantSchedule(0.3), Rows: "fresh", Per: "count"}}
	_, learned, outcome := scalarRun(t, Chain[float64]{Workflow: workflow(t, rule, 20, 3), Generations: 3, Interventions: []generate.Intervention[float64]{all}})
	if outcome != Finished || len(learned[3]) != 6 {
		t.Errorf("%q, %d rows in generation 3, want the 6 real ones", outcome, len(learned[3]))
	}
}

// Rows of a finite source are dealt once: what a detector drops of them stays away, whatever the refill.
func TestFiniteRowsAreNotDrawnAgain(t *testing.T) {
	var l list
	for i := range 100 {
		l.train = append(l.train, float64(1000+i))
	}
	rule := generate.Mix{Real: generate.RealShare{Share: generate.ConstantSchedule(0.5), Rows: "fresh", Per: "count"}}
	c := Chain[float64]{Truth: []generate.Source[float64]{l}, Workflow: workflow(t, rule, 40, 3), Generations: 3, Refill: 20,
		Interventions: []generate.Intervention[float64]{generate.Detector[float64]{TruePositive: 0.5, FalsePositive: 0.4}}}
	_, learned, _ := scalarRun(t, c)
	for g, rows := range learned[1:] {
		var real []float64
		for _, x := range rows {
			if x == math.Floor(x) {
				real = append(real, x)
			}
		}
		slices.Sort(real)
		if len(real) == 0 || len(real) >= 20 || len(slices.Compact(real)) != len(real) || len(rows)-len(real) != 20 {
			t.Errorf("generation %d: %d real rows, %d in all", g+1, len(real), len(rows))
		}
	}
	c.Kind, c.Models = generate.Scalars, []generate.Model[float64]{generate.Gaussian{}}
	rule.Real.Per = "draw"
	if c.Workflow = workflow(t, rule, 20, 2); !refused(c, "dealt once") {
		t.Error("a mixture with dealt rows is refilled")
	}
}

func refused[E any](c Chain[E], why string) bool {
	_, err := c.Compile()
	return err != nil && strings.Contains(err.Error(), why)
}

// What an intervention cannot do to a model is said before the run, by name.
func TestInterventionsAreRefusedBeforeTheRun(t *testing.T) {
	scalars := func(iv generate.Intervention[float64]) Chain[float64] {
		return Chain[float64]{Kind: generate.Scalars, Truth: []generate.Source[float64]{generate.Normal{Variance: 1}}, Models: []generate.Model[float64]{generate.Gaussian{}},
			Workflow: workflow(t, generate.Replace{}, 10, 2), Generations: 2, Interventions: []generate.Intervention[float64]{iv}}
	}
	if !refused(scalars(generate.Decoding[float64]{Sampling: generate.Sampling{TopK: 3}}), "interventions: sampling: a normal: top_k") {
		t.Error("top_k of a normal")
	}
	same := scalars(generate.BestOf{K: 2, Temperature: 1})
	same.Workflow = generate.SameInputs(same.Workflow)
	if !refused(same, "cannot be drawn again") {
		t.Error("candidates of given rows")
	}
	truth, err := generate.Arithmetic{Digits: 1, Operators: "+"}.Open(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	m, err := ngram.Model{Order: 2}.Bind(truth)
	if err != nil {
		t.Fatal(err)
	}
	tokens := Chain[generate.Tokens]{Kind: generate.TokenRows, Truth: []generate.Source[generate.Tokens]{truth}, Models: []generate.Model[generate.Tokens]{m},
		Workflow: workflow(t, generate.Replace{}, 10, 2), Generations: 2}
	for why, iv := range map[string]generate.Intervention[generate.Tokens]{
		"takes no fractional weights": generate.Detector[generate.Tokens]{TruePositive: 0.9, FalsePositive: 0.1, Mode: "weight", Bias: 1},
		"ngram: spread":               generate.Decoding[generate.Tokens]{Sampling: generate.Sampling{Spread: 0.5}},
	} {
		if tokens.Interventions = []generate.Intervention[generate.Tokens]{iv}; !refused(tokens, why) {
			t.Errorf("not refused: %s", why)
		}
	}
	if _, err := (generate.Checker{}).Bind(generate.Source[generate.Tokens](nil)); err == nil || errors.Is(err, ErrNothingLeft) {
		t.Error("a truth that knows nothing of right and wrong was taken")
	}
}
