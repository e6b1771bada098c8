package evaluate

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"modelcollapse/generate"
	"modelcollapse/internal/rng"
	"modelcollapse/results"
)

// referenceOf reads a file of reference values; the script beside it wrote it.
func referenceOf(t testing.TB, name string, into any) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, into); err != nil {
		t.Fatal(err)
	}
}

// finiteScalars is a source that runs out.
type finiteScalars struct{ rows, held []float64 }

func (s finiteScalars) Draw(context.Context, []float64, int, *rand.Rand) ([]float64, error) {
	return nil, context.Canceled
}
func (s finiteScalars) Rows() []float64    { return s.rows }
func (s finiteScalars) HeldOut() []float64 { return s.held }
func (s finiteScalars) Tune() []float64    { return nil }

// planFor compiles a workflow.
func planFor(t testing.TB, rule generate.Rule, rows, generations int) *generate.Plan {
	t.Helper()
	w, err := rule.Over(generate.Constant(rows), generations)
	if err != nil {
		t.Fatal(err)
	}
	p, err := generate.Compile(w, generations, func(int) bool { return true })
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// gaugeFor starts a metric and measures views in order; the last view's values are returned.
func gaugeFor[E any](t testing.TB, m Metric[E], r Real[E], views ...View[E]) put {
	t.Helper()
	if len(views) > 0 {
		if err := m.Can(views[0].Model); err != nil {
			t.Fatal(err)
		}
	}
	g, err := m.Start(context.Background(), r)
	if err != nil {
		t.Fatal(err)
	}
	p := put{}
	for _, v := range views {
		p = put{}
		if err := g.Measure(context.Background(), v, p); err != nil {
			t.Fatal(err)
		}
	}
	declared(t, m, p)
	return p
}

// declared checks that every series that was put has an axis.
func declared[E any](t testing.TB, m Metric[E], p put) {
	t.Helper()
	for _, a := range m.Axes() {
		if a.Label == "" {
			t.Errorf("%s has no label", a.Series)
		}
	}
	for s := range p {
		if !slices.ContainsFunc(m.Axes(), func(a results.Axis) bool { return a.Covers(s) }) {
			t.Errorf("%T puts %s, which has no axis", m, s)
		}
	}
}

func normalReal(truth generate.Normal) Real[float64] {
	return Real[float64]{Kind: generate.Scalars, Truth: truth, Key: rng.Root(1), Probe: 100}
}
