package experiments

import (
	"math"
	"strings"
	"testing"

	"modelcollapse/evaluate"
	"modelcollapse/generate"
	"modelcollapse/generate/ngram"
	"modelcollapse/internal/rng"
)

func markovAndNgrams(t *testing.T, orders ...int) (generate.Source[generate.Tokens], []generate.Model[generate.Tokens]) {
	t.Helper()
	truth, err := generate.Markov{Words: 60, Successors: 6, Exponent: 1, Length: 7}.Open(t.Context(), rng.Root(5).Stream())
	if err != nil {
		t.Fatal(err)
	}
	var models []generate.Model[generate.Tokens]
	for _, order := range orders {
		m, err := ngram.Model{Order: order, Smoothing: ngram.None}.Bind(truth)
		if err != nil {
			t.Fatal(err)
		}
		models = append(models, m)
	}
	return truth, models
}

// likelihood is a number of an n-gram fit: the log likelihood of some rows that every fit can draw, its own.
func likelihood(t *testing.T) of[generate.Tokens] {
	return of[generate.Tokens]{name: "nats", f: func(f generate.Fitted[generate.Tokens]) (total float64) {
		rows, err := f.Draw(t.Context(), nil, 20, rng.Root(6).Stream())
		if err != nil {
			t.Fatal(err)
		}
		nats := make([]float64, len(rows))
		if err := f.(generate.Scorer[generate.Tokens]).Score(t.Context(), rows, nats); err != nil {
			t.Fatal(err)
		}
		for _, x := range nats {
			total += x
		}
		return total
	}}
}

// Counts of n-grams follow every workflow that weighs rows by whole numbers, and learn from the whole budget; the rest is refused
// by a message that says which workflow, and what to use.
func TestWorkflowsOnTokens(t *testing.T) {
	const rows, generations = 24, 4
	truth, models := markovAndNgrams(t, 2)
	chain := func(name string, rule generate.Rule) Chain[generate.Tokens] {
		return Chain[generate.Tokens]{Kind: generate.TokenRows, Truth: []generate.Source[generate.Tokens]{truth}, Models: models, Rule: name,
			Workflow: workflow(t, rule, rows, generations), Metrics: []evaluate.Metric[generate.Tokens]{likelihood(t)}, Generations: generations}
	}
	for name, rule := range newRules() {
		r, err := chain(name, rule).Compile()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for g, rec := range runCell(t, r, rng.Root(33)) {
			for i, d := range rec.Draws {
				if n := d.Real + d.Synthetic + d.Past; n != int64(r.Plan().Steps[g].Draws[i].Rows) {
					t.Errorf("%s: draw %d of generation %d has %d rows of %d", name, i, g, n, r.Plan().Steps[g].Draws[i].Rows)
				}
			}
			for _, v := range rec.Values {
				if !(v.X < 0) || math.IsInf(v.X, 0) {
					t.Errorf("%s: node %d of generation %d draws rows of %g nats", name, v.Node, g, v.X)
				}
			}
		}
	}
	for name, rule := range weighedRules() {
		_, err := chain(name, rule).Compile()
		if err == nil {
			t.Errorf("%s: counts took fractional weights", name)
			continue
		}
		for _, want := range []string{"workflow " + name + ": generation 1: node 0: ngram.Model counts rows", "whole numbers (per: row)", "mix, fresh, refresh, balanced or incremental"} {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

// N-grams of order 3, 2 and 1 take turns: the engine, by statistics that blocks share, equals the loop by hand; and each node of
// a network has an architecture of its own.
func TestArchitecturesTakeTurns(t *testing.T) {
	const rows, generations = 30, 7
	truth, models := markovAndNgrams(t, 3, 2, 1)
	metric := likelihood(t)
	for _, accumulate := range []bool{false, true} {
		var rule generate.Rule = generate.Replace{}
		if accumulate {
			rule = generate.Accumulate{}
		}
		r, err := Chain[generate.Tokens]{Kind: generate.TokenRows, Truth: []generate.Source[generate.Tokens]{truth}, Models: models,
			Workflow: generate.Turns(workflow(t, rule, rows, generations), false, []int{0, 1, 2}), Metrics: []evaluate.Metric[generate.Tokens]{metric}, Generations: generations}.Compile()
		if err != nil {
			t.Fatal(err)
		}
		root, from, learned := rng.Root(34), truth, generate.Sample[generate.Tokens](nil)
		for g, rec := range runCell(t, r, root) {
			drawn, err := from.Draw(t.Context(), nil, rows, root.Child("generation", g).Child("draw", 0).Stream())
			if err != nil {
				t.Fatal(err)
			}
			if !accumulate {
				learned = nil
			}
			learned = append(learned, generate.Span[generate.Tokens]{Rows: drawn, Weight: 1})
			f, err := models[g%3].Fit(t.Context(), generate.Task[generate.Tokens]{Train: learned})
			if err != nil {
				t.Fatal(err)
			}
			if want := metric.f(f); rec.Values[0].X != want {
				t.Fatalf("accumulate %v, generation %d: %v, by hand %v", accumulate, g, rec.Values[0].X, want)
			}
			from = f
		}
	}
}

// Every node of a network has an architecture of its own, and learns from the rows of all.
func TestNodesHaveArchitectures(t *testing.T) {
	const rows, generations = 30, 3
	truth, models := markovAndNgrams(t, 3, 2, 1)
	metric := likelihood(t)
	r, err := Chain[generate.Tokens]{Kind: generate.TokenRows, Truth: []generate.Source[generate.Tokens]{truth}, Models: models,
		Workflow: generate.Turns(workflow(t, generate.Network{Topology: "ring", Self: 1, Per: "row"}, rows, generations), true, []int{0, 1, 2}),
		Metrics:  []evaluate.Metric[generate.Tokens]{metric}, Generations: generations}.Compile()
	if err != nil {
		t.Fatal(err)
	}
	root, from := rng.Root(35), []generate.Source[generate.Tokens]{truth, truth, truth}
	for g, rec := range runCell(t, r, root) {
		var all generate.Sample[generate.Tokens]
		for n := range from {
			drawn, err := from[n].Draw(t.Context(), nil, rows, root.Child("generation", g).Child("draw", n).Stream())
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, generate.Span[generate.Tokens]{Rows: drawn, Weight: 1})
		}
		for n := range from {
			train := all
			if g == 0 {
				train = all[n : n+1]
			}
			f, err := models[n].Fit(t.Context(), generate.Task[generate.Tokens]{Train: train})
			if err != nil {
				t.Fatal(err)
			}
			if want := metric.f(f); rec.Values[n].X != want {
				t.Fatalf("node %d of generation %d: %v, by hand %v", n, g, rec.Values[n].X, want)
			}
			from[n] = f
		}
	}
}
