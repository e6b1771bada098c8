package evaluate

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"modelcollapse/generate"
	"modelcollapse/internal/num"
	"modelcollapse/internal/rng"
)

func jointOf(t testing.TB, mean []float64, covariance [][]float64) generate.JointNormal {
	t.Helper()
	f, err := generate.NewJointNormal(mean, covariance)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func vectorReal(truth generate.Source[generate.Vector]) Real[generate.Vector] {
	return Real[generate.Vector]{Kind: generate.Vectors, Truth: truth, Key: rng.Root(1), Probe: 100}
}

// finiteVectors is a source that runs out.
type finiteVectors struct{ rows []generate.Vector }

func (s finiteVectors) Draw(context.Context, []generate.Vector, int, *rand.Rand) ([]generate.Vector, error) {
	return nil, context.Canceled
}
func (s finiteVectors) Rows() []generate.Vector    { return s.rows }
func (s finiteVectors) HeldOut() []generate.Vector { return nil }
func (s finiteVectors) Tune() []generate.Vector    { return nil }

func TestVectorW2(t *testing.T) {
	var ref struct {
		Wasserstein struct {
			Cases []struct {
				Mean1, Mean2             []float64
				Covariance1, Covariance2 [][]float64
				Squared                  float64 `json:"w2_squared"`
			} `json:"multivariate_normals"`
		}
	}
	referenceOf(t, "distances.json", &ref)
	for _, c := range ref.Wasserstein.Cases {
		p, q := jointOf(t, c.Mean1, c.Covariance1), jointOf(t, c.Mean2, c.Covariance2)
		got := gaugeFor(t, VectorW2{}, vectorReal(p), View[generate.Vector]{Model: q})["w2.squared"]
		agrees(t, "w2", got, c.Squared, 1e-11)
		agrees(t, "w2, the other way", NormalW2Squared(q, p), c.Squared, 1e-11)
		agrees(t, "itself", NormalW2Squared(q, q), 0, 1e-14)
	}
	point := jointOf(t, []float64{3, 4}, [][]float64{{0, 0}, {0, 0}})
	agrees(t, "to a point", NormalW2Squared(jointOf(t, []float64{0, 0}, [][]float64{{2, 0}, {0, 1}}), point), 25+3, 1e-14)
	if len(ref.Wasserstein.Cases) == 0 {
		t.Error("no reference values")
	}
}

func TestSpreadMetrics(t *testing.T) {
	truth := jointOf(t, []float64{0, 0}, [][]float64{{2, 1}, {1, 2}}) // det 3
	r := vectorReal(truth)
	v := View[generate.Vector]{Model: jointOf(t, []float64{3, 4}, [][]float64{{1, 0}, {0, .5}}),
		Baseline: jointOf(t, []float64{0, 0}, [][]float64{{1, 0}, {0, 1}})}
	p := gaugeFor(t, Trace{}, r, v)
	agrees(t, "trace", p["trace"], .75, 1e-15)
	agrees(t, "trace ratio", p["trace.ratio"], 1.5/4, 1e-15)
	p = gaugeFor(t, LogDet{}, r, v)
	agrees(t, "log det", p["log_det"], math.Log(.5), 1e-15)
	agrees(t, "log det ratio", p["log_det.ratio"], math.Log(.5/3), 1e-14)
	p = gaugeFor(t, VectorLogVarianceRatio{}, r, v)
	agrees(t, "ratio", p["log_variance_ratio"], (math.Log(.5)+math.Log(.25))/2, 1e-14)
	agrees(t, "worst ratio", p["log_variance_ratio.worst"], math.Log(.25), 1e-14)
	p = gaugeFor(t, VectorLogVarianceRatio{Against: "generation_0"}, r, v)
	agrees(t, "worst ratio to generation 0", p["log_variance_ratio.since.worst"], math.Log(.5), 1e-14)
	p = gaugeFor(t, VectorMeanDrift{}, r, v)
	agrees(t, "drift", p["mean_drift"], 5, 1e-15)
	agrees(t, "squared", p["mean_drift.squared"], 25, 1e-15)
	p = gaugeFor(t, VectorTailLoss{}, r, v)
	a, b := NormalTailLoss(0, 2, 3, 1), NormalTailLoss(0, 2, 4, .5)
	agrees(t, "tail loss", p["tail_loss"], (a+b)/2, 1e-14)
	agrees(t, "worst tail loss", p["tail_loss.worst"], max(a, b), 1e-14)
	r.Truth = finiteVectors{[]generate.Vector{{1, 0}, {3, 0}, {1, 4}, {3, 4}}} // mean 2 2, variances 1 4
	agrees(t, "trace of rows", gaugeFor(t, Trace{}, r, v)["trace.ratio"], 1.5/5, 1e-14)
	agrees(t, "drift from rows", gaugeFor(t, VectorMeanDrift{}, r, v)["mean_drift.squared"], 5, 1e-14)
}

func TestVectorTailLossByBins(t *testing.T) {
	rows := make([]generate.Vector, 1000)
	for i := range rows {
		rows[i] = generate.Vector{float64(i), float64(i * 7 % 1000), 5}
	}
	r := vectorReal(finiteVectors{rows})
	m := VectorTailLoss{By: "bins"}
	agrees(t, "itself", gaugeFor(t, m, r, View[generate.Vector]{Probe: rows})["tail_loss"], 0, 1e-12)
	p := gaugeFor(t, m, r, View[generate.Vector]{Probe: rows}, View[generate.Vector]{Generation: 1, Probe: rows[10:]})
	agrees(t, "worst", p["tail_loss.worst"], .5, 1e-2)
	agrees(t, "worst excess", p["tail_loss.worst.excess"], .5, 1e-2)
	if x := p["tail_loss"]; !(x >= .25 && x < .5) {
		t.Errorf("tail loss %g", x)
	}
	truth := jointOf(t, []float64{1, 2}, [][]float64{{4, 0}, {0, 1}})
	probe := make([]generate.Vector, 100000)
	for i := range probe {
		z := num.NormalQuantile((float64(i) + .5) / 1e5)
		probe[i] = generate.Vector{1 + 2*z, 2 + .9*z}
	}
	p = gaugeFor(t, m, vectorReal(truth), View[generate.Vector]{Probe: probe})
	agrees(t, "worst, N(0, .9²)", p["tail_loss.worst"], .5128662653492, 5e-3)
	agrees(t, "mean", p["tail_loss"], .5128662653492/2, 5e-3)
}

// vectorLine is a plan with the truth and the fits of a model.
func vectorLine(t testing.TB, truth generate.JointNormal, m generate.MultivariateGaussian, rule generate.Rule, rows, generations int) Real[generate.Vector] {
	r := vectorReal(truth)
	r.Plan, r.Fits = planFor(t, rule, rows, generations), []generate.Fitted[generate.Vector]{m.Fits()}
	return r
}

func TestVectorLines(t *testing.T) {
	const n, d, g = 100, 3, 9
	truth := jointOf(t, []float64{1, 2, 3}, [][]float64{{2, .6, -.3}, {.6, 1, .4}, {-.3, .4, .5}})
	for _, unbiased := range []bool{false, true} {
		m, ratio, divisor := generate.MultivariateGaussian{}, math.Pow(1-1.0/n, g+1), float64(n)
		error := 1 - ratio
		if unbiased {
			m.Estimator, ratio, divisor, error = "unbiased", 1, n-1, (g+1.0)/n
		}
		r := vectorLine(t, truth, m, generate.Replace{}, n, g)
		lineIs(t, Trace{}, r, "trace", "mean", g, 3.5/3*ratio)
		lineIs(t, Trace{}, r, "trace.ratio", "mean", g, ratio)
		lineIs(t, VectorMeanDrift{}, r, "mean_drift.squared", "mean", g, 3.5*error)
		step := d * math.Log(2/divisor)
		for i := 1; i <= d; i++ {
			step += num.Digamma(float64(n-i) / 2)
		}
		lineIs(t, LogDet{}, r, "log_det.ratio", "mean", g, (g+1)*step)
		lineIs(t, LogDet{}, r, "log_det", "mean", g, (g+1)*step+truth.LogDet())
		lineIs(t, VectorLogVarianceRatio{}, r, "log_variance_ratio", "mean", g, (g+1)*(num.Digamma((n-1)/2.0)-math.Log(divisor/2)))
	}
	r := vectorLine(t, truth, generate.MultivariateGaussian{}, generate.Accumulate{}, n, g)
	product := 1.0
	for i := 1.0; i <= g+1; i++ {
		product *= 1 - 1/(n*i*i)
	}
	lineIs(t, Trace{}, r, "trace.ratio", "mean", g, product)
	noLine(t, LogDet{}, r)
	noLine(t, LogDet{}, vectorLine(t, truth, generate.MultivariateGaussian{}, generate.Replace{}, 3, g)) // singular
	noLine(t, VectorW2{}, vectorLine(t, truth, generate.MultivariateGaussian{}, generate.Replace{}, n, g))
	noLine(t, LogDet{}, vectorLine(t, truth, generate.MultivariateGaussian{}, generate.Window{Generations: 3}, n, g))
}

// Lines of every shape of covariance, against chains.
func TestVectorLinesAgainstChains(t *testing.T) {
	const n, generations, chains = 9, 3, 1500
	correlated := jointOf(t, []float64{0, 0, 0}, [][]float64{{2, .6, -.3}, {.6, 1, .4}, {-.3, .4, .5}})
	round, _ := generate.MultivariateNormal{Dim: 3, Variance: 2}.Open(t.Context(), nil)
	for _, c := range []struct {
		shape string
		truth generate.JointNormal
	}{{"full", correlated}, {"diagonal", correlated}, {"spherical", round.(generate.JointNormal)}} {
		m := generate.MultivariateGaussian{Covariance: c.shape}
		r := vectorLine(t, c.truth, m, generate.Replace{}, n, generations)
		bound, _ := m.Bind(c.truth)
		inc := bound.(generate.MultivariateGaussian)
		samples := map[string][]float64{}
		for i := range chains {
			var f generate.Fitted[generate.Vector] = c.truth
			for g := range generations + 1 {
				s := inc.Empty()
				f.(generate.JointNormal).DrawStats(s, n, rng.Root(9).Child(c.shape, i).Child("generation", g).Stream())
				f, _ = inc.FitStats(t.Context(), generate.Task[generate.Vector]{}, s)
			}
			for _, metric := range []Metric[generate.Vector]{Trace{}, LogDet{}, VectorMeanDrift{}} {
				for series, x := range gaugeFor(t, metric, r, View[generate.Vector]{Model: f}) {
					samples[series] = append(samples[series], x)
				}
			}
		}
		checked := 0
		for _, metric := range []Metric[generate.Vector]{Trace{}, LogDet{}, VectorMeanDrift{}} {
			for _, p := range linesOf(t, metric, r) {
				if p.Generation == generations {
					onLine(t, p, samples[p.Series])
					checked++
				}
			}
		}
		if checked != 5 {
			t.Errorf("%s: %d lines", c.shape, checked)
		}
	}
	// A correlated truth is not what a spherical fit assumes: its log determinant has no line.
	noLine(t, LogDet{}, vectorLine(t, correlated, generate.MultivariateGaussian{Covariance: "spherical"}, generate.Replace{}, n, generations))
}
