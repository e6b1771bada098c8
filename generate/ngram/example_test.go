package ngram_test

import (
	"context"
	"fmt"
	"math"

	"modelcollapse/generate"
	"modelcollapse/generate/ngram"
	"modelcollapse/internal/rng"
)

func Example() {
	// Rows are ids of words closed by End: "a b", "a b", "a c".
	const a, b, c = generate.Words, generate.Words + 1, generate.Words + 2
	rows := []generate.Tokens{{a, b, generate.End}, {a, b, generate.End}, {a, c, generate.End}}
	m := ngram.Model{Order: 2, Vocabulary: 6}
	f, err := m.Fit(context.Background(), generate.Task[generate.Tokens]{
		Train: generate.Sample[generate.Tokens]{{Rows: rows, Weight: 1}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	nats := make([]float64, len(rows))
	_ = f.(generate.Scorer[generate.Tokens]).Score(context.Background(), rows, nats)
	fmt.Printf("p(a c) = %.3f\n", math.Exp(nats[2]))

	drawn, _ := f.Draw(context.Background(), nil, 3000, rng.Root(1).Stream())
	counts := ngram.NewCounts(2, m.Vocabulary)
	counts.Add(generate.Span[generate.Tokens]{Rows: drawn, Weight: 1})
	fmt.Printf("a: %d, of that a b: about %.1f of 3\n", counts.UnigramCount(a), float64(counts.Count([]uint32{a, b}))/1000)
	// Output:
	// p(a c) = 0.333
	// a: 3000, of that a b: about 2.0 of 3
}
