package experiments

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"

	"modelcollapse/configs"
	"modelcollapse/evaluate"
	"modelcollapse/generate"
	"modelcollapse/internal/rng"
	"modelcollapse/internal/store"
	"modelcollapse/results"
)

var errKill = errors.New("killed")

// dying is an Out that dies at a generation, after or before it took the record.
type dying struct {
	memory
	at int
}

func (d *dying) Put(r results.Record) error {
	if r.Generation == d.at {
		return errKill
	}
	return d.memory.Put(r)
}

// checkpointed is a chain that stores blocks: kind by kind the same records, interrupted at every generation or not.
func checkpointed[E any](t *testing.T, c Chain[E]) {
	t.Helper()
	c.Checkpoint = true
	r, err := c.Compile()
	if err != nil {
		t.Fatal(err)
	}
	key := rng.Root(11).Child("replicate", 3)
	whole := runCell(t, r, key)
	folder, err := store.Make(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer folder.Close()
	state := folder.Dir("state")
	var all memory
	for g := range c.Generations + 1 {
		d := &dying{at: g + 1}
		_, err := r.Cell(t.Context(), key, state, d)
		if g < c.Generations && !errors.Is(err, errKill) || g == c.Generations && err != nil {
			t.Fatalf("generation %d: %v", g, err)
		}
		if len(d.memory) != 1 {
			t.Fatalf("generation %d: %d records in one life", g, len(d.memory))
		}
		all = append(all, d.memory...)
	}
	if !reflect.DeepEqual([]results.Record(all), whole) {
		t.Fatalf("interrupted:\n%v\nwhole:\n%v", all, whole)
	}
	names, err := state.Names()
	if err != nil || len(names) > 8 {
		t.Errorf("%d names are left: %v (%v): dead blocks were not deleted", len(names), names, err)
	}
}

func TestCheckpointResumesScalars(t *testing.T) {
	for _, rule := range []generate.Rule{generate.Replace{}, generate.Window{Generations: 2}, generate.AccumulateSubsample{},
		generate.Mix{Real: generate.RealShare{Share: generate.ConstantSchedule(0.3), Rows: "resampled", Per: "count"}},
		generate.Mix{Real: generate.RealShare{Share: generate.ConstantSchedule(0.3), Rows: "fixed", Per: "count"}},
		generate.Mix{Real: generate.RealShare{Share: generate.ConstantSchedule(0.3), Rows: "fresh", Per: "draw"}},
		generate.Refresh{Rate: generate.ConstantSchedule(0.3)}, generate.BalancedCycle{}, generate.Fresh{RealWeight: generate.Golden()},
		generate.Network{Topology: "star", Self: 1}} {
		t.Run(fmt.Sprintf("%T", rule), func(t *testing.T) {
			mean := of[float64]{"mean", func(f generate.Fitted[float64]) float64 { return f.(generate.Normal).Mean }, evaluate.Needs{}}
			checkpointed(t, Chain[float64]{Kind: generate.Scalars, Truth: []generate.Source[float64]{generate.Normal{Variance: 1}},
				Models: []generate.Model[float64]{generate.Gaussian{}}, Workflow: workflow(t, rule, 20, 6),
				Metrics: []evaluate.Metric[float64]{mean}, Generations: 6})
		})
	}
}

func TestCheckpointResumesHistograms(t *testing.T) {
	truth, err := generate.Zipf{Categories: 9, Exponent: 1}.Open(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	m, err := generate.Categorical{}.Bind(truth)
	if err != nil {
		t.Fatal(err)
	}
	first := of[generate.Histogram]{name: "p1", f: func(f generate.Fitted[generate.Histogram]) float64 { return f.(generate.Frequencies).P[0] }}
	checkpointed(t, Chain[generate.Histogram]{Kind: generate.Histograms, Truth: []generate.Source[generate.Histogram]{truth},
		Models: []generate.Model[generate.Histogram]{m}, Workflow: workflow(t, generate.AccumulateSubsample{Replacement: true}, 40, 5),
		Metrics: []evaluate.Metric[generate.Histogram]{first}, Generations: 5})
}

// a list is a finite source of scalars.
type list struct{ train, held []float64 }

func (l list) Rows() []float64    { return l.train }
func (l list) HeldOut() []float64 { return l.held }
func (l list) Tune() []float64    { return nil }
func (l list) Draw(context.Context, []float64, int, *rand.Rand) ([]float64, error) {
	return nil, errors.New("a list is dealt")
}

// spy remembers every row that it learned from.
type spy struct {
	generate.Gaussian
	learned *[][]float64
}

func (s spy) Fit(ctx context.Context, t generate.Task[float64]) (generate.Fitted[float64], error) {
	var rows []float64
	for x := range t.Train.All() {
		rows = append(rows, x)
	}
	*s.learned = append(*s.learned, rows)
	return s.Gaussian.Fit(ctx, t)
}

// Real rows that are called fresh, and held-out rows, are never the same row twice.
func TestRealBlocksAreDisjoint(t *testing.T) {
	var l list
	for i := range 100 {
		l.train = append(l.train, float64(1000+i)) // no synthetic row lies on a whole number
	}
	l.held = []float64{2000, 2001}
	var learned [][]float64
	rule := generate.Mix{Real: generate.RealShare{Share: generate.ConstantSchedule(0.25), Rows: "fresh", Per: "count"}}
	c := Chain[float64]{Kind: generate.Scalars, Truth: []generate.Source[float64]{l}, Models: []generate.Model[float64]{spy{learned: &learned}},
		Workflow: workflow(t, rule, 40, 6), Execution: ByRows, Generations: 6}
	r, err := c.Compile()
	if err != nil {
		t.Fatal(err)
	}
	runCell(t, r, rng.Root(1))
	seen := map[float64]int{}
	for _, rows := range learned {
		for _, x := range rows {
			if x == float64(int(x)) {
				seen[x]++
			}
		}
	}
	if len(seen) != 100 {
		t.Errorf("%d real rows were learned from, want 40 + 6 × 10", len(seen))
	}
	for x, n := range seen {
		if n > 1 || x >= 2000 {
			t.Errorf("row %g was dealt %d times", x, n)
		}
	}
	c.Workflow, c.Generations = workflow(t, rule, 40, 7), 7
	var few ErrFewRows
	if _, err := c.Compile(); !errors.As(err, &few) || few != (ErrFewRows{110, 100}) {
		t.Errorf("one generation more: %v", err)
	}
	if n := largest(rule, 100, configs.Config{Generations: 7, Start: "none"}); n != 37 { // 37 + 7 × 9 = 100
		t.Errorf("the largest rows for 7 generations: %d", n)
	}
}
