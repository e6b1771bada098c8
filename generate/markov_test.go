package generate

import (
	"math"
	"testing"

	"modelcollapse/internal/rng"
)

// Rows of a chain score to probabilities that add to 1, and transitions are drawn as often as their probability says.
func TestMarkovChainDrawsItsOwnLaw(t *testing.T) {
	src, err := Markov{Words: 6, Successors: 3, Exponent: 1, Length: 4}.Open(t.Context(), rng.Root(3).Stream())
	if err != nil {
		t.Fatal(err)
	}
	c := src.(*MarkovChain)
	const n = 40_000
	rows, err := c.Draw(t.Context(), nil, n, rng.Root(4).Stream())
	if err != nil {
		t.Fatal(err)
	}
	count, from, words := map[[2]uint32]int{}, map[uint32]int{}, 0
	for _, row := range rows {
		last := Begin
		for _, w := range row[:len(row)-1] {
			count[[2]uint32{last, w}]++
			from[last]++
			words++
			last = w
		}
	}
	if mean := float64(words) / n; math.Abs(mean-4) > 5*math.Sqrt(12.0/n) {
		t.Errorf("mean length %g, want 4", mean)
	}
	for last := range from {
		total := 0.0
		for w := Words; w < Words+6; w++ {
			p := c.transition(last, w)
			total += p
			m := float64(from[last])
			if got := float64(count[[2]uint32{last, w}]); math.Abs(got-m*p) > 5*math.Sqrt(m*p*(1-p))+1e-9 {
				t.Errorf("%d follows %d %g times, want %g", w, last, got, m*p)
			}
		}
		if math.Abs(total-1) > 1e-12 {
			t.Errorf("after %d: probabilities add to %g", last, total)
		}
	}
	// all rows of up to 9 words: their mass is 1 − (3/4)^9
	mass, nats := 0.0, make([]float64, 1)
	var walk func(row Tokens)
	walk = func(row Tokens) {
		if len(row) > 0 {
			if err := c.Score(t.Context(), []Tokens{append(row[:len(row):len(row)], End)}, nats); err != nil {
				t.Fatal(err)
			}
			mass += math.Exp(nats[0])
		}
		if len(row) < 9 {
			last := Begin
			if len(row) > 0 {
				last = row[len(row)-1]
			}
			for _, w := range c.followers(last) {
				walk(append(row[:len(row):len(row)], w))
			}
		}
	}
	walk(nil)
	if want := 1 - math.Pow(0.75, 9); math.Abs(mass-want) > 1e-9 {
		t.Errorf("rows of up to 9 words have mass %g, want %g", mass, want)
	}
}
