package generate

import (
	"math/rand/v2"

	"modelcollapse/internal/rng"
)

// Transitions are a first-order chain over ids of words and End (Fitted, Source): what comes next depends on the last id
// alone, Begin before the first.
type Transitions interface {
	// Next is the law of the id after last: those of next have probabilities p, by rising id or by falling probability, and
	// others more ids, which are not named, have rest each. Nothing at all: last is never continued.
	Next(last uint32) (next []uint32, p []float64, others int, rest float64)
	// Transition is the chance of what stands before w in an order of one's own, and that of w.
	Transition(last, w uint32) (below, at float64)
	// RowTokens is about how many tokens a row has, End among them: fixed before anything is drawn.
	RowTokens() float64
}

// ChainInnovations judges rows that were drawn from c by every transition, given the one before: its transform, randomised, is
// uniform and independent of all others, whatever is drawn, so that the transforms of a number of them that is fixed
// before fall into equal parts by a multinomial law. The number is RowTokens for each of n rows; where there are fewer
// transitions the rest are coins of u, and what there is more is left out. (Given how often each word was left,
// the counts of transitions are not multinomial: a row ends but once.)
func ChainInnovations(dst []Innovation, c Transitions, rows []Tokens, n int, u *rand.Rand) []Innovation {
	want := int(float64(n) * c.RowTokens())
	counts, seen := make([]float64, countGroups), 0
	for _, row := range rows {
		last := Begin
		for _, w := range row {
			if seen == want {
				break
			}
			below, at := c.Transition(last, w)
			x := int(float64(countGroups * Randomised(below, at, u)))
			counts[min(max(x, 0), countGroups-1)]++
			seen, last = seen+1, w
		}
	}
	equal := make([]float64, countGroups)
	for i := range equal {
		equal[i] = 1.0 / countGroups
	}
	for i, k := range rng.Multinomial(u, int64(want-seen), equal, nil) {
		counts[i] += float64(k)
	}
	return CountInnovations(dst, "transitions", equal, counts, u)
}
