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
	j.fit = &mixture{m.Fit, fit.(*ngram.Fitted), j.Cache}
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
}

// Next is the law of both. A place that the cache has never seen is left to its shorter contexts, which it has.
func (m *mixture) Next(dst []generate.Choice, row generate.Tokens) []generate.Choice {
	said := m.cache.Next(nil, row)
	more := make(map[uint32]float64, len(said))
	for _, c := range said {
		more[c.Token] = float64(m.weight * c.P)
	}
	begin := len(dst)
	dst = m.base.Next(dst, row)
	mixed := dst[begin:]
	kept, risen := mixed[:0], said[:0]
	for _, c := range mixed {
		c.P = float64((1 - m.weight) * c.P)
		if extra, ok := more[c.Token]; ok {
			c.P += extra
			delete(more, c.Token)
			risen = append(risen, c)
			continue
		}
		kept = append(kept, c)
	}
	for token, p := range more { // sorted below, so that the order of the map is none
		risen = append(risen, generate.Choice{Token: token, P: p})
	}
	return merged(dst[:begin+len(kept)], begin, risen)
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
