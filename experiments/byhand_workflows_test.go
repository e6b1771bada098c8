package experiments

import (
	"math"
	"math/rand/v2"
	"testing"

	"modelcollapse/evaluate"
	"modelcollapse/generate"
	"modelcollapse/internal/rng"
	"modelcollapse/results"
)

// byNode is the first two values of a record, by node: mean and variance.
func byNode(rec results.Record) (mean, variance []float64) {
	for i := 0; i < len(rec.Values); i += 2 {
		mean, variance = append(mean, rec.Values[i].X), append(variance, rec.Values[i+1].X)
	}
	return mean, variance
}

func closeTo(t *testing.T, g int, got, want []float64) {
	t.Helper()
	for i := range want {
		if len(got) != len(want) || !(math.Abs(got[i]-want[i]) <= 1e-12*(1+math.Abs(want[i]))) {
			t.Fatalf("generation %d: %v, by hand %v", g, got, want)
		}
	}
}

// drawnMoments is mean and sum of squares of n draws of N(mu, v).
func drawnMoments(s *rand.Rand, mu, v, n float64) (mean, squares float64) {
	mean = mu + math.Sqrt(v/n)*rng.Normal(s)
	return mean, v * rng.ChiSquared(s, n-1)
}

// blend is mean and variance of moments with a weight each, of n rows.
func blend(n float64, weights, means, squares []float64) (mean, variance float64) {
	total := 0.0
	for i, w := range weights {
		mean, total = mean+w*means[i], total+w
	}
	mean /= total
	for i, w := range weights {
		variance += w / total * (squares[i]/n + (means[i]-mean)*(means[i]-mean))
	}
	return mean, variance
}

// Replay over statistics: the real rows weigh ρ together, the newest 1 − ρ.
func TestReplayByHandOverStatistics(t *testing.T) {
	const n, rho = 20.0, .3
	r := scalarChain(t, generate.Replay{Weight: rho}, n, 25, generate.Gaussian{}, evaluate.Needs{})
	if r.Facts().Execution != ByStatistics || r.Facts().PeakRows != 0 {
		t.Fatalf("%+v", r.Facts())
	}
	for i := range 20 {
		root := rng.Root(11).Child("replicate", i)
		mu, v, first, firstSquares := 0.0, 1.0, 0.0, 0.0
		for g, rec := range runCell(t, r, root) {
			mean, squares := drawnMoments(root.Child("generation", g).Child("draw", 0).Stream(), mu, v, n)
			if g == 0 {
				first, firstSquares = mean, squares
				mu, v = mean, squares/n
			} else {
				mu, v = blend(n, []float64{1 - rho, rho}, []float64{mean, first}, []float64{squares, firstSquares})
			}
			closeTo(t, g, []float64{rec.Values[0].X, rec.Values[1].X}, []float64{mu, v})
		}
	}
}

// A network over statistics: node i draws from its own last fit and learns from all blocks by its row of trust.
func TestNetworkByHandOverStatistics(t *testing.T) {
	const n = 15.0
	trust := [][]float64{{.6, .4, 0}, {0, .5, .5}, {1, 0, 3}}
	r := scalarChain(t, generate.Network{Topology: "given", Trust: trust, Self: 1}, n, 20, generate.Gaussian{}, evaluate.Needs{})
	root := rng.Root(12)
	mu, v := []float64{0, 0, 0}, []float64{1, 1, 1}
	for g, rec := range runCell(t, r, root) {
		var means, squares [3]float64
		for i := range trust {
			means[i], squares[i] = drawnMoments(root.Child("generation", g).Child("draw", i).Stream(), mu[i], v[i], n)
		}
		for i, row := range trust {
			if g == 0 {
				row = []float64{0, 0, 0}
				row[i] = 1
			}
			mu[i], v[i] = blend(n, row, means[:], squares[:])
		}
		gotMu, gotV := byNode(rec)
		closeTo(t, g, gotMu, mu)
		closeTo(t, g, gotV, v)
	}
}

