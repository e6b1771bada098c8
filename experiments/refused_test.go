package experiments

import (
	"context"
	"math"
	"strings"
	"testing"
	"testing/fstest"

	"modelcollapse/configs"
	"modelcollapse/generate"
	"modelcollapse/internal/rng"
)

// preparedError is the error of a config on its way to a run.
func preparedError(t *testing.T, yaml string) error {
	t.Helper()
	l, err := configs.Load(Names().Kinds(), fstest.MapFS{"c.yaml": {Data: []byte(yaml)}}, "c", nil)
	if err != nil {
		return err
	}
	arms, err := l.Arms()
	if err != nil {
		return err
	}
	_, err = Prepare(t.Context(), Names(), l.Config, arms)
	return err
}

// What a workflow cannot do is said before the run, by the key that says it.
func TestWorkflowsRefuseByKey(t *testing.T) {
	const normal = "title: t\ndata: gaussian\nmodel: gaussian\nmetrics: [variance]\ngenerations: 4\nrows: 20\n"
	const text = "title: t\ndata: {kind: markov, words: 50}\nmodel: {kind: ngram, order: 2}\nmetrics: [distinct]\ngenerations: 4\nrows: 20\n"
	for _, c := range []struct{ yaml, why string }{
		{normal + "workflow: {kind: mix, real: {share: 0.01}}", "workflow mix: real.share: 0.01 is less than half a row"},
		{normal + "workflow: {kind: mix, real: {share: [0.5, 0.2]}}", "workflow mix: real.share: a list of 2 for 4 generations"},
		{normal + "workflow: {kind: mix, real: {rows: fixed, share: 0.5}}\ngrowth: {rule: linear}", "workflow mix: real.rows: fixed: 10 real rows are fixed, and generation 1 wants 20"},
		{normal + "workflow: {kind: fresh, real_weight: 1}", "workflow: real_weight: 1: must be at least 0, and below 1"},
		{normal + "workflow: {kind: fresh, real_weight: goldne}", `workflow.real_weight must be a number or "golden"`},
		{normal + "workflow: {kind: augment, real: 21}", "workflow augment: real: 21: generation 0 has only 20"},
		{normal + "workflow: {kind: replay, weight: 1}", "workflow: weight: 1"},
		{normal + "workflow: {kind: refresh, rate: 0}", "workflow refresh: rate: 0 in every generation"},
		{normal + "workflow: {kind: weighted, by: given, weights: [1, -1]}", "workflow.weights[1] must be at least 0, got -1"},
		{normal + "workflow: {kind: weighted, by: given, weights: [1, 1]}", "workflow weighted: weights: 2 of them for generations 0 to 4"},
		{normal + "workflow: {kind: weighted, by: golden_ratio}", "workflow: per: row: golden_ratio weighs whole generations"},
		{strings.Replace(normal, "rows: 20", "rows: 4", 1) + "workflow: balanced", "workflow balanced: rows: 4 rows of generation 4 have no equal parts"},
		{normal + "workflow: {kind: incremental, share: 0.01}", "workflow incremental: share: 0.01 of 20 rows in generation 1 is no row"},
		{normal + "workflow: {kind: expanding, share: {start: 0.5, factor: 0.1}}", "workflow expanding: share: 0.005 of 20 rows in generation 3 is no row"},
		{normal + "workflow: {kind: network, topology: given, trust: [[1, 1], [0, 0]]}", "workflow: trust[1]: node 1 learns from nobody"},
		{normal + "workflow: {kind: network, topology: given, trust: [[1, 1], [1]]}", "workflow: trust[1] has 1 weights for 2 nodes"},
		{normal + "workflow: replace\ngrowth: {rule: geometric, rate: -1}", "growth: rate: -1"},
		{normal + "workflow: replace\ngrowth: {rate: 2}", "growth: rate: 2: constant rows have none"},
		{normal + "workflow: {kind: refresh}\ninputs: same", "workflow refresh: generation 1: draw 0: given rows (inputs: same)"},
		{normal + "workflow: replace\nstart: first", "start: node 0 is handed an earlier fit, and gaussian makes nothing of it"},
		{normal + "workflow: replace\ninputs: same", "generation 1: draw 0: inputs: same: gaussian draws whole rows and has no inputs"},
		{text + "workflow: {kind: replay}", "workflow replay: generation 1: node 0: ngram counts rows"},
		{text + "workflow: {kind: network}", "workflow network: generation 1: node 0: ngram counts rows"},
	} {
		if err := preparedError(t, c.yaml); err == nil || !strings.Contains(err.Error(), c.why) {
			t.Errorf("%s\n%v, want: %s", c.yaml[strings.Index(c.yaml, "workflow"):], err, c.why)
		}
	}
	for _, good := range []string{"workflow: {kind: network, per: row}", "workflow: {kind: refresh, rate: {start: 0.5, factor: 0.5}}", "workflow: balanced",
		"workflow: {kind: weighted, by: given, weights: [2, 1, 1, 1, 1]}", "workflow: {kind: network, per: row}\nmodels: [{kind: ngram, order: 1}]\nturns: {by: node, order: [0, 1, 1]}"} {
		if err := preparedError(t, text+good); err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
}

// starter is a gaussian that remembers the mean of what it was started from.
type starter struct {
	generate.Gaussian
	seen *[]float64
}

func (starter) Starts() {}

func (s starter) FitStats(ctx context.Context, t generate.Task[float64], st generate.Stats[float64]) (generate.Fitted[float64], error) {
	mean := math.NaN()
	if t.Start != nil {
		mean = t.Start.(generate.Normal).Mean
	}
	*s.seen = append(*s.seen, mean)
	return s.Gaussian.FitStats(ctx, t, st)
}

// Every fit after generation 0 is handed the previous fit of its node, or its first, which lives for so long.
func TestFitsStartFromEarlierOnes(t *testing.T) {
	const nodes, generations = 2, 5
	for _, from := range []string{"previous", "first"} {
		var seen []float64
		c := gaussianChain(t, generate.Network{Topology: "ring", Nodes: nodes, Self: 1}, 20, generations, ByStatistics)
		c.Workflow = generate.Started(c.Workflow, from)
		c.Models = []generate.Model[float64]{starter{seen: &seen}}
		r, err := c.Compile()
		if err != nil {
			t.Fatal(err)
		}
		var means [][]float64
		for _, rec := range runCell(t, r, rng.Root(37)) {
			mean, _ := byNode(rec)
			means = append(means, mean)
		}
		for i, start := range seen {
			g, n := i/nodes, i%nodes
			want := math.NaN()
			switch {
			case g == 0:
			case from == "first":
				want = means[0][n]
			default:
				want = means[g-1][n]
			}
			if start != want && !(math.IsNaN(start) && math.IsNaN(want)) {
				t.Errorf("%s: node %d of generation %d started from %v, want %v", from, n, g, start, want)
			}
		}
		if len(seen) != nodes*(generations+1) {
			t.Errorf("%d fits", len(seen))
		}
	}
}
