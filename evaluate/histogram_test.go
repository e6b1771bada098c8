package evaluate

import (
	"context"
	"fmt"
	"maps"
	"math"
	"testing"

	"pgregory.net/rapid"

	"modelcollapse/generate"
)

func histogramMetrics() []Metric[generate.Histogram] {
	return []Metric[generate.Histogram]{HistogramTailLoss{}, TailMass{}, Heterozygosity{}, Support{}, HistogramSupportLoss{From: 1},
		HistogramMissingMass{}, HistogramEntropy{}, TotalVariation{}, KL{Alpha: .5}, CrossEntropy{Alpha: .5}, MemoriserTestError{}, Collapsed{}, Fixation{Rank: 1}}
}

// fitOf is the maximum-likelihood fit of counts, and a view of it.
func fitOf(counts ...int64) View[generate.Histogram] {
	total := int64(0)
	for _, c := range counts {
		total += c
	}
	q := make([]float64, len(counts))
	for i, c := range counts {
		q[i] = float64(c) / float64(total)
	}
	return View[generate.Histogram]{Model: generate.Frequencies{P: q}, Train: generate.Sample[generate.Histogram]{{Rows: []generate.Histogram{counts}, Weight: 1}}}
}

func measureAll(t testing.TB, truth []float64, v View[generate.Histogram], metrics ...Metric[generate.Histogram]) put {
	t.Helper()
	all := put{}
	for _, m := range metrics {
		g, err := m.Start(context.Background(), Real[generate.Histogram]{Truth: generate.Frequencies{P: truth}})
		if err != nil {
			t.Fatal(err)
		}
		p := put{}
		if err := g.Measure(context.Background(), v, p); err != nil {
			t.Fatal(err)
		}
		described(t, m.Axes(), p)
		maps.Copy(all, p)
	}
	return all
}

func TestHistogramMetricsByHand(t *testing.T) {
	// The rarest class is {.03, .03, .04}: .03 + .03 < .1, so the tail is the last three, mass .1.
	truth := []float64{.5, .4, .04, .03, .03}
	p := measureAll(t, truth, fitOf(60, 38, 0, 2, 0), append(histogramMetrics(), HistogramSupportLoss{From: 3, To: 4})...)
	for series, want := range map[string]float64{
		"tail_loss": 1 - .02/.1, "tail_loss.excess": 0, "tail_mass": .2, "heterozygosity": 1 - .36 - .38*.38 - .0004, "support": 3, "missing_mass": .07,
		"support_loss": .5, "entropy": -.6*math.Log(.6) - .38*math.Log(.38) - .02*math.Log(.02),
		"tv": (.1 + .02 + .04 + .01 + .03) / 2, "kl": math.Inf(1),
		"cross_entropy": -.5*math.Log(60.5/102.5) - .4*math.Log(38.5/102.5) - .04*math.Log(.5/102.5) - .03*math.Log(2.5/102.5) - .03*math.Log(.5/102.5),
	} {
		agrees(t, series, p[series], want, 1e-14)
	}
	entropy := 0.0
	for _, x := range truth {
		entropy -= x * math.Log(x)
	}
	agrees(t, "kl.smoothed", p["kl.smoothed"], p["cross_entropy"]-entropy, 1e-14)
	p = measureAll(t, truth, fitOf(40, 40, 10, 5, 5), KL{Alpha: .5})
	agrees(t, "kl", p["kl"], .5*math.Log(.5/.4)+.04*math.Log(.4)+.06*math.Log(.6), 1e-14)
}

// A fit that is the truth has lost nothing; whatever the fit, shares lie in [0, 1], KL in [0, ∞], and the order of the
// categories does not matter.
func TestHistogramMetricLaws(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		k := rapid.IntRange(1, 30).Draw(rt, "categories")
		counts := func(label string) []int64 {
			c := rapid.SliceOfN(rapid.Int64Range(0, 20), k, k).Draw(rt, label)
			c[0]++ // at least one
			return c
		}
		truth, counted := fitOf(counts("truth")...), counts("fit")
		p := truth.Model.(generate.Frequencies).P
		same := measureAll(t, p, truth, histogramMetrics()...)
		for _, s := range []string{"tail_loss", "support_loss", "missing_mass", "tv", "kl"} {
			agrees(t, s+" of the truth", same[s], 0, 1e-14)
		}
		agrees(t, "tail mass of the truth", same["tail_mass"], 1, 1e-14)
		got := measureAll(t, p, fitOf(counted...), histogramMetrics()...)
		for _, s := range []string{"tail_loss", "support_loss", "missing_mass", "tv", "heterozygosity"} {
			if x := got[s]; !(x >= -1e-15 && x <= 1+1e-15) {
				rt.Errorf("%s = %g", s, x)
			}
		}
		if !(got["kl"] >= -1e-15) || !(got["kl.smoothed"] >= -1e-15) || got["entropy"] > math.Log(float64(k))+1e-12 {
			rt.Errorf("%v", got)
		}
		back := make([]float64, k)
		backCounts := make([]int64, k)
		for i := range k {
			back[i], backCounts[i] = p[k-1-i], counted[k-1-i]
		}
		for s, x := range measureAll(t, back, fitOf(backCounts...), histogramMetrics()...) {
			if s != "fixation" { // of equal chances the first has the rank, in either order
				agrees(t, s+" in another order", x, got[s], 1e-13)
			}
		}
	})
}

