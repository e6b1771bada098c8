package evaluate

import (
	"math"

	"modelcollapse/internal/num"
)

// A branching is the law of the count of one type of text, of real count c, from generation to generation: Galton–Watson
// with Poisson offspring and immigration from the real data, as in Extinction, but whole counts instead of their zero.
// Counts above limit stay there, which is far from where they matter.
type branching struct {
	limit int
	cache map[float64][]band // Poisson steps by mean offspring
}

// branchingWork is about the multiply-adds that following so many real counts, the largest of them most, takes.
// An entry of a step costs about 20 of them, and every mean offspring has a step of its own.
func branchingWork(most int64, classes int, steps []Resampling, probe float64) float64 {
	offspring := map[float64]bool{}
	for _, s := range steps {
		offspring[s.Synthetic] = true
	}
	l := float64(branchingLimit(most, len(steps)))
	width := min(l, float64(9*math.Sqrt(l)))
	moves := float64(float64(classes)*float64(len(steps))) + float64(20*float64(len(offspring)))
	return float64(l * (float64(width*moves) + float64(20*float64(float64(classes)*float64(float64(most)*probe)))))
}

// branchingLimit is a count that a critical process from most exceeds with probability below about 1e-8: its spread is
// √(most·generations), and its tail falls as exp(−2·count/generations).
func branchingLimit(most int64, generations int) int {
	g := float64(generations + 1)
	return int(float64(most) + float64(8*math.Sqrt(float64(float64(most)*g))) + float64(10*g))
}

func newBranching(most int64, generations int) *branching {
	return &branching{branchingLimit(most, generations), map[float64][]band{}}
}

func (b *branching) bands(offspring float64) []band {
	bands := b.cache[offspring]
	if bands == nil {
		bands = make([]band, b.limit+1)
		for a := range bands {
			bands[a] = poissonBand(float64(offspring*float64(a)), b.limit)
		}
		b.cache[offspring] = bands
	}
	return bands
}

// follow calls each with the law of the count in the training data of every generation, from the real count on.
func (b *branching) follow(count int64, steps []Resampling, each func(g int, law []float64)) {
	law, next := make([]float64, b.limit+1), make([]float64, b.limit+1)
	law[count] = 1
	each(0, law)
	for g, s := range steps {
		step(next, law, b.bands(s.Synthetic))
		law, next = next, law
		if s.Real > 0 {
			arrivals := poissonBand(float64(s.Real*float64(count)), b.limit)
			if !s.Replacement {
				arrivals = binomialBand(int(count), min(1, s.Real))
			}
			b.immigrate(next, law, arrivals)
			law, next = next, law
		}
		each(g+1, law)
	}
}

// immigrate writes law plus independent arrivals to next.
func (b *branching) immigrate(next, law []float64, arrivals band) {
	clear(next)
	for a, x := range law {
		for k, y := range arrivals.p {
			next[min(a+arrivals.lo+k, b.limit)] += float64(x * y)
		}
	}
}

// coverage is E min(count, K/probe), K Poisson of mean rate·a, by a = 0 … limit: what a probe of probe times the real
// data covers of a real count, when the data that hold the type a times have it in the probe rate times as often.
func (b *branching) coverage(count int64, probe, rate float64) []float64 {
	out := make([]float64, b.limit+1)
	full := float64(float64(count) * probe) // from here on K covers all
	for a := range out {
		mean, short := float64(rate*float64(a)), 0.0
		for k := 0; float64(k) < full; k++ {
			short += float64((full - float64(k)) * num.Exp(num.LogPoisson(int64(k), mean)))
		}
		out[a] = float64(count) - short/probe
	}
	return out
}
