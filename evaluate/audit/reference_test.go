package audit

import (
	"encoding/json"
	"math"
	"os"
	"slices"
	"testing"

	"modelcollapse/evaluate"
	"modelcollapse/generate"
	"modelcollapse/generate/read"
)

// referenceValues is what testdata/audit.py wrote.
type referenceValues struct {
	X, Y                             []float64
	A, B, A2, B2                     []uint32
	KS, TV, AUC, Correlation, Vendi2 float64
	TPR, Information, Ratio, Exact   []float64
	Distances, Design                [][]float64
	Target, Ridge                    []float64
}

// twoSets is the reference's columns as a table: x and y below each other, a and b, and their partners.
func twoSets(t *testing.T) (r referenceValues, d *table, s Split) {
	t.Helper()
	text, err := os.ReadFile("testdata/audit.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &r); err != nil {
		t.Fatal(err)
	}
	set := func(x []float64, a, partner []uint32) *read.Frame {
		names := []string{"k0", "k1", "k2", "k3", "k4", "k5"}
		return &read.Frame{Rows: len(x), Columns: []read.Column{{Name: "x", Type: read.Numeric, Numbers: x}, {Name: "a", Type: read.Category, Codes: a, Categories: names},
			{Name: "partner", Type: read.Category, Codes: partner, Categories: names}}}
	}
	if d, err = tableOf(Tables{Real: set(r.X, r.A, r.A2), Synthetic: set(r.Y, r.B, r.B2)}); err != nil {
		t.Fatal(err)
	}
	s.Side = slices.Concat(slices.Repeat([]Side{Reference}, len(r.X)), slices.Repeat([]Side{Candidate}, len(r.Y)))
	return r, d, s
}

func near(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if !(math.Abs(got-want) <= within*max(1, math.Abs(want))) {
		t.Errorf("%s: %.12g, want %.12g", what, got, want)
	}
}

// Statistics are those of scipy and scikit-learn.
func TestAgainstScipy(t *testing.T) {
	r, d, s := twoSets(t)
	c := d.columns[0].count(s.Side)
	near(t, "ks", c.gap, r.KS, 1e-12)
	c = d.columns[1].countCodes(s.Side)
	near(t, "tv", c.gap, r.TV, 1e-12)
	x, y := slices.Clone(r.X), slices.Clone(r.Y)
	near(t, "area", area(x, y), r.AUC, 1e-12)
	for k, share := range []float64{0.01, 0.1, 0.5} {
		near(t, "true positives", truePositives(x, y, share), r.TPR[k], 1e-12)
	}
	p := pairsOf(d, few{joined: upTo(0, len(s.Side)), alone: []int{0}})
	near(t, "information", p.information(1, 2, p.joined, s.Side), r.Information[1]-r.Information[0], 1e-12)
	near(t, "ratio", p.ratio(0, 1, p.joined, s.Side), r.Ratio[1]-r.Ratio[0], 1e-12)
	low, high := clopperPearson(3, 120)
	near(t, "low", low, r.Exact[0], 1e-9)
	near(t, "high", high, r.Exact[1], 1e-9)
	square := make([][]float32, len(r.Distances))
	for i, line := range r.Distances {
		for _, x := range line[:i] {
			square[i] = append(square[i], float32(math.Exp(-2*x)))
		}
	}
	near(t, "vendi", vendi(square, slices.Repeat([]Side{Candidate}, len(square))), r.Vendi2, 1e-6)
	var rows []evaluate.Features
	for _, line := range r.Design {
		rows = append(rows, evaluate.Features{At: upTo(0, len(line)+1), X: append([]float64{1}, line...)})
	}
	for k, w := range ridgeFit(rows, r.Target, len(r.Ridge)) {
		near(t, "ridge", w, r.Ridge[k], 1e-7)
	}
	// Correlation of pairs of columns, here on the candidate side alone: the reference has no second number.
	two := &table{schema: generate.Schema{{Name: "y", Type: generate.Numeric}, {Name: "x", Type: generate.Numeric}},
		columns: []column{{name: "y", x: r.Y}, {name: "x", x: r.X}}, real: len(r.X)}
	for j := range two.columns {
		two.columns[j].sort(len(r.X))
	}
	p = pairsOf(two, few{joined: upTo(0, len(r.X)), alone: []int{0}})
	near(t, "correlation", p.correlation(0, 1, p.joined, s.Side[len(r.X):]), r.Correlation, 1e-12)
}

// finite is real rows as a truth that ends.
type finite struct {
	generate.Source[generate.Record]
	d *table
}

func (f finite) Schema() generate.Schema      { return f.d.schema }
func (f finite) Rows() []generate.Record      { return f.d.rows[:f.d.real] }
func (finite) HeldOut() []generate.Record     { return nil }
func (finite) Tune() (none []generate.Record) { return none }

// sink keeps what a metric puts.
type sink map[string]float64

func (s sink) Put(series string, x float64) { s[series] = x }
func (sink) Attach(string, string, []byte)  {}

// Tail loss and lost categories are those that the metrics of a run measure of the same rows.
func TestTailsAreThoseOfRuns(t *testing.T) {
	d, err := tableOf(Tables{Real: frame(t, csvOf(people(3000, 1))), Synthetic: frame(t, csvOf(people(2000, 2)))})
	if err != nil {
		t.Fatal(err)
	}
	got := sink{}
	for _, m := range []evaluate.Metric[generate.Record]{evaluate.TableTailLoss{}, evaluate.LostCategories{}} {
		g, err := m.Start(t.Context(), evaluate.Real[generate.Record]{Truth: finite{d: d}, Probe: d.synth})
		if err != nil {
			t.Fatal(err)
		}
		if err := g.Measure(t.Context(), evaluate.View[generate.Record]{Probe: d.rows[d.real:]}, got); err != nil {
			t.Fatal(err)
		}
	}
	m := marginsOf(d)
	own := make([]float64, len(m.all))
	m.Measure(Split{Side: slices.Concat(slices.Repeat([]Side{Reference}, d.real), slices.Repeat([]Side{Candidate}, d.synth))}, own)
	seen := 0
	for k, s := range m.all {
		if want, ok := got[s.Name]; ok {
			near(t, s.Name, own[k], want, 1e-9)
			seen++
		}
	}
	if seen != 9 {
		t.Errorf("%d statistics are compared, want 9: %v", seen, got)
	}
}
