package evaluate

import (
	"math"
	"testing"
)

func resampled(share float64, replacement bool, n int) (steps []Resampling) {
	for range n {
		steps = append(steps, Resampling{1 - share, share, replacement})
	}
	return steps
}

func TestGaltonWatsonLaws(t *testing.T) {
	ref := readLaws(t).GaltonWatson
	alive := func(steps []Resampling, probe float64, count int) float64 {
		return survivors([]countClass{{int64(count), 1}}, Extinction(steps, probe))
	}
	for i, c := range ref.Counts {
		for g, want := range ref.Replace.Survival[i] {
			relative(t, "data under replace", alive(resampled(0, false, g), 0, c), want)
			if g > 0 { // a probe as large as the training data is the data one generation later
				relative(t, "probe as large as the data", alive(resampled(0, false, g-1), 1, c), want)
			}
		}
		for _, r := range ref.RealShare {
			for g, want := range r.Survival[i] {
				relative(t, r.RealRows, alive(resampled(r.Share, r.RealRows == "with_replacement", g), 0, c), want)
			}
		}
		for _, r := range ref.Probe {
			for g, want := range r.Survival[i] {
				relative(t, "probe", alive(resampled(0, false, g), r.ProbeRowsOverTrainingRows, c), want)
			}
		}
	}
	for i, n := range ref.ExtinctFrom15.Resamplings {
		relative(t, "extinct from 15", math.Pow(Extinction(resampled(0, false, n), 0), 15), ref.ExtinctFrom15.Extinct[i])
	}
	// Two figures that were checked by simulation when the laws were derived.
	agrees(t, "absent, r = .1", 1-alive(resampled(.1, false, 10), 0, 3), .279, .0005)
	agrees(t, "absent from a probe of a tenth", 1-alive(resampled(0, false, 5), .1, 3), .787, .0005)
}

// replaceChain is replace at one size.
func replaceChain(rows, last int) CountChain {
	steps := []CountStep{{Fresh: rows}}
	for range last {
		steps = append(steps, CountStep{Drawn: rows})
	}
	return CountChain{Steps: steps}
}

func TestCountChain(t *testing.T) {
	ref := readLaws(t)
	for _, r := range ref.SingleType {
		at := map[int]float64{}
		dead := map[int]float64{}
		replaceChain(r.Rows, 99).Law(r.Probability, func(g int, law []float64) {
			dead[g] = law[0]
			at[g] = 1 - band{0, law}.expectation(func(k int) float64 { return min(r.Probability, float64(k)/float64(r.Rows)) })/r.Probability
		})
		for i, g := range r.Generations {
			relative(t, "tail loss of one type", at[g], r.TailLossOwnProbabilities[i])
			relative(t, "absent", dead[g], r.Absent[i])
		}
	}
	b := ref.BernoulliExtinction
	replaceChain(b.Rows, 99).Law(b.Probability, func(g int, law []float64) {
		for i, h := range b.Generations {
			if h == g {
				relative(t, "Bernoulli extinction", law[0], b.Absent[i])
			}
		}
	})
}
