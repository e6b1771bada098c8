package experiments

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"modelcollapse/evaluate"
	"modelcollapse/generate"
	"modelcollapse/internal/rng"
	"modelcollapse/results"
)

// A planted bug makes a chain that is wrong in one way, and is judged against the law that it claims to obey.
type planted struct {
	name              string
	rows, generations int
	chain             func(t *testing.T, p planted) Runner
	most              int // replicates that are enough to see it in nine runs of ten
}

// caught reports whether the verdict at 1 % rejects a run of so many replicates.
func caught(t *testing.T, r Runner, replicates int, seed uint64) bool {
	t.Helper()
	curves, order := map[string]*results.Curves{}, []string(nil)
	for i := range replicates {
		for _, rec := range runCell(t, r, rng.Root(seed).Child("replicate", i)) {
			for _, v := range rec.Values {
				c := curves[v.Series]
				if c == nil {
					c = &results.Curves{Series: v.Series}
					curves[v.Series], order = c, append(order, v.Series)
				}
				for len(c.Lines) <= i {
					c.Lines = append(c.Lines, nil)
				}
				c.Lines[i] = append(c.Lines[i], v.X)
			}
		}
	}
	var looks []evaluate.Look
	for _, name := range order {
		looks = append(looks, evaluate.Steps(name, *curves[name])...)
	}
	return evaluate.Judge(0.01, looks...).Outcome == evaluate.Rejected
}

// enough is how few replicates show a bug in nine runs of ten; 0: not even 200 do.
func (p planted) enough(t *testing.T) int {
	t.Helper()
	for _, n := range []int{1, 2, 3, 5, 10, 20, 50, 100, 200} {
		seen := 0
		for seed := range 10 {
			if caught(t, p.chain(t, p), n, uint64(seed)) {
				seen++
			}
		}
		if seen >= 9 {
			return n
		}
	}
	return 0
}

