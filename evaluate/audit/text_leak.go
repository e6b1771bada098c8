package audit

import (
	"context"
	"fmt"
)

// leaked is what shows that documents were learned from: training documents are candidates, those of a hold-out references, of equally
// many tokens; who exchanges sides are they, and the synthetic set stays as it is. So what it knows of each document is found once.
type leaked struct {
	exact, near, long []bool  // by document: the synthetic set has a copy, a near copy, 13 words in a row
	run               []int32 // the longest run of words all of whose 8-grams are in the synthetic set; −1: not looked at
	documents         int     // of a side, about
	density           ranked  // log density ratio a token of a model of the synthetic set and one of all these documents
}

// leakedOf looks for every document of l, first those of the hold-out, then the training ones, in the synthetic set.
func leakedOf(ctx context.Context, l *library, synthetic *Documents, o Options) (*leaked, error) {
	real := &Documents{Texts: l.texts}
	both, err := libraryOf(ctx, real, synthetic, o, streamOf(o, "leak library"))
	if err != nil {
		return nil, err
	}
	m := &leaked{documents: min(l.real, len(l.texts)-l.real)}
	t, err := likenessOf(ctx, both)
	if err != nil {
		return nil, err
	}
	m.exact, m.near = t.inBoth(t.exact, t.classes[0], both.real), t.inBoth(t.near, t.classes[1], both.real)
	s := Split{Whole: make([]Side, len(both.texts))} // who is looked for is a candidate, the synthetic set is the reference
	for i := range s.Whole {
		if s.Whole[i] = Reference; i < both.real {
			s.Whole[i] = Candidate
		}
	}
	for _, words := range sharedOf(both.plain, longGram).longest(s)[:both.real] {
		m.long = append(m.long, words > 0)
	}
	m.run = sharedOf(both.plain, shortGram).longest(s)[:both.real]
	ratio, err := densityRatio(ctx, both)
	m.density = rankedOf(ratio)
	return m, err
}

// inBoth says of the first n documents whether they are long enough for a copy, and one of the others has their class.
func (t *likeness) inBoth(class []int32, classes, n int) []bool {
	have := make([]bool, classes)
	for _, c := range class[n:] {
		if c >= 0 {
			have[c] = true
		}
	}
	out := make([]bool, n)
	for i, c := range class[:n] {
		out[i] = c >= 0 && t.tells[i] && have[c]
	}
	return out
}

// Statistics are copies and membership.
func (m *leaked) Statistics() []Statistic {
	const more = " the synthetic set has, less the same of the hold-out"
	return []Statistic{
		{Name: "copied_training.exact", Part: Copying, What: "share of the training documents that" + more, Unit: "share", Worse: More, Threshold: .005, leak: m.documents},
		{Name: "copied_training.near", Part: Copying, What: fmt.Sprintf("share of the training documents near to which (Jaccard %g) one is that%s", nearCopies, more), Unit: "share", Worse: More, Threshold: .005, leak: m.documents},
		{Name: "copied_training.13gram", Part: Copying, What: "share of the training documents of which 13 words in a row" + more, Unit: "share", Worse: More, Threshold: .005, leak: m.documents},
		{Name: "copied_training.longest", Part: Copying, What: "the longest run of words (of which every 8-gram is in the synthetic set) of training documents, less that of the hold-out", Unit: "words", Worse: More, Threshold: 20},
		{Name: "membership_auc", Part: Membership, What: "density ratio attack: how well it tells training documents from the hold-out (0.5: it cannot)", Unit: "area", Worse: More, Threshold: .1},
		{Name: "membership_tpr@1%fpr", Part: Membership, What: "density ratio attack: training documents that it finds while it takes 1 % of the hold-out for such", Unit: "share", Worse: More, Threshold: .05},
	}
}

// Measure compares both sides.
func (m *leaked) Measure(s Split, to []float64) {
	var n [3]int
	for _, side := range s.Side {
		n[side]++
	}
	for k, has := range [][]bool{m.exact, m.near, m.long} {
		var have [3]int
		for i, side := range s.Side {
			if has[i] {
				have[side]++
			}
		}
		to[k] = float64(have[Candidate])/float64(n[Candidate]) - float64(have[Reference])/float64(n[Reference])
	}
	var most [3]int32
	for i, side := range s.Side {
		most[side] = max(most[side], m.run[i])
	}
	to[3] = float64(most[Candidate] - most[Reference])
	side := func(i int) Side { return s.Side[i] }
	to[4], to[5] = m.density.area(side), m.density.caught(side, .01)
}
