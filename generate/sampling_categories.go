package generate

import (
	"fmt"
	"math"
	"slices"

	"modelcollapse/internal/num"
)

// With has the probabilities p^(1/temperature) over their sum, then the top_k most probable ones (of equal ones the
// first), then the fewest that hold top_p of what is left, over their sum: categories again.
func (f Frequencies) With(s Sampling) (Source[Histogram], error) {
	s, err := s.Discrete()
	if err != nil {
		return nil, fmt.Errorf("categories: %w", err)
	}
	return Frequencies{P: f.tempered(s)}, nil
}

func (f Frequencies) tempered(s Sampling) []float64 {
	p := slices.Clone(f.P)
	if s.Temperature != 1 {
		Temper(p, s.Temperature)
	}
	if s.TopK == 0 && s.TopP == 1 {
		return p
	}
	order := make([]int, 0, len(p))
	for i, x := range p {
		if x > 0 {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(i, j int) int {
		switch {
		case p[i] > p[j]:
			return -1
		case p[i] < p[j]:
			return 1
		}
		return 0
	})
	ranked := make([]float64, len(order))
	for k, i := range order {
		ranked[k] = p[i]
	}
	out := make([]float64, len(p))
	for k, x := range Truncate(ranked, s) {
		out[order[k]] = x
	}
	return out
}

// Temper raises probabilities to the power 1/temperature, in place, and divides by their sum. They need not add to 1;
// zeros stay zeros. All zero, they stay so.
func Temper(p []float64, temperature float64) {
	most := 0.0
	for _, x := range p {
		most = max(most, x)
	}
	if !(most > 0) {
		return
	}
	top := num.Log(most)
	for i, x := range p {
		if x > 0 {
			p[i] = num.Exp((num.Log(x) - top) / temperature)
		}
	}
	normalise(p)
}

// Truncate returns the first of ranked, which fall, that top_k and top_p leave, over their sum. It writes ranked.
func Truncate(ranked []float64, s Sampling) []float64 {
	if s.TopK > 0 && s.TopK < len(ranked) {
		ranked = ranked[:s.TopK]
	}
	if s.TopP < 1 {
		var total, held num.Accumulator
		total.AddAll(ranked)
		want := float64(s.TopP * total.Sum() * (1 - 1e-12)) // a share such as 0.3 is meant in decimal
		for k, x := range ranked {
			if held.Add(x); held.Sum() >= want {
				ranked = ranked[:k+1]
				break
			}
		}
	}
	normalise(ranked)
	return ranked
}

// normalise divides p by its sum, if that is above 0.
func normalise(p []float64) {
	total := num.SumCompensated(p)
	if !(total > 0) || math.IsInf(total, 0) || total == 1 {
		return
	}
	for i := range p {
		p[i] /= total
	}
}
