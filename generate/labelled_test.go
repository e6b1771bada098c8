package generate

import (
	"encoding/json"
	"math"
	"os"
	"testing"

	"modelcollapse/internal/rng"
)

// labelledReference is what testdata/labelled.py computed.
type labelledReference struct {
	LeastSquares []struct {
		fitted
		Rank     int
		Residual float64
	} `json:"least_squares"`
	Logistic []fitted
	Scores   struct {
		X                [][]float64
		Weights          []float64
		Noise, Steepness float64
		Y, Linear        []float64
		Labels, Logistic []float64
	}
}

type fitted struct {
	X        [][]float64
	Y        []float64
	Weights  []float64
	Ridge    float64
	Solution []float64
}

func (f fitted) train() Sample[Labelled] {
	var rows []Labelled
	for i, x := range f.X {
		rows = append(rows, Labelled{x, f.Y[i]})
	}
	return Sample[Labelled]{{Rows: rows, Weight: 1, Weights: f.Weights}}
}

func readLabelled(t testing.TB) (ref labelledReference) {
	t.Helper()
	b, err := os.ReadFile("testdata/labelled.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &ref); err != nil {
		t.Fatal(err)
	}
	if len(ref.LeastSquares)*len(ref.Logistic)*len(ref.Scores.Linear) == 0 {
		t.Fatal("testdata/labelled.json lacks a part")
	}
	return ref
}

// linearTruth opens a truth of weights.
func linearTruth(t testing.TB, c LinearLabels) Linear {
	t.Helper()
	src, err := c.Open(t.Context(), rng.Root(9).Stream())
	if err != nil {
		t.Fatal(err)
	}
	return src.(Linear)
}

func boundLeastSquares(t testing.TB, m LeastSquares, truth Source[Labelled]) LeastSquares {
	t.Helper()
	b, err := m.Bind(truth)
	if err != nil {
		t.Fatal(err)
	}
	return b.(LeastSquares)
}

// farFrom is |got − want| over the size of want, at least 1.
func farFrom(got, want []float64) float64 {
	worst, size := 0.0, 1.0
	for k, w := range want {
		size, worst = max(size, math.Abs(w)), max(worst, math.Abs(got[k]-w))
		if math.IsNaN(got[k]) {
			return math.Inf(1)
		}
	}
	return worst / size
}

// Odd data give fits or clear errors, never panics; what they draw is defined.
func TestLeastSquaresOfOddData(t *testing.T) {
	truth := linearTruth(t, LinearLabels{Dim: 2, Noise: 1, Norm: 1})
	nan, inf := math.NaN(), math.Inf(1)
	for _, c := range []struct {
		rows []Labelled
		why  string
	}{{nil, "inputs of rank 0 of 2"}, {[]Labelled{{[]float64{1, 2}, 3}}, "inputs of rank 1 of 2"}, {[]Labelled{{[]float64{0, 0}, 1}, {[]float64{0, 0}, 2}}, "inputs of rank 0 of 2"},
		{[]Labelled{{[]float64{1, 2}, 3}, {[]float64{1, 2}, 4}}, "inputs of rank 1 of 2"}, {[]Labelled{{[]float64{1, 2}, 3}, {[]float64{2, 1}, 4}}, ""},
		{[]Labelled{{[]float64{nan, 2}, 3}, {[]float64{2, 1}, 4}}, "weights not finite"}, {[]Labelled{{[]float64{1, inf}, 3}}, "weights not finite"},
		{[]Labelled{{[]float64{1, 2}, nan}, {[]float64{2, 1}, 4}}, "weights not finite"}, {[]Labelled{{[]float64{1e308, 2}, 3}, {[]float64{2, 1}, 4}}, "weights not finite"}} {
		for _, m := range []LeastSquares{{}, {Ridge: .5}} {
			b := boundLeastSquares(t, m, truth)
			f, err := b.Fit(t.Context(), Task[Labelled]{Train: Sample[Labelled]{{Rows: c.rows, Weight: 1}}})
			if err != nil {
				t.Fatal(err)
			}
			if why := f.(Degenerate).Degenerate(); why != c.why && m.Ridge == 0 {
				t.Errorf("%v: %q, want %q", c.rows, why, c.why)
			}
			rows, err := f.Draw(t.Context(), nil, 3, rng.Root(1).Stream())
			if err != nil || len(rows) != 3 {
				t.Errorf("%v: %v, %v", c.rows, rows, err)
			}
			s := b.Empty()
			if !f.(StatDrawer[Labelled]).DrawStats(s, 1, rng.Root(1).Stream()) || s.Rows() != 1 {
				t.Error("no statistics of one row")
			}
			f.(Innovator[Labelled]).Innovations(nil, Outcome[Labelled]{N: 1, Stats: s, Fit: f}, nil)
		}
	}
	m := boundLeastSquares(t, LeastSquares{}, truth)
	if _, err := m.Fit(t.Context(), Task[Labelled]{Train: Sample[Labelled]{{Rows: []Labelled{{[]float64{1}, 2}}, Weight: 1}}}); err == nil || err.Error() != "least_squares: row 0 has 1 inputs, want 2" {
		t.Errorf("a row of one input: %v", err)
	}
	if _, err := truth.DrawGiven(t.Context(), nil, []Labelled{{[]float64{1, 2, 3}, 2}}, rng.Root(1).Stream()); err == nil {
		t.Error("a given row of three inputs was labelled")
	}
	if truth.DrawStats(&signedSum{}, 3, nil) || truth.DrawStats(m.Empty(), 0, nil) || truth.DrawStatsGiven(m.Empty(), m.Empty(), 3, nil) {
		t.Error("statistics that cannot be drawn were")
	}
}

