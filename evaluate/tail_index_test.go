package evaluate

import (
	"context"
	"math"
	"testing"

	"modelcollapse/generate"
)

// ln n − ψ(n) of scipy.special.digamma at 10 and 100 rows; nothing is said of another plan, another scale or what is not replace.
func TestParetoReplace(t *testing.T) {
	truth := generate.Pareto{Index: 2.5, Scale: 3}
	real := func(rule generate.Rule, rows int, scale float64) Real[float64] {
		w, err := rule.Over(generate.Constant(rows), 9)
		if err != nil {
			t.Fatal(err)
		}
		p, err := generate.Compile(w, 9, func(int) bool { return true })
		if err != nil {
			t.Fatal(err)
		}
		return Real[float64]{Truth: truth, Plan: p, Fits: []generate.Fitted[float64]{generate.Pareto{Scale: scale}}}
	}
	for rows, step := range map[int]float64{10: 2.302585092994046 - 2.251752589066721, 100: 4.605170185988092 - 4.600161852738087} {
		lines, err := ParetoReplace{}.Predict(t.Context(), real(generate.Replace{}, rows, 3))
		if err != nil || len(lines) != 10 {
			t.Fatalf("%d lines, %v", len(lines), err)
		}
		for g, l := range lines {
			if want := 2.5 * math.Exp(float64(g+1)*step); math.Abs(l.X-want) > 1e-12*want || l.Functional != "mean of ln" {
				t.Errorf("%d rows, generation %d: %+v, want %g", rows, g, l, want)
			}
		}
	}
	if _, err := (ParetoReplace{}).Predict(t.Context(), real(generate.Accumulate{}, 10, 3)); err == nil {
		t.Error("a line under accumulate")
	}
	if lines, _ := (ParetoReplace{}).Predict(t.Context(), real(generate.Replace{}, 10, 2)); len(lines) > 0 {
		t.Error("a line for a fit of another scale")
	}
}

// The metric puts the index of the fit, and refuses a fit without one.
func TestTailIndex(t *testing.T) {
	if (TailIndex{}).Can(generate.Normal{}) == nil {
		t.Error("a normal has a tail index")
	}
	g, err := TailIndex{}.Start(t.Context(), Real[float64]{})
	if err != nil {
		t.Fatal(err)
	}
	var got indexSink
	if err := g.Measure(context.Background(), View[float64]{Model: generate.Pareto{Index: 1.7, Scale: 1}}, &got); err != nil || got != 1.7 {
		t.Errorf("%v, %v", got, err)
	}
}

type indexSink float64

func (s *indexSink) Put(_ string, x float64)     { *s = indexSink(x) }
func (*indexSink) Attach(string, string, []byte) {}
