package evaluate

import (
	"encoding/json"
	"math"
	"os"
	"slices"
	"testing"

	"modelcollapse/generate"
	"modelcollapse/internal/rng"
)

// mixedRows is a truth of tables and so many of its rows.
func mixedRows(t *testing.T, n int, seed uint64) (generate.MixedTruth, []generate.Record) {
	t.Helper()
	src, err := generate.MixedTable{Categories: 40, Exponent: 1, Correlation: .5, Owners: .3}.Open(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := src.Draw(t.Context(), nil, n, rng.Root(seed).Stream())
	if err != nil {
		t.Fatal(err)
	}
	return src.(generate.MixedTruth), rows
}

// finiteTable is rows of which nothing else is known.
type finiteTable struct {
	generate.Source[generate.Record]
	schema generate.Schema
	rows   []generate.Record
}

func (f finiteTable) Schema() generate.Schema      { return f.schema }
func (f finiteTable) Rows() []generate.Record      { return f.rows }
func (finiteTable) HeldOut() []generate.Record     { return nil }
func (finiteTable) Tune() (none []generate.Record) { return none }

// kept is the rows that a test lets pass.
func kept(rows []generate.Record, pass func(generate.Record) bool) (out []generate.Record) {
	for _, row := range rows {
		if pass(row) {
			out = append(out, row)
		}
	}
	return out
}

// Planted holes are found: both tails of a column cut, rare categories deleted, half of the rare mass deleted; by the truth's laws
// and by rows alone.
func TestTableTailsAreMissed(t *testing.T) {
	truth, rows := mixedRows(t, 50_000, 1)
	_, real := mixedRows(t, 50_000, 2)
	p := truth.Probabilities(2)
	limit, _ := tailLimit(p)
	low, high := truth.Quantile(0, .01), truth.Quantile(0, .99)
	for name, source := range map[string]generate.Source[generate.Record]{"laws": truth, "rows": finiteTable{schema: truth.Schema(), rows: real}} {
		r := Real[generate.Record]{Truth: source, Probe: len(rows)}
		whole := gaugeFor(t, TableTailLoss{}, r, View[generate.Record]{Probe: rows})
		for _, series := range []string{"tail_loss", "tail_loss.age", "tail_loss.income", "tail_loss.city", "tail_loss.owner"} {
			if x := whole[series]; !(x >= 0 && x < .08) {
				t.Errorf("%s: %s of real rows is %g", name, series, x)
			}
		}
		cut := gaugeFor(t, TableTailLoss{}, r, View[generate.Record]{Probe: kept(rows, func(row generate.Record) bool { return row[0] > 1.01*low && row[0] < .99*high })})
		if x := cut["tail_loss.age"]; !(x > .75) || cut["tail_loss.worst"] != x {
			t.Errorf("%s: age without its tails: %g, worst %g", name, x, cut["tail_loss.worst"])
		}
		common := kept(rows, func(row generate.Record) bool { return p[int(row[2])] > limit })
		rare := gaugeFor(t, TableTailLoss{}, r, View[generate.Record]{Probe: common})
		lost := gaugeFor(t, LostCategories{}, r, View[generate.Record]{Probe: common})
		if x, all := rare["tail_loss.city"], float64(len(p)+2); x < .95 || math.Abs(lost["lost_categories"]-rareOf(p, limit)/all) > 2/all {
			t.Errorf("%s: without rare cities: tail loss %g, lost %v", name, x, lost)
		}
	}
}

func rareOf(p []float64, limit float64) (n float64) {
	for _, x := range p {
		if x <= limit {
			n++
		}
	}
	return n
}

// By hand: of 4 rows (a, x), (a, x), (b, y), (b, x) the information is ln 4 + Σ over cells less rows less columns; a column
// of one value knows nothing; correlation over the rows that have both numbers.
func TestDependenceByHand(t *testing.T) {
	rows := []generate.Record{{0, 0}, {0, 0}, {1, 1}, {1, 0}}
	want := (2*math.Ln2-2*2*math.Ln2-3*math.Log(3)+4*math.Log(4))/4 - 0.21576155433883557 // sklearn's expected_mutual_information
	if got := informationOf(rows, 0, 1, 2, 2); math.Abs(got-want) > 1e-15 {
		t.Errorf("information %g, want %g", got, want)
	}
	nan := math.NaN()
	numbers := []generate.Record{{1, 2, 5}, {2, 4, 5}, {3, nan, 5}, {nan, 1, 5}, {4, 5, 5}}
	if got := correlationOf(numbers, 0, 1); math.Abs(got-39./42) > 1e-15 { // of (1, 2), (2, 4) and (4, 5)
		t.Errorf("correlation %.17g", got)
	}
	if got := correlationOf(numbers, 0, 2); got != 0 {
		t.Errorf("correlation with a constant %g", got)
	}
}

// What chance alone shows is scikit-learn's (1.2.1) sklearn.metrics.cluster.expected_mutual_information.
func TestChanceInformation(t *testing.T) {
	counts := func(all ...int64) map[int]int64 {
		m := map[int]int64{}
		for i, n := range all {
			m[i] = n
		}
		return m
	}
	var rising []int64
	for n := range int64(40) {
		rising = append(rising, n+1)
	}
	for _, c := range []struct {
		a, b map[int]int64
		n    int64
		want float64
	}{
		{counts(50, 30, 20), counts(50, 50), 100, 0.0102443281368893},
		{counts(2, 2), counts(3, 1), 4, 0.21576155433883557},
		{counts(rising...), counts(115, 123, 117, 117, 109, 120, 119), 820, 0.15614054835687516},
	} {
		if got := chanceInformation(c.a, c.b, c.n); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%.17g, want %.17g", got, c.want)
		}
	}
}

