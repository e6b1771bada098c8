package server

import (
	"context"
	"slices"
	"strings"

	"modelcollapse/generate"
	"modelcollapse/generate/ngram"
)

// remember mixes the n-grams of the lines of the messages into the model, by weight Cache: a cache language model (Kuhn and
// De Mori 1990, who mix unigrams of recent words), so that examples in a prompt are a training set.
func (j *speaker) remember(m *Model, turns []message) error {
	if j.Cache == 0 {
		return nil
	}
	if m.How == nil {
		return invalid("cache", "cache: the model %q knows no n-grams of a prompt", m.ID)
	}
	var rows []generate.Tokens
	for _, turn := range turns {
		rows = append(rows, j.text.rows(string(turn.Content))...)
	}
	if len(rows) == 0 {
		return nil
	}
	c := ngram.NewCounts(m.How.Order, m.How.Vocabulary)
	c.Add(generate.Span[generate.Tokens]{Rows: rows, Weight: 1})
	said := ngram.Model{Order: m.How.Order, Smoothing: ngram.None, Vocabulary: m.How.Vocabulary}
	fit, err := said.FitStats(context.Background(), generate.Task[generate.Tokens]{}, c)
	if err != nil {
		return err
	}
	j.fit = &mixture{m.Fit, fit.(*ngram.Fitted), j.Cache, m.How.Vocabulary}
	return nil
}

// rows are the lines of a text that have a word, each closed by End.
func (t Text) rows(text string) (rows []generate.Tokens) {
	for line := range strings.SplitSeq(text, "\n") {
		var row generate.Tokens
		for _, p := range t.pieces(line) {
			row = append(row, p.id)
		}
		if len(row) > 0 {
			rows = append(rows, append(row, generate.End))
		}
	}
	return rows
}

// A mixture is (1 − weight) base + weight cache, token by token.
type mixture struct {
	base   generate.Continuer
	cache  *ngram.Fitted // maximum likelihood: few tokens may follow
	weight float64
	ids    int // the number of ids of both
}

// Next is the law of both. A place that the cache has never seen is left to its shorter contexts, which it has.
func (m *mixture) Next(dst []generate.Choice, row generate.Tokens) []generate.Choice {
	risen := m.cache.Next(nil, row)
	at := make([]uint32, m.ids) // by id: 1 + its index in risen
	for i, c := range risen {
		risen[i].P = float64(m.weight * c.P)
		at[c.Token] = uint32(i) + 1
	}
	begin := len(dst)
	dst = m.base.Next(dst, row)
	kept := begin
	for _, c := range dst[begin:] {
		c.P = float64((1 - m.weight) * c.P)
		if i := at[c.Token]; i > 0 {
			risen[i-1].P += c.P
			continue
		}
		dst[kept] = c
		kept++
	}
	return merged(dst[:kept], begin, risen)
}

// merged sorts risen into dst[begin:], which is sorted.
func merged(dst []generate.Choice, begin int, risen []generate.Choice) []generate.Choice {
	slices.SortFunc(risen, likelier)
	i, n := len(dst)-1, len(risen)-1
	dst = append(dst, risen...)
	for k := len(dst) - 1; n >= 0; k-- {
		if i >= begin && likelier(risen[n], dst[i]) < 0 {
			dst[k] = dst[i]
			i--
		} else {
			dst[k] = risen[n]
			n--
		}
	}
	return dst
}

// likelier orders by falling probability, equal ones by id.
func likelier(a, b generate.Choice) int {
	switch {
	case a.P > b.P || a.P == b.P && a.Token < b.Token:
		return -1
	case a == b:
		return 0
	}
	return 1
}
