package evaluate

import (
	"encoding/json"
	"math"
	"os"
	"testing"
)

// reference is what testdata/laws.py computed, by routes of its own.
type reference struct {
	GaussianReplace, GaussianAccumulate       []gaussianReference
	CategoricalReplace, CategoricalAccumulate []struct {
		Exponent                                                                               float64
		Types, Rows                                                                            int
		TailRanks, Generations                                                                 []int
		TrueEntropy, TrueHeterozygosity                                                        float64
		Heterozygosity, Support, MissingTrueMass, Entropy, HeldoutCrossEntropy, TotalVariation []float64
		TailSupportLost, TailLossOwnProbabilities                                              []float64
	}
	SingleType []struct {
		Probability              float64
		Rows                     int
		Generations              []int
		TailLossOwnProbabilities []float64
		Absent                   []float64
	}
	BernoulliExtinction struct {
		Probability float64
		Rows        int
		Generations []int
		Absent      []float64
	}
	GaltonWatson struct {
		Counts    []int
		Replace   struct{ Survival [][]float64 }
		RealShare []struct {
			Share    float64
			RealRows string
			Survival [][]float64
		}
		Probe []struct {
			ProbeRowsOverTrainingRows float64
			Survival                  [][]float64
		}
		ExtinctFrom15 struct {
			Resamplings []int
			Extinct     []float64
		}
	}
}

func readLaws(t *testing.T) (ref reference) {
	t.Helper()
	b, err := os.ReadFile("testdata/laws.json")
	if err != nil {
		t.Fatal(err)
	}
	var raw any
	if err := json.Unmarshal(b, &raw); err != nil {
		t.Fatal(err)
	}
	if b, err = json.Marshal(camel(raw)); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &ref); err != nil {
		t.Fatal(err)
	}
	if g := ref.GaltonWatson; len(ref.CategoricalReplace)*len(ref.CategoricalAccumulate)*len(ref.SingleType)*len(g.RealShare)*len(g.Probe)*
		len(g.Replace.Survival)*len(g.ExtinctFrom15.Extinct)*len(ref.BernoulliExtinction.Absent) == 0 {
		t.Fatal("testdata/laws.json lacks a law")
	}
	return ref
}

// camel drops the underscores of keys: encoding/json matches names whatever their case.
func camel(x any) any {
	switch x := x.(type) {
	case []any:
		for i := range x {
			x[i] = camel(x[i])
		}
	case map[string]any:
		out := map[string]any{}
		for k, v := range x {
			name := ""
			for _, c := range k {
				if c != '_' {
					name += string(c)
				}
			}
			out[name] = camel(v)
		}
		return out
	}
	return x
}

// relative is a check to 1e-11 of the value; references are rounded to 13 digits.
func relative(t *testing.T, what string, got, want float64) {
	t.Helper()
	agrees(t, what, got, want, 1e-11*math.Abs(want)+1e-300)
}