func TestHistogramMetricsRefuse(t *testing.T) {
	r := Real[generate.Histogram]{Truth: generate.Frequencies{P: []float64{.5, .5}}}
	for _, m := range histogramMetrics() {
		if err := m.Can(generate.Frequencies{}); err != nil {
			t.Error(err)
		}
		if m.Can(nil) == nil {
			t.Errorf("%T: a model without probabilities", m)
		}
		if _, err := m.Start(context.Background(), Real[generate.Histogram]{}); err == nil {
			t.Errorf("%T: a truth without probabilities", m)
		}
		g, err := m.Start(context.Background(), r)
		if err != nil {
			t.Fatal(err)
		}
		if err := g.Measure(context.Background(), fitOf(1, 2, 3), put{}); err == nil {
			t.Errorf("%T: three categories of two", m)
		}
	}
	for _, m := range []Metric[generate.Histogram]{Fixation{}, Fixation{Rank: 3}, HistogramSupportLoss{From: 2, To: 1}, HistogramSupportLoss{From: 1, To: 3}, HistogramSupportLoss{}, KL{}, CrossEntropy{Alpha: -1}} {
		if _, err := m.Start(context.Background(), r); err == nil {
			t.Errorf("%+v is accepted", m)
		}
	}
	// A fit of nothing: NaN and Inf are results.
	measureAll(t, []float64{.5, .5}, View[generate.Histogram]{Model: generate.Frequencies{P: []float64{0, 0}}}, histogramMetrics()...)
}

// What is left in the end, and how far a fit is from the first.
func TestCollapsedAndDrift(t *testing.T) {
	truth := []float64{.2, .5, .3}
	for _, c := range []struct {
		counts          []int64
		collapsed, rank float64
	}{{[]int64{3, 3, 0}, 0, 0}, {[]int64{0, 7, 0}, 1, 1}, {[]int64{0, 0, 7}, 1, 0}} {
		p := measureAll(t, truth, fitOf(c.counts...), Collapsed{}, Fixation{Rank: 1})
		if p["collapsed"] != c.collapsed || p["fixation"] != c.rank {
			t.Errorf("%v: %v", c.counts, p)
		}
	}
	g, err := Drift{}.Start(t.Context(), Real[generate.Histogram]{Truth: generate.Frequencies{P: truth}})
	if err != nil {
		t.Fatal(err)
	}
	v, p := fitOf(1, 1, 2), put{}
	v.Baseline = fitOf(2, 1, 1).Model
	if err := g.Measure(t.Context(), v, p); err != nil || p["drift"] != .125 {
		t.Errorf("%v %v", p, err)
	}
	v.Baseline = nil
	if err := g.Measure(t.Context(), v, p); err == nil {
		t.Error("no first fit")
	}
	if _, err := (Drift{}).Start(t.Context(), Real[generate.Histogram]{}); err == nil || !(Drift{}).Needs().Baseline {
		t.Error("drift needs a truth and the first fit")
	}
}

func BenchmarkHistogramMetrics(b *testing.B) {
	const k = 1_000_000
	truth := zipfTruth(b, k, 1)
	counts := make([]int64, k)
	for i, p := range truth.P {
		counts[i] = int64(p * 1e7)
	}
	v := fitOf(counts...)
	for _, m := range histogramMetrics() {
		g, err := m.Start(context.Background(), Real[generate.Histogram]{Truth: truth})
		if err != nil {
			b.Fatal(err)
		}
		b.Run(fmt.Sprintf("%T", m), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := g.Measure(context.Background(), v, put{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
