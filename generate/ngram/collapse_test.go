//go:build long && unix

package ngram_test

import (
	"context"
	"math"
	"syscall"
	"testing"

	"modelcollapse/generate"
	"modelcollapse/generate/ngram"
)

// TestCollapse runs ten generations of replace and accumulate on wikitext-2 and compares held-out perplexity,
// by Jelinek-Mercer and by Kneser-Ney of each generation's data, with an independent implementation (other
// seeds: 3 %), and living words under replace with the Galton-Watson prediction.
func TestCollapse(t *testing.T) {
	c := largeCorpus(t, "wikitext-2")
	v := c.vocabulary.Len()
	jm := ngram.Model{Order: 3, Smoothing: ngram.JelinekMercer, Lambda: []float64{.3, .6}, Epsilon: .1, Vocabulary: v}
	kn := ngram.Model{Order: 3, Smoothing: ngram.KneserNey, Vocabulary: v}
	for _, arm := range []struct {
		smoothing  string
		accumulate bool
		byJM, byKN float64
	}{
		{ngram.None, false, 452, 540},
		{ngram.None, true, 279, 425},
		{ngram.KneserNey, false, 651, 800},
		{ngram.KneserNey, true, 305, 320},
	} {
		name := arm.smoothing + " replace"
		if arm.accumulate {
			name = arm.smoothing + " accumulate"
		}
		t.Run(name, func(t *testing.T) {
			m := ngram.Model{Order: 3, Smoothing: arm.smoothing, Vocabulary: v}
			pool := m.Empty().(*ngram.Counts)
			pool.Add(sample(c.train)[0])
			real := ngram.NewCounts(1, v)
			real.Add(sample(c.train)[0])
			started := cpu()
			for g := 1; g <= 10; g++ {
				rows := draw(fitStats(t, m, pool), len(c.train), uint64(g))
				fresh := m.Empty().(*ngram.Counts)
				fresh.Add(sample(rows)[0])
				if arm.accumulate {
					pool.Merge(fresh, 1)
				} else {
					pool = fresh
				}
				if want := livingTypes(real, g); arm.smoothing == ngram.None && !arm.accumulate {
					near(t, "living types", float64(pool.Types()), want, 0.02)
				}
			}
			used, peak := (cpu() - started).Seconds(), memory()
			byJM, _, _, _ := perplexities(fitStats(t, jm, pool), c.test)
			byKN, _, _, _ := perplexities(fitStats(t, kn, pool), c.test)
			near(t, "by JM", byJM, arm.byJM, 0.03)
			near(t, "by KN", byKN, arm.byKN, 0.03)
			t.Logf("by JM %.1f, by KN %.1f, %d trigrams; %.2f cpu-s a generation; at most %d MB so far, %d with scoring",
				byJM, byKN, pool.Distinct(3), used/10, peak, memory())
		})
	}
}

// memory is the most that the process has held so far, in MB.
func memory() int64 {
	var r syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &r)
	return r.Maxrss >> 10
}

func fitStats(t *testing.T, m ngram.Model, c *ngram.Counts) *ngram.Fitted {
	f, err := m.FitStats(context.Background(), generate.Task[generate.Tokens]{}, c)
	if err != nil {
		t.Fatal(err)
	}
	return f.(*ngram.Fitted)
}

// livingTypes is the expectation after t resamplings of the words of the real data, each a critical Poisson
// branching process.
func livingTypes(c *ngram.Counts, t int) (sum float64) {
	q := 0.0
	for range t {
		q = math.Exp(q - 1)
	}
	for id := generate.Words; int(id) < c.Vocabulary(); id++ {
		sum += 1 - math.Pow(q, float64(c.UnigramCount(id)))
	}
	return sum
}