func TestLabelledConfigsRefuse(t *testing.T) {
	r, truth := rng.Root(1).Stream(), linearTruth(t, LinearLabels{Dim: 2, Noise: 1, Norm: 1})
	nan, minus := math.NaN(), -1.0
	for i, c := range []Opener[Labelled]{LinearLabels{}, LinearLabels{Dim: 3, Weights: []float64{1}}, LinearLabels{Dim: 2, Noise: -1}, LinearLabels{Dim: 2, Norm: nan}, LinearLabels{Dim: 2, Spectrum: -1},
		LinearLabels{Weights: []float64{1, nan}}, LogisticLabels{}, LogisticLabels{Dim: 1, Norm: math.Inf(1)}, NoisyLabels{}, NoisyLabels{Dim: 2, Error: 1.5}} {
		if _, err := c.Open(t.Context(), r); err == nil {
			t.Errorf("%d: %+v was opened", i, c)
		}
	}
	logistic, _ := LogisticLabels{Dim: 2}.Open(t.Context(), r)
	half, _ := NoisyLabels{Dim: 2}.Open(t.Context(), r)
	for i, c := range []struct {
		m     Bound[Labelled]
		truth Source[Labelled]
	}{{LeastSquares{Ridge: -1}, truth}, {LeastSquares{Ridge: nan}, truth}, {LeastSquares{Anchor: 1.5}, truth}, {LeastSquares{LabelNoise: &minus}, truth}, {LeastSquares{}, logistic},
		{LogisticRegression{Ridge: -1}, logistic}, {LogisticRegression{}, half}, {LogisticRegression{}, truth}, {PlugInClassifier{LabelError: 2}, half}, {PlugInClassifier{}, logistic}} {
		if _, err := c.m.Bind(c.truth); err == nil {
			t.Errorf("%d: %+v was bound", i, c.m)
		}
	}
	f := linearTruth(t, LinearLabels{Weights: []float64{3, 4}})
	if f.Dim() != 2 || f.weights[1] != 4 || math.Abs(linearTruth(t, LinearLabels{Dim: 7, Norm: 3}).SquaredLength(linearTruth(t, LinearLabels{Dim: 7, Norm: 3}).weights)-9) > 1e-14 {
		t.Error("weights are not those of the config")
	}
	if in := newInputs(3, 2); math.Abs(in.SquaredLength([]float64{1, 1, 1})-(1+1./4+1./9)) > 1e-15 || in.Isotropic() {
		t.Errorf("a spectrum of %v", in.sd)
	}
}