// kept is a random n of rows, in their order: selection sampling.
func kept(s *rand.Rand, rows []float64, n int) (out []float64) {
	for i, x := range rows {
		if len(out) == n {
			break
		}
		if s.Int64N(int64(len(rows)-i)) < int64(n-len(out)) {
			out = append(out, x)
		}
	}
	return out
}

func fitted(rows []float64) (mu, v float64) {
	for _, x := range rows {
		mu += x / float64(len(rows))
	}
	for _, x := range rows {
		v += (x - mu) * (x - mu) / float64(len(rows))
	}
	return mu, v
}

func normals(s *rand.Rand, rows []float64, n int, mu, v float64) []float64 {
	for range n {
		rows = append(rows, mu+math.Sqrt(v)*rng.Normal(s))
	}
	return rows
}

// Refresh over rows: how many are kept is binomial, which ones is without replacement, the rest come from the last fit.
func TestRefreshByHandOverRows(t *testing.T) {
	const n, generations = 30, 15
	rate := generate.Refresh{}
	if err := rate.Rate.UnmarshalJSON([]byte(`{"start": 0.6, "factor": 0.9}`)); err != nil {
		t.Fatal(err)
	}
	for _, need := range []evaluate.Needs{{}, {Rows: true}} { // by statistics the rows are made too, to be kept
		r := scalarChain(t, rate, n, generations, generate.Gaussian{}, need)
		root := rng.Root(13)
		var rows []float64
		mu, v, eta := 0.0, 1.0, .6
		for g, rec := range runCell(t, r, root) {
			s := root.Child("generation", g).Child("draw", 0).Stream()
			keep := 0
			if g > 0 {
				keep = int(rng.Binomial(s, n, 1-eta))
				eta *= .9
			}
			rows = kept(s, rows, keep)
			rows = normals(s, rows, n-keep, mu, v)
			mu, v = fitted(rows)
			closeTo(t, g, []float64{rec.Values[0].X, rec.Values[1].X}, []float64{mu, v})
			if want := int64(keep); rec.Draws[0].Past != want {
				t.Fatalf("generation %d: %d rows were kept, by hand %d", g, rec.Draws[0].Past, want)
			}
		}
	}
}

// The incremental and the balanced cycle over rows.
func TestCyclesByHandOverRows(t *testing.T) {
	const n, generations = 24, 10
	t.Run("incremental", func(t *testing.T) {
		r := scalarChain(t, generate.IncrementalCycle{Share: generate.ConstantSchedule(.25)}, n, generations, generate.Gaussian{}, evaluate.Needs{Rows: true})
		root, rows, mu, v := rng.Root(14), []float64(nil), 0.0, 1.0
		for g, rec := range runCell(t, r, root) {
			k := root.Child("generation", g)
			if g == 0 {
				rows = normals(k.Child("draw", 0).Stream(), nil, n, mu, v)
			} else {
				rows = append(normals(k.Child("draw", 0).Stream(), nil, 6, mu, v), kept(k.Child("draw", 1).Stream(), rows, 18)...)
			}
			mu, v = fitted(rows)
			closeTo(t, g, []float64{rec.Values[0].X, rec.Values[1].X}, []float64{mu, v})
		}
	})
	t.Run("balanced", func(t *testing.T) {
		r := scalarChain(t, generate.BalancedCycle{}, n, generations, generate.Gaussian{}, evaluate.Needs{Rows: true})
		root, all, mu, v := rng.Root(15), [][]float64(nil), 0.0, 1.0
		for g, rec := range runCell(t, r, root) {
			k := root.Child("generation", g)
			all = append(all, normals(k.Child("draw", 0).Stream(), nil, n, mu, v))
			rows := all[0]
			if g > 0 {
				rows = nil
				for h, block := range all {
					part := n / (g + 1)
					if h < n%(g+1) {
						part++
					}
					rows = append(rows, kept(k.Child("draw", 1+h).Stream(), block, part)...)
				}
			}
			mu, v = fitted(rows)
			closeTo(t, g, []float64{rec.Values[0].X, rec.Values[1].X}, []float64{mu, v})
		}
	})
}
