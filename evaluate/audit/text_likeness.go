package audit

import (
	"context"
	"fmt"

	"modelcollapse/generate/text"
)

// nearCopies is the Jaccard index of word 5-grams from which on documents are near.
const nearCopies = .8

// likeness is classes of documents that are equal, or near, in their words.
type likeness struct {
	exact, near []int32 // by document; −1: no words
	classes     [2]int
	tells       []bool // by document: long enough for a copy
	side        int    // documents that Even has of a side, about
	copied      int    // candidates among whom copies are looked for
}

// likenessOf finds them: a document belongs to the first one that is near and has no class before it, so that the members of a
// class are near to its first.
func likenessOf(ctx context.Context, l *library) (*likeness, error) {
	near := text.Usual()
	near.Jaccard = nearCopies
	index, err := text.NewIndex(near)
	if err != nil {
		return nil, err
	}
	signed := make([]text.Text, len(l.texts))
	if err := l.eachChunk(ctx, func(from, to int) {
		h, _ := text.NewHasher(near)
		for i := from; i < to; i++ {
			signed[i] = h.Text(l.plain[i])
		}
	}); err != nil {
		return nil, err
	}
	t := &likeness{side: even(l.real, len(l.texts)-l.real), copied: min(l.real, len(l.texts)-l.real)}
	var whole text.Numbers
	for i, words := range l.plain {
		t.tells = append(t.tells, len(words) >= l.telling)
		if len(words) == 0 {
			t.exact, t.near = append(t.exact, -1), append(t.near, -1)
			continue
		}
		t.exact = append(t.exact, int32(whole.Of(text.Grams(nil, words, len(words))[0])))
		m, ok := index.First(signed[i])
		if !ok {
			m.Kept = index.Keep(signed[i])
		}
		t.near = append(t.near, int32(m.Kept))
	}
	t.classes = [2]int{whole.Len(), index.Len()}
	return t, nil
}

// Statistics are duplicates within the candidate's side, and copies of references among all documents.
func (t *likeness) Statistics() []Statistic {
	near := fmt.Sprintf("Jaccard of word 5-grams from %g on", nearCopies)
	return []Statistic{
		{Name: "duplicates.exact", Part: Duplicates, What: "documents of the same words as another of the side, but one of each", Unit: "share", Worse: More, Threshold: .01, own: ofSide, leak: t.side},
		{Name: "duplicates.near", Part: Duplicates, What: "the same of near ones: " + near, Unit: "share", Worse: More, Threshold: .01, own: ofSide, leak: t.side},
		{Name: "copies.exact", Part: Copying, What: "documents (of 8 words or more, unless most are shorter) of the same words as a real one", Unit: "share", Worse: More, Threshold: .005, leak: t.copied},
		{Name: "copies.near", Part: Copying, What: "such documents near to a real one: " + near, Unit: "share", Worse: More, Threshold: .005, leak: t.copied},
	}
}

// Measure counts classes.
func (t *likeness) Measure(s Split, to []float64) {
	for k, class := range [][]int32{t.exact, t.near} {
		to[k] = repeated(class, t.classes[k], s)
		if !s.own {
			to[2+k] = t.copies(class, t.classes[k], s)
		}
	}
}

// repeated is the share of the candidate's documents whose class occurred before.
func repeated(class []int32, classes int, s Split) float64 {
	seen := make([]bool, classes)
	n, again := 0, 0
	for i, side := range s.Even {
		if side != Candidate || class[i] < 0 {
			continue
		}
		if n++; seen[class[i]] {
			again++
		}
		seen[class[i]] = true
	}
	return float64(again) / float64(n)
}

// copies is the share of all candidates that are long enough and whose class has a reference; where they are alone, another document
// than they themselves.
func (t *likeness) copies(class []int32, classes int, s Split) float64 {
	references, least := make([]int32, classes), int32(1)
	if s.Alone {
		least = 2
	}
	for i, side := range s.Whole {
		if class[i] >= 0 && (side == Reference || s.Alone && side == Candidate) {
			references[class[i]]++
		}
	}
	n, found := 0, 0
	for i, side := range s.Whole {
		if side != Candidate || class[i] < 0 {
			continue
		}
		if n++; t.tells[i] && references[class[i]] >= least {
			found++
		}
	}
	return float64(found) / float64(n)
}
