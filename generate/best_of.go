package generate

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"

	"modelcollapse/internal/num"
)

// BestOf keeps one of every K candidates, chosen with probabilities proportional to exp(reward/temperature): for K = 2
// the model of Bradley and Terry, by which people are said to choose what they publish (Ferbach et al. 2024, arXiv
// 2407.09499). At temperature 0 the best is kept, of equal ones the first. As many candidates are drawn as that takes.
type BestOf struct {
	K           int     `json:"k" default:"4" min:"1" max:"10000" doc:"candidates a row"`
	Reward      string  `json:"reward" default:"value" enum:"value,distance" doc:"value: the row itself; distance: less the distance to a point"`
	Point       float64 `json:"point" default:"0" doc:"what the distance is from"`
	Temperature float64 `json:"temperature" default:"1" min:"0" doc:"rewards are divided by it; 0 keeps the best"`
}

// Name is best_of.
func (BestOf) Name() string { return "best_of" }

// Candidates are K a row.
func (v BestOf) Candidates(n int) int { return n * max(1, v.K) }

// Apply drops all but the chosen ones.
func (v BestOf) Apply(_ context.Context, b Batch[float64]) error {
	chooseEach(b.Weights, v.K, v.Temperature, b.Rand, func(i int) float64 {
		if v.Reward == "distance" {
			return -math.Abs(b.Rows[i] - v.Point)
		}
		return b.Rows[i]
	})
	return nil
}

// VectorBestOf is BestOf for vectors, which are rewarded for being close to a point.
type VectorBestOf struct {
	K           int       `json:"k" default:"4" min:"1" max:"10000" doc:"candidates a row"`
	Point       []float64 `json:"point" doc:"a row's reward is less its distance to this point; empty: zeros"`
	Temperature float64   `json:"temperature" default:"1" min:"0" doc:"rewards are divided by it; 0 keeps the best"`
}

// Name is best_of.
func (VectorBestOf) Name() string { return "best_of" }

// Bind compares the columns with the truth's.
func (v VectorBestOf) Bind(truth Source[Vector]) (Intervention[Vector], error) {
	return v, sameColumns("point", v.Point, truth)
}

// Candidates are K a row.
func (v VectorBestOf) Candidates(n int) int { return n * max(1, v.K) }

// Apply drops all but the chosen ones.
func (v VectorBestOf) Apply(_ context.Context, b Batch[Vector]) error {
	chooseEach(b.Weights, v.K, v.Temperature, b.Rand, func(i int) float64 { return -distance(b.Rows[i], v.Point) })
	return nil
}

// chooseEach drops all but one of every k rows that follow each other; the last ones may be fewer.
func chooseEach(weights []float64, k int, temperature float64, r *rand.Rand, reward func(i int) float64) {
	rewards := make([]float64, 0, max(1, k))
	for lo := 0; lo < len(weights); lo += max(1, k) {
		hi := min(len(weights), lo+max(1, k))
		rewards = rewards[:0]
		for i := lo; i < hi; i++ {
			rewards = append(rewards, reward(i))
		}
		chosen := lo + choice(rewards, temperature, r)
		for i := lo; i < hi; i++ {
			if i != chosen {
				weights[i] = 0
			}
		}
	}
}

// choice is an index, with probability proportional to exp(reward/temperature); it writes rewards. A reward that is NaN
// is never chosen, unless all are; where some are +Inf, the first of these is.
func choice(rewards []float64, temperature float64, r *rand.Rand) int {
	u, best := r.Float64(), 0
	for i, x := range rewards {
		if x != x {
			rewards[i] = math.Inf(-1)
		}
		if rewards[i] > rewards[best] {
			best = i
		}
	}
	top := rewards[best]
	if temperature == 0 || math.IsInf(top, 0) {
		return best
	}
	total := 0.0
	for i, x := range rewards {
		rewards[i] = num.Exp((x - top) / temperature)
		total += rewards[i]
	}
	left := float64(u * total)
	for i, w := range rewards {
		if left -= w; left < 0 {
			return i
		}
	}
	return best
}

// CountBestOf is BestOf for categories. What is chosen of K draws of p is category x with probability p(x)·H(x), H(x) =
// E K·e^r(x) / (e^r(x) + Σ_{j<K} e^r(X_j)), X_j drawn from p: known exactly, so what is drawn from is categories again.
type CountBestOf struct {
	K           int     `json:"k" default:"2" min:"1" max:"10000" doc:"candidates a draw"`
	Reward      Rewards `json:"reward" required:"true" doc:"reward by category: a list of numbers, or {rule, first, by}"`
	Temperature float64 `json:"temperature" default:"1" min:"0" doc:"rewards are divided by it; 0 keeps the best, of equal ones any"`

	rewards []float64
}

// Name is best_of.
func (CountBestOf) Name() string { return "best_of" }

// Apply is never called: CountBestOf is a Sampler.
func (v CountBestOf) Apply(context.Context, Batch[Histogram]) error { return notApplied(v) }

// Bind gives every category its reward.
func (v CountBestOf) Bind(truth Source[Histogram]) (_ Intervention[Histogram], err error) {
	d, ok := truth.(Distribution)
	if !ok {
		return nil, fmt.Errorf("%T does not say how many categories there are", truth)
	}
	v.rewards, err = v.Reward.Of(len(d.Probabilities()))
	return v, err
}

// Sampled is the categories of what is chosen.
func (v CountBestOf) Sampled(from Source[Histogram]) (Source[Histogram], error) {
	f, ok := from.(Frequencies)
	switch {
	case !ok:
		return nil, fmt.Errorf("%T does not know its probabilities", from)
	case len(f.P) == 0: // asked before the run
		return f, nil
	case len(f.P) != len(v.rewards):
		return nil, fmt.Errorf("%d rewards for %d categories", len(v.rewards), len(f.P))
	}
	return Frequencies{P: Chosen(f.P, v.rewards, v.K, v.Temperature)}, nil
}
