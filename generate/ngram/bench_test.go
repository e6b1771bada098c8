//go:build unix

package ngram_test

import (
	"context"
	"fmt"
	"syscall"
	"testing"
	"time"

	"modelcollapse/generate"
	"modelcollapse/generate/ngram"
	"modelcollapse/internal/rng"
)

// Benchmarks report tokens a CPU second of the whole process, its garbage collector among it: on wikitext-2 if
// COLLAPSE_DATA names it, on the small corpus otherwise.

func models(c *corpus) map[string]ngram.Model {
	v := c.vocabulary.Len()
	return map[string]ngram.Model{
		"none":   {Order: 3, Vocabulary: v},
		"kn":     {Order: 3, Smoothing: ngram.KneserNey, Vocabulary: v},
		"jm":     {Order: 3, Smoothing: ngram.JelinekMercer, Lambda: []float64{.3, .6}, Epsilon: .1, Vocabulary: v},
		"none-5": {Order: 5, Vocabulary: v},
		"kn-5":   {Order: 5, Smoothing: ngram.KneserNey, Vocabulary: v},
	}
}

// cpu is the time that the process has computed so far.
func cpu() time.Duration {
	var r syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &r)
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

// measure runs f, which handles so many tokens, and reports its rate.
func measure(b *testing.B, f func() (tokens int)) {
	tokens, start := 0, cpu()
	for b.Loop() {
		tokens += f()
	}
	used := (cpu() - start).Seconds()
	b.ReportMetric(float64(tokens)/used, "tokens/cpu-s")
	b.ReportMetric(used/float64(b.N), "cpu-s/op")
}

var names = []string{"none", "kn", "jm", "none-5", "kn-5"}

func BenchmarkCount(b *testing.B) {
	c := anyCorpus(b)
	measure(b, func() int {
		ngram.NewCounts(3, c.vocabulary.Len()).Add(sample(c.train)[0])
		return tokensOf(c.train)
	})
}

// BenchmarkFit is counts, discounts, probabilities and back-offs: all that lmplz computes.
func BenchmarkFit(b *testing.B) {
	c := anyCorpus(b)
	for _, name := range names {
		m := models(c)[name]
		b.Run(name, func(b *testing.B) {
			measure(b, func() int {
				fit(b, m, c.train).ScoreTokens(nil, nil)
				return tokensOf(c.train)
			})
		})
	}
}

// BenchmarkDraw is one set of rows as large as the training rows, from a fit that is ready to draw.
func BenchmarkDraw(b *testing.B) {
	c := anyCorpus(b)
	for _, name := range names {
		f := fit(b, models(c)[name], c.train)
		f.Draw(context.Background(), nil, 1, rng.Root(1).Stream())
		b.Run(name, func(b *testing.B) {
			measure(b, func() int {
				rows, _ := f.Draw(context.Background(), nil, len(c.train), rng.Root(1).Stream())
				return tokensOf(rows)
			})
		})
	}
}

func BenchmarkScore(b *testing.B) {
	c := anyCorpus(b)
	for _, name := range names {
		f := fit(b, models(c)[name], c.train)
		f.ScoreTokens(nil, nil)
		nats := make([]float64, len(c.test))
		b.Run(name, func(b *testing.B) {
			measure(b, func() int {
				f.Score(context.Background(), c.test, nats)
				return tokensOf(c.test)
			})
		})
	}
}

// BenchmarkGeneration is one generation of replace without metrics: count, fit, make the sampler, draw.
func BenchmarkGeneration(b *testing.B) {
	c := anyCorpus(b)
	for _, name := range names {
		m := models(c)[name]
		b.Run(name, func(b *testing.B) {
			measure(b, func() int {
				rows, _ := fit(b, m, c.train).Draw(context.Background(), nil, len(c.train), rng.Root(1).Stream())
				return tokensOf(rows)
			})
		})
	}
}

func BenchmarkMerge(b *testing.B) {
	c := anyCorpus(b)
	x, y := ngram.NewCounts(3, c.vocabulary.Len()), ngram.NewCounts(3, c.vocabulary.Len())
	x.Add(sample(c.train)[0])
	y.Add(sample(c.test)[0])
	measure(b, func() int {
		z := ngram.NewCounts(3, c.vocabulary.Len())
		z.Merge(x, 1)
		z.Merge(y, 1)
		return tokensOf(c.train)
	})
}

// BenchmarkDecode is BenchmarkDraw with other settings, from a fit that has met its contexts.
func BenchmarkDecode(b *testing.B) {
	c := anyCorpus(b)
	for _, name := range names {
		f := fit(b, models(c)[name], c.train)
		for _, s := range []generate.Sampling{{Temperature: 0.9}, {TopK: 50}, {TopK: 50, TopP: 0.9, Temperature: 0.9}} {
			if name != "none" && name != "none-5" && s.TopK == 0 {
				continue // a context costs the vocabulary
			}
			d := decoded(b, f, s)
			b.Run(fmt.Sprintf("%s/temperature=%g,top_k=%d,top_p=%g", name, s.Temperature, s.TopK, s.TopP), func(b *testing.B) {
				measure(b, func() int {
					rows, _ := d.Draw(context.Background(), nil, len(c.train), rng.Root(1).Stream())
					return tokensOf(rows)
				})
			})
		}
	}
}