// plantedRun is a chain of scalars judged by its steps.
func (p planted) run(t *testing.T, truth generate.Source[float64], model generate.Model[float64], rule generate.Rule, judge evaluate.Metric[float64]) Runner {
	t.Helper()
	w, err := rule.Over(generate.Constant(p.rows), p.generations)
	if err != nil {
		t.Fatal(err)
	}
	r, err := Chain[float64]{Kind: generate.Scalars, Truth: []generate.Source[float64]{truth}, Models: []generate.Model[float64]{model},
		Workflow: w, Metrics: []evaluate.Metric[float64]{judge}, Generations: p.generations}.Compile()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// A tampered gaussian draws and fits in another way than it says.
type tampered struct {
	generate.Gaussian
	stream *reuse
	fit    func(generate.Normal) generate.Normal                                      // nil: honest
	draw   func(f generate.Normal, into generate.Stats[float64], n int, r *rand.Rand) // nil: honest
}

func (m tampered) Fits() generate.Fitted[float64] {
	return tamperedFit{Normal: generate.Normal{}, from: m}
}

func (m tampered) FitStats(ctx context.Context, task generate.Task[float64], s generate.Stats[float64]) (generate.Fitted[float64], error) {
	f, err := m.Gaussian.FitStats(ctx, task, s)
	if err != nil {
		return nil, err
	}
	normal := f.(generate.Normal)
	if m.fit != nil {
		normal = m.fit(normal)
	}
	return tamperedFit{normal, m}, nil
}

type tamperedFit struct {
	generate.Normal
	from tampered
}

func (f tamperedFit) DrawStats(into generate.Stats[float64], n int, r *rand.Rand) bool {
	if f.from.stream != nil {
		r = f.from.stream.next()
	}
	if f.from.draw != nil {
		f.from.draw(f.Normal, into, n, r)
		return true
	}
	return f.Normal.DrawStats(into, n, r)
}

// Innovations are those of the normal that it claims to be.
func (f tamperedFit) Innovations(dst []generate.Innovation, o generate.Outcome[float64], u *rand.Rand) []generate.Innovation {
	if next, ok := o.Fit.(tamperedFit); ok {
		o.Fit = next.Normal
	}
	return f.Normal.Innovations(dst, o, u)
}

// reuse hands out the same stream for every so many draws of a cell; the truth begins a cell.
type reuse struct {
	key   uint64
	every int
	draws int
}

func (s *reuse) next() *rand.Rand {
	k := 0
	if s.every > 0 {
		k = s.draws / s.every
	}
	s.draws++
	return rng.Root(s.key).Child("reused", k).Stream()
}

type beginning struct {
	generate.Normal
	stream *reuse
}

func (b beginning) DrawStats(into generate.Stats[float64], n int, r *rand.Rand) bool {
	b.stream.key, b.stream.draws = r.Uint64(), 0
	return b.Normal.DrawStats(into, n, b.stream.next())
}

func (b beginning) Innovations(dst []generate.Innovation, o generate.Outcome[float64], u *rand.Rand) []generate.Innovation {
	if next, ok := o.Fit.(tamperedFit); ok {
		o.Fit = next.Normal
	}
	return b.Normal.Innovations(dst, o, u)
}

// misled judges a chain by another plan than its own, as if the engine had not done what the plan says.
type misled[E any] struct {
	evaluate.OneStep[E]
	plan  *generate.Plan
	parts func([]evaluate.Part[E]) []evaluate.Part[E] // nil: as they are
}

func (m misled[E]) Start(ctx context.Context, r evaluate.Real[E]) (evaluate.Gauge[E], error) {
	r.Plan = m.plan
	g, err := m.OneStep.Start(ctx, r)
	return misledGauge[E]{g, m.parts}, err
}

type misledGauge[E any] struct {
	evaluate.Gauge[E]
	parts func([]evaluate.Part[E]) []evaluate.Part[E]
}

func (g misledGauge[E]) Measure(ctx context.Context, v evaluate.View[E], to evaluate.Sink) error {
	if g.parts != nil {
		v.Parts = g.parts(v.Parts)
	}
	return g.Gauge.Measure(ctx, v, to)
}

func (p planted) plan(t *testing.T, rule generate.Rule) *generate.Plan {
	t.Helper()
	w, err := rule.Over(generate.Constant(p.rows), p.generations)
	if err != nil {
		t.Fatal(err)
	}
	plan, err := generate.Compile(w, p.generations, func(int) bool { return true })
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

var steps = evaluate.OneStep[float64]{}

func bugs() []planted {
	unit := generate.Normal{Variance: 1}
	honest := generate.Replace{}
	reused := func(every int) func(t *testing.T, p planted) Runner {
		return func(t *testing.T, p planted) Runner {
			s := &reuse{every: every}
			return p.run(t, beginning{unit, s}, tampered{stream: s}, honest, steps)
		}
	}
	tamper := func(m tampered) func(t *testing.T, p planted) Runner {
		return func(t *testing.T, p planted) Runner {
			return p.run(t, beginning{unit, &reuse{every: 1}}, m, honest, steps)
		}
	}
	return []planted{
		{"the stream is reused every generation", 20, 30, reused(0), 1},
		{"a stream is shared by pairs of generations", 20, 30, reused(2), 3},
		{"the divisor is M − 1, not M", 20, 30, tamper(tampered{fit: func(f generate.Normal) generate.Normal {
			f.Variance *= 20.0 / 19
			return f
		}}), 50},
		{"the mean is not updated", 20, 30, tamper(tampered{fit: func(f generate.Normal) generate.Normal { f.Mean = 0; return f }}), 1},
		{"one real row leaks in", 20, 100, tamper(tampered{draw: func(f generate.Normal, into generate.Stats[float64], n int, r *rand.Rand) {
			f.DrawStats(into, n-1, r)
			generate.Normal{Variance: 1}.DrawStats(into, 1, r)
		}}), 20},
		{"subsamples are drawn with replacement, not without", 100, 6, func(t *testing.T, p planted) Runner {
			claim := misled[float64]{plan: p.plan(t, generate.AccumulateSubsample{})}
			return p.run(t, unit, generate.Gaussian{}, generate.AccumulateSubsample{Replacement: true}, claim)
		}, 50},
		{"counts are exact, not by draw", 20, 30, func(t *testing.T, p planted) Runner {
			share := generate.RealShare{Share: generate.ConstantSchedule(.3), Rows: "fresh", Per: "count"}
			claim := share
			claim.Per = "draw"
			return p.run(t, unit, generate.Gaussian{}, generate.Mix{Real: share}, misled[float64]{plan: p.plan(t, generate.Mix{Real: claim}), parts: asMixture})
		}, 1},
		{"the design is redrawn, not fixed", 40, 20, redesigned, 50},
	}
}

// asMixture takes two blocks of exact counts for one that was mixed draw by draw: real rows its first origin.
func asMixture(parts []evaluate.Part[float64]) []evaluate.Part[float64] {
	out := append([]evaluate.Part[float64](nil), parts...)
	for i, p := range out {
		if p.Block.Generation == 0 {
			continue
		}
		out[i].Origin = 1 - p.Block.Index
		out[i].Block.Index = 0
	}
	return out
}

// A redesigner labels inputs of its own where the plan gives it those of generation 0.
type redesigner struct{ generate.LeastSquares }

func (m redesigner) Fits() generate.Fitted[generate.Labelled] {
	return redesignedFit{m.LeastSquares.Fits().(generate.Linear)}
}

func (m redesigner) Bind(truth generate.Source[generate.Labelled]) (generate.Model[generate.Labelled], error) {
	b, err := m.LeastSquares.Bind(truth)
	if err != nil {
		return nil, err
	}
	return redesigner{b.(generate.LeastSquares)}, nil
}

func (m redesigner) FitStats(ctx context.Context, task generate.Task[generate.Labelled], s generate.Stats[generate.Labelled]) (generate.Fitted[generate.Labelled], error) {
	f, err := m.LeastSquares.FitStats(ctx, task, s)
	if err != nil {
		return nil, err
	}
	return redesignedFit{f.(generate.Linear)}, nil
}

type redesignedFit struct{ generate.Linear }

func (f redesignedFit) DrawStatsGiven(into, _ generate.Stats[generate.Labelled], n int, r *rand.Rand) bool {
	return f.Linear.DrawStats(into, n, r)
}

func (f redesignedFit) Innovations(dst []generate.Innovation, o generate.Outcome[generate.Labelled], u *rand.Rand) []generate.Innovation {
	if next, ok := o.Fit.(redesignedFit); ok {
		o.Fit = next.Linear
	}
	return f.Linear.Innovations(dst, o, u)
}

func redesigned(t *testing.T, p planted) Runner {
	truth, err := generate.LinearLabels{Dim: 4, Noise: 1, Norm: 1}.Open(t.Context(), rng.Root(1).Stream())
	if err != nil {
		t.Fatal(err)
	}
	model, err := redesigner{generate.LeastSquares{}}.Bind(truth)
	if err != nil {
		t.Fatal(err)
	}
	w, err := generate.Replace{}.Over(generate.Constant(p.rows), p.generations)
	if err != nil {
		t.Fatal(err)
	}
	r, err := Chain[generate.Labelled]{Kind: generate.LabelledRows, Truth: []generate.Source[generate.Labelled]{truth},
		Models: []generate.Model[generate.Labelled]{model}, Workflow: generate.SameInputs(w), Generations: p.generations,
		Metrics: []evaluate.Metric[generate.Labelled]{evaluate.OneStep[generate.Labelled]{}}}.Compile()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Every planted bug is caught, with how few replicates is said; and nothing is, where nothing is planted.
func TestPlantedBugsAreCaught(t *testing.T) {
	for _, p := range bugs() {
		n := p.enough(t)
		t.Logf("%-52s %s", p.name, p.word(n))
		if n == 0 || n > p.most {
			t.Errorf("%s: %s, want at most %d", p.name, p.word(n), p.most)
		}
	}
	honest := planted{"nothing is wrong", 20, 30, func(t *testing.T, p planted) Runner {
		return p.run(t, beginning{generate.Normal{Variance: 1}, &reuse{every: 1}}, tampered{}, generate.Replace{}, steps)
	}, 0}
	alarms := 0
	for seed := range 60 {
		if caught(t, honest.chain(t, honest), 5, uint64(seed)) {
			alarms++
		}
	}
	if alarms > 4 {
		t.Errorf("%d of 60 honest runs were rejected at 1 %%", alarms)
	}
}

func (p planted) word(n int) string {
	if n == 0 {
		return "not with 200 replicates"
	}
	return fmt.Sprintf("%d replicates of %d generations and %d rows", n, p.generations, p.rows)
}

// A chain that is one generation short obeys every law of one step; that its records end early is what tells.
func TestOneGenerationTooFew(t *testing.T) {
	c, s := prepared(t, families[0].config(), "replicates=2")
	e := evidence(t, s, 1)
	e.Arms[0].Short = 1
	j, err := Judge(c.Verdict, e, false)
	if err != nil || j.Outcome != evaluate.Rejected || !strings.Contains(j.Why, "generations off by 1 replicates short of generations") {
		t.Errorf("%v, %v", j.Verdict, err)
	}
	short := Asked{Config: c}
	short.count(true, Finished, c.Generations)
	short.count(true, Finished, c.Generations+1)
	short.count(true, "stopped: nothing survived", 2)
	short.count(false, "", 0)
	if short.Short != 1 || short.Missing != 1 {
		t.Errorf("%+v", short)
	}
}
