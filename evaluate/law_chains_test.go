package evaluate

import (
	"context"
	"math"
	"testing"

	"modelcollapse/generate"
	"modelcollapse/internal/rng"
)

// Every exact metric against its line: chains of categories by hand, in z. Means over 400 chains.
func TestCategoricalLinesAgainstChains(t *testing.T) {
	const rows, last, chains = 60, 8, 400
	truth := zipfTruth(t, 30, 1)
	metrics := []Metric[generate.Histogram]{HistogramTailLoss{}, TailMass{}, Heterozygosity{}, Support{}, HistogramSupportLoss{From: 11, To: 30},
		HistogramMissingMass{}, HistogramEntropy{}, TotalVariation{}, KL{Alpha: .5}, CrossEntropy{Alpha: .5}}
	for name, rule := range map[string]generate.Rule{"replace": generate.Replace{}, "accumulate": generate.Accumulate{},
		"mix": generate.Mix{Real: generate.RealShare{Share: generate.ConstantSchedule(.2), Rows: "fresh", Per: "draw"}}} {
		real := Real[generate.Histogram]{Truth: truth, Plan: compiledPlan(t, rule, rows, last)}
		sums := sumChains(t, metrics, real, truth, name, chains)
		lines := 0
		for _, m := range metrics {
			for series, line := range predict(t, m, real) {
				lines++
				for g, p := range line {
					if mean, se := sums[seriesAt{series, g}].mean(chains); math.Abs(mean-p.X) > 4*se+1e-12 {
						t.Errorf("%s: %s, generation %d: mean %.5g, line %.5g, z %.1f", name, series, g, mean, p.X, (mean-p.X)/se)
					}
				}
			}
		}
		if name == "replace" && lines != 11 || lines < 2 {
			t.Errorf("%s: %d lines", name, lines)
		}
	}
}

type seriesAt struct {
	series     string
	generation int
}

// twoSums are the sums of values and of their squares.
type twoSums struct{ x, xx float64 }

func (s twoSums) mean(n float64) (mean, se float64) {
	mean = s.x / n
	return mean, math.Sqrt(math.Max(0, s.xx/n-mean*mean) / (n - 1))
}

func sumChains(t *testing.T, metrics []Metric[generate.Histogram], r Real[generate.Histogram], truth generate.Frequencies, name string, chains int) map[seriesAt]twoSums {
	sums := map[seriesAt]twoSums{}
	for c := range chains {
		gauges := startAll(t, metrics, r)
		runCategories(r.Plan, truth, rng.Root(7).Child(name, c), func(v View[generate.Histogram]) {
			p := put{}
			for _, g := range gauges {
				if err := g.Measure(context.Background(), v, p); err != nil {
					t.Fatal(err)
				}
			}
			for series, x := range p {
				s := sums[seriesAt{series, v.Generation}]
				sums[seriesAt{series, v.Generation}] = twoSums{s.x + x, s.xx + x*x}
			}
		})
	}
	return sums
}

func startAll(t testing.TB, metrics []Metric[generate.Histogram], r Real[generate.Histogram]) (gauges []Gauge[generate.Histogram]) {
	for _, m := range metrics {
		g, err := m.Start(context.Background(), r)
		if err != nil {
			t.Fatal(err)
		}
		gauges = append(gauges, g)
	}
	return gauges
}

// runCategories executes a plan whose draws are from the truth or the last fit.
func runCategories(p *generate.Plan, truth generate.Frequencies, key rng.Key, each func(View[generate.Histogram])) {
	r := key.Stream()
	blocks := map[generate.At]generate.Histogram{}
	var fit generate.Frequencies
	for g, s := range p.Steps {
		for i, d := range s.Draws {
			h := make(generate.Histogram, len(truth.P))
			for range d.Rows {
				from := fit
				if u := r.Float64(); d.From[0].Truth && u < d.From[0].Chance() {
					from = truth
				}
				u, k := r.Float64(), 0
				for u -= from.P[k]; u >= 0 && k < len(h)-1; u -= from.P[k] {
					k++
				}
				h[k]++
			}
			blocks[generate.At{Generation: g, Index: i}] = h
		}
		m, _ := generate.Categorical{}.Bind(truth)
		st := m.(generate.Incremental[generate.Histogram]).Empty()
		for at, w := range s.Lessons[0].Each {
			st.Add(generate.Span[generate.Histogram]{Rows: []generate.Histogram{blocks[at]}, Weight: w})
		}
		f, _ := m.(generate.Incremental[generate.Histogram]).FitStats(context.Background(), generate.Task[generate.Histogram]{}, st)
		fit = f.(generate.Frequencies)
		each(View[generate.Histogram]{Generation: g, Model: fit, Stats: st})
	}
}
