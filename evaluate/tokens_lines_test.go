package evaluate

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"modelcollapse/generate"
	"modelcollapse/internal/rng"
)

// wordChain is a maximum-likelihood unigram model: rows of ten words drawn from a list of words.
type wordChain struct{ words []uint32 }

func (wordChain) Unsmoothed() bool { return true }
func (c wordChain) Draw(_ context.Context, dst []generate.Tokens, n int, r *rand.Rand) ([]generate.Tokens, error) {
	for range n {
		row := make(generate.Tokens, 0, 11)
		for range 10 {
			row = append(row, c.words[r.IntN(len(c.words))])
		}
		dst = append(dst, append(row, generate.End))
	}
	return dst, nil
}

func learnWords(rows []generate.Tokens) (c wordChain) {
	for _, row := range rows {
		c.words = append(c.words, row[:len(row)-1]...)
	}
	return c
}

// The Galton–Watson lines against chains of a maximum-likelihood unigram model: replace, and a share of the real rows
// drawn again without replacement; with a probe a half of the training data.
func TestGaltonWatsonLinesAgainstChains(t *testing.T) {
	const rows, generations, chains = 500, 6, 60
	for name, rule := range map[string]generate.Rule{
		"replace": generate.Replace{},
		"mix":     generate.Mix{Real: generate.RealShare{Share: generate.ConstantSchedule(.2), Rows: "resampled"}},
	} {
		w, err := rule.Over(generate.Constant(rows), generations)
		if err != nil {
			t.Fatal(err)
		}
		plan, err := generate.Compile(w, generations, func(int) bool { return false })
		if err != nil {
			t.Fatal(err)
		}
		key := rng.Root(1).Child(name, 0)
		real := zipfRows(rows, key.Child("real", 0).Stream())
		r := Real[generate.Tokens]{Kind: generate.TokenRows, Train: sampleOf(real), Plan: plan, Probe: rows / 2 * 11,
			Fits: []generate.Fitted[generate.Tokens]{wordChain{}}}
		for _, m := range []Metric[generate.Tokens]{RareSurvival{MaxCount: 5}, LivingTypesTrain{}, TokenTailLoss{}} {
			checkLine(t, name, m, r, key, chains)
		}
	}
}

// zipfRows are rows of ten words, word i with probability ∝ 1/i, 3000 words.
func zipfRows(n int, r *rand.Rand) []generate.Tokens {
	c := wordChain{}
	for i := 1; i <= 3000; i++ {
		for range 3000 / i {
			c.words = append(c.words, generate.Words+uint32(i))
		}
	}
	rows, _ := c.Draw(context.Background(), nil, n, r)
	return rows
}

func checkLine(t *testing.T, name string, m Metric[generate.Tokens], r Real[generate.Tokens], key rng.Key, chains int) {
	ctx := context.Background()
	g, err := m.Start(ctx, r)
	if err != nil {
		t.Fatal(err)
	}
	series := m.Axes()[0].Series
	sum, squares := make([]float64, len(r.Plan.Steps)), make([]float64, len(r.Plan.Steps))
	for c := range chains {
		runChain(ctx, r, key.Child("chain", c).Stream(), func(v View[generate.Tokens]) {
			p := put{}
			if err := g.Measure(ctx, v, p); err != nil {
				t.Fatal(err)
			}
			sum[v.Generation] += p[series]
			squares[v.Generation] += p[series] * p[series]
		})
	}
	line, err := g.(Predictor).Predict()
	if len(line) > len(sum) {
		line = line[:len(sum)]
	}
	if err != nil || len(line) != len(sum) {
		t.Fatalf("%s: %s: %d points, %v", name, series, len(line), err)
	}
	for i, p := range line {
		n := float64(chains)
		mean := sum[i] / n
		// 0.1 % beside the standard error: the law is of the Poisson limit, and half of these 5000 words are frequent.
		se := math.Sqrt((squares[i]/n-mean*mean)/(n-1)) + 1e-3*mean
		if z := (mean - p.X) / se; math.Abs(z) > 4 || i == 0 && series == "living_types_train" && mean != math.Round(p.X) {
			t.Errorf("%s: %s, generation %d: mean %.5g, line %.5g, z %.1f", name, series, p.Generation, mean, p.X, z)
		} else {
			t.Logf("%s: %s, generation %d: mean %.5g, line %.5g, z %.1f", name, series, p.Generation, mean, p.X, z)
		}
	}
}

// runChain executes a plan of replace or mix by hand.
func runChain(ctx context.Context, r Real[generate.Tokens], rnd *rand.Rand, each func(View[generate.Tokens])) {
	real := r.Train[0].Rows
	train := real
	for g, s := range r.Plan.Steps {
		if g > 0 {
			model := learnWords(train)
			train = nil
			for _, d := range s.Draws {
				if d.From[0].Fit != nil {
					train, _ = model.Draw(ctx, train, d.Rows, rnd)
					continue
				}
				for _, i := range rnd.Perm(len(real))[:d.Rows] {
					train = append(train, real[i])
				}
			}
		}
		model := learnWords(train)
		probe, _ := model.Draw(ctx, nil, r.Probe/11, rnd)
		each(View[generate.Tokens]{Generation: g, Model: model, Train: sampleOf(train), Probe: probe})
	}
}

func rootStream(seed uint64) *rand.Rand { return rng.Root(seed).Stream() }