// Columns dealt out anew lose what they said of each other, and a classifier of rows finds it; real rows it cannot tell.
func TestShuffledColumnsAreFound(t *testing.T) {
	truth, rows := mixedRows(t, 3000, 3)
	_, held := mixedRows(t, 3000, 4)
	shuffled := make([]generate.Record, len(rows))
	for i, row := range rows {
		shuffled[i] = generate.Record{row[0], rows[(i+1)%len(rows)][1], rows[(i+2)%len(rows)][2], row[3]}
	}
	r := Real[generate.Record]{Truth: truth, HeldOut: held, Probe: len(rows), Key: rng.Root(5)}
	view := func(rows []generate.Record) View[generate.Record] {
		return View[generate.Record]{Probe: rows, HeldOut: held}
	}
	before, after := gaugeFor(t, PairDependence{}, r, view(rows)), gaugeFor(t, PairDependence{}, r, view(shuffled))
	for _, series := range []string{"pair_dependence.correlation", "pair_dependence.information"} {
		if x, y := before[series], after[series]; !(x < .06 && y > 2*x) {
			t.Errorf("%s: %g of real rows, %g of shuffled ones", series, x, y)
		}
	}
	if x := gaugeFor(t, TwoSample{Rows: 1000}, r, view(rows))["two_sample@1000"]; math.Abs(x-.5) > .05 {
		t.Errorf("real rows are told with accuracy %g", x)
	}
	if x := gaugeFor(t, TwoSample{Rows: 1000}, r, view(shuffled))["two_sample@1000"]; x < .55 {
		t.Errorf("shuffled rows are told with accuracy %g", x)
	}
	narrow := make([]generate.Record, len(rows))
	for i, row := range rows {
		narrow[i] = slices.Clone(row)
		narrow[i][0] = 45 + (row[0]-45)/2
	}
	if x := tellApart(truth.Schema(), narrow[:1000], held[:1000]); x < .6 {
		t.Errorf("a column of half the spread is told with accuracy %g", x)
	}
	constant := slices.Repeat([]generate.Record{{1, 1, 0, 0}}, 1000)
	if x := tellApart(truth.Schema(), constant, constant); x != .5 {
		t.Errorf("equal rows are told with accuracy %g", x)
	}
	if _, err := (TwoSample{Rows: 5000}).Start(t.Context(), r); err == nil {
		t.Error("more rows than there are")
	}
}

// The classifier's weights are scikit-learn's.
func TestRidgeLogisticAgainstScikitLearn(t *testing.T) {
	text, err := os.ReadFile("../generate/testdata/table.json")
	if err != nil {
		t.Fatal(err)
	}
	var all struct {
		Logistic struct {
			X    [][]float64
			Y, W []float64
		}
	}
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	var rows []sparse
	for _, x := range all.Logistic.X {
		var s sparse
		s.put(0, 1)
		for k, v := range x {
			s.put(k+1, v)
		}
		rows = append(rows, s)
	}
	w := ridgeLogistic(rows, all.Logistic.Y, len(all.Logistic.W), 1)
	for k, want := range all.Logistic.W {
		if math.Abs(w[k]-want) > 1e-9 {
			t.Errorf("weight %d is %g, want %g", k, w[k], want)
		}
	}
}

// Missing cells and codes that do not exist end no metric, and lie in no column that has them.
func TestOddRecords(t *testing.T) {
	nan := math.NaN()
	schema := generate.Schema{{Name: "worst", Type: generate.Numeric}, {Name: "a b", Type: generate.Category, Categories: []string{"x", "y"}},
		{Name: "a_b", Type: generate.Numeric}, {Name: "k", Type: generate.Category, Categories: []string{"all"}}}
	if got := columnParts(schema); !slices.Equal(got, []string{"worst_2", "a_b", "a_b_2", "k"}) {
		t.Error(got)
	}
	real := []generate.Record{{nan, 0, 1, 0}, {nan, 1, 1, 0}, {nan, 0, 1, 0}}
	odd := []generate.Record{{nan, nan, nan, 0}, {math.Inf(1), 7, math.Inf(-1), 0}, {0, -1, 0, 1}, {1, .5, nan, 0}}
	r := Real[generate.Record]{Truth: finiteTable{schema: schema, rows: real}, HeldOut: odd, Probe: len(odd), Key: rng.Root(6)}
	for _, m := range []Metric[generate.Record]{TableTailLoss{}, LostCategories{}, PairDependence{}, TwoSample{Rows: 4}} {
		got := gaugeFor(t, m, r, View[generate.Record]{Probe: odd, HeldOut: odd})
		for _, series := range []string{"tail_loss.k", "tail_loss.worst_2", "tail_loss.a_b_2"} {
			if x, ok := got[series]; ok && !math.IsNaN(x) {
				t.Errorf("%s of a column without tails is %g", series, x)
			}
		}
		for _, series := range []string{"tail_loss", "lost_categories", "two_sample@4"} {
			if x, ok := got[series]; ok && !(x >= 0 && x <= 1) {
				t.Errorf("%s is %g", series, x)
			}
		}
	}
}
