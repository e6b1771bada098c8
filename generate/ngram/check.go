package ngram

import (
	"cmp"
	"fmt"
	"slices"

	"modelcollapse/generate"
)

// check is the vocabulary that rows need, or what is wrong with them.
func (c *Counts) check(rows []generate.Tokens) (vocabulary int, err error) {
	largest, tokens := generate.End, uint64(0)
	for i, row := range rows {
		tokens += uint64(len(row)) + 1
		for j, id := range row {
			if id < generate.Words && (id == generate.Begin || id == generate.End && j+1 < len(row)) {
				return 0, fmt.Errorf("row %d: token %d of %d is the mark %d: no row holds the opening one, and the closing one stands last",
					i, j, len(row), id)
			}
			largest = max(largest, id)
		}
	}
	vocabulary = c.vocabulary()
	switch n := int64(largest) + 1; {
	case n > int64(vocabulary) && c.fixed:
		return 0, fmt.Errorf("id %d in a row: the vocabulary has only %d ids", largest, vocabulary)
	case n > maxVocabulary:
		return 0, fmt.Errorf("id %d in a row: at most %d ids", largest, maxVocabulary)
	case n > int64(vocabulary):
		vocabulary = int(n)
	}
	if tokens > 1<<32-1 {
		return 0, fmt.Errorf("%d tokens in one span: at most %d", tokens, uint32(1<<32-1))
	}
	return vocabulary, nil
}

type weighed struct {
	weight float64
	rows   []generate.Tokens
}

// byWeight collects the rows of a span that weigh alike, the lightest first.
func byWeight(s generate.Span[generate.Tokens]) []weighed {
	order := make([]int, len(s.Rows))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(s.At(a), s.At(b)) })
	var groups []weighed
	for _, i := range order {
		if w := s.At(i); len(groups) == 0 || groups[len(groups)-1].weight != w {
			groups = append(groups, weighed{weight: w})
		}
		g := &groups[len(groups)-1]
		g.rows = append(g.rows, s.Rows[i])
	}
	return groups
}
