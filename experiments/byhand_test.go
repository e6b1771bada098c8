package experiments

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"modelcollapse/evaluate"
	"modelcollapse/generate"
	"modelcollapse/internal/rng"
	"modelcollapse/results"
)

// memory is an Out that remembers.
type memory []results.Record

func (m *memory) Put(r results.Record) error                    { *m = append(*m, r); return nil }
func (m *memory) Attach(int, int, string, string, []byte) error { return nil }

// of is a metric of the fit alone, for tests.
type of[E any] struct {
	name string
	f    func(generate.Fitted[E]) float64
	need evaluate.Needs
}

func (m of[E]) Needs() evaluate.Needs                                              { return m.need }
func (m of[E]) Can(generate.Fitted[E]) error                                       { return nil }
func (m of[E]) Axes() []results.Axis                                               { return nil }
func (m of[E]) Start(context.Context, evaluate.Real[E]) (evaluate.Gauge[E], error) { return m, nil }
func (m of[E]) Measure(_ context.Context, v evaluate.View[E], to evaluate.Sink) error {
	to.Put(m.name, m.f(v.Model))
	return nil
}

func workflow(t *testing.T, r generate.Rule, rows, generations int) generate.Workflow {
	t.Helper()
	w, err := r.Over(generate.Constant(rows), generations)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func runCell(t *testing.T, r Runner, key rng.Key) []results.Record {
	t.Helper()
	var m memory
	if _, err := r.Cell(t.Context(), key, nil, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

func scalarChain(t *testing.T, rule generate.Rule, rows, generations int, m generate.Gaussian, need evaluate.Needs) Runner {
	t.Helper()
	mean := of[float64]{"mean", func(f generate.Fitted[float64]) float64 { return f.(generate.Normal).Mean }, need}
	variance := of[float64]{"variance", func(f generate.Fitted[float64]) float64 { return f.(generate.Normal).Variance }, need}
	r, err := Chain[float64]{Kind: generate.Scalars, Truth: []generate.Source[float64]{generate.Normal{Variance: 1}},
		Models: []generate.Model[float64]{m}, Workflow: workflow(t, rule, rows, generations),
		Metrics: []evaluate.Metric[float64]{mean, variance}, Generations: generations}.Compile()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// The engine over statistics is the loop one would write by hand on the same streams.
func TestReplaceByHandOverStatistics(t *testing.T) {
	const n = 20.0
	r := scalarChain(t, generate.Replace{}, n, 30, generate.Gaussian{}, evaluate.Needs{})
	for i := range 50 {
		root, mu, v := rng.Root(7).Child("replicate", i), 0.0, 1.0
		for g, rec := range runCell(t, r, root) {
			s := root.Child("generation", g).Child("draw", 0).Stream()
			mu += float64(math.Sqrt(v/n) * rng.Normal(s))
			v = float64(v*rng.ChiSquared(s, n-1)) / n
			if rec.Values[0].X != mu || math.Abs(rec.Values[1].X-v) > 1e-15*v {
				t.Fatalf("replicate %d, generation %d: %v, by hand %v %v", i, g, rec.Values, mu, v)
			}
		}
	}
}

// Over rows, with accumulation and the unbiased divisor.
func TestAccumulateByHandOverRows(t *testing.T) {
	const n = 15
	r := scalarChain(t, generate.Accumulate{}, n, 12, generate.Gaussian{Estimator: "unbiased"}, evaluate.Needs{Rows: true})
	root, mu, v := rng.Root(8).Child("replicate", 0), 0.0, 1.0
	var pool []float64
	for g, rec := range runCell(t, r, root) {
		s := root.Child("generation", g).Child("draw", 0).Stream()
		for range n {
			pool = append(pool, mu+math.Sqrt(v)*rng.Normal(s))
		}
		mu, v = 0, 0
		for _, x := range pool {
			mu += x / float64(len(pool))
		}
		for _, x := range pool {
			v += (x - mu) * (x - mu) / float64(len(pool)-1)
		}
		if math.Abs(rec.Values[0].X-mu) > 1e-12 || math.Abs(rec.Values[1].X-v) > 1e-12 {
			t.Fatalf("generation %d: %v, by hand %v %v", g, rec.Values, mu, v)
		}
		if rec.Draws[0] != (results.Realised{Real: int64(n * b2i(g == 0)), Synthetic: int64(n * b2i(g > 0))}) {
			t.Fatalf("generation %d: realised %+v", g, rec.Draws)
		}
	}
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// A histogram chain with a fresh real share, by hand: multinomials of 180 from the last fit and 20 from the truth.
func TestMixByHandOnHistograms(t *testing.T) {
	truth, err := generate.Zipf{Categories: 50, Exponent: 1.2}.Open(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	model, err := generate.Categorical{}.Bind(truth)
	if err != nil {
		t.Fatal(err)
	}
	rule := generate.Mix{Real: generate.RealShare{Share: generate.ConstantSchedule(0.1), Rows: "fresh", Per: "count"}}
	first := of[generate.Histogram]{name: "p1", f: func(f generate.Fitted[generate.Histogram]) float64 { return f.(generate.Frequencies).P[0] }}
	r, err := Chain[generate.Histogram]{Kind: generate.Histograms, Truth: []generate.Source[generate.Histogram]{truth},
		Models: []generate.Model[generate.Histogram]{model}, Workflow: workflow(t, rule, 200, 10),
		Metrics: []evaluate.Metric[generate.Histogram]{first}, Generations: 10}.Compile()
	if err != nil {
		t.Fatal(err)
	}
	p0 := truth.(generate.Distribution).Probabilities()
	root, p := rng.Root(9), p0
	for g, rec := range runCell(t, r, root) {
		k := root.Child("generation", g)
		n := int64(200)
		if g > 0 {
			n = 180
		}
		c := spreadOver(k.Child("draw", 0).Stream(), n, p)
		if g > 0 {
			for i, x := range spreadOver(k.Child("draw", 1).Stream(), 20, p0) {
				c[i] += x
			}
		}
		p = make([]float64, len(c))
		for i, x := range c {
			p[i] = float64(x) / 200
		}
		if rec.Values[0].X != p[0] {
			t.Fatalf("generation %d: %v, by hand %v", g, rec.Values[0].X, p[0])
		}
	}
}

// spreadOver is n draws from p, of which those are drawn that are positive.
func spreadOver(r *rand.Rand, n int64, p []float64) []int64 {
	var at []int
	var living []float64
	for i, x := range p {
		if x > 0 {
			at, living = append(at, i), append(living, x)
		}
	}
	count, c := make([]int64, len(living)), make([]int64, len(p))
	rng.Spread(r, n, living, count, nil)
	for k, i := range at {
		c[i] = count[k]
	}
	return c
}
