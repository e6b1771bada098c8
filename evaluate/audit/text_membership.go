package audit

import (
	"context"

	"modelcollapse/generate"
	"modelcollapse/generate/ngram"
	"modelcollapse/generate/text"
)

// densityRatio is for each document of l's first set its log probability a token under a trigram model of the second (synthetic) set,
// less that under one of the first set, nats: what is likely because the synthetic set is like it, and not because it is common.
// The model of reference knows every document that it is asked about, whichever its side, so that no side has an advantage.
func densityRatio(ctx context.Context, l *library) ([]float64, error) {
	rows := rowsOf(l.marks)
	vocabulary := generate.Words
	for _, row := range rows {
		for _, id := range row {
			vocabulary = max(vocabulary, id+1)
		}
	}
	model := ngram.Model{Order: 3, Smoothing: ngram.JelinekMercer, Lambda: []float64{.5, .7}, Epsilon: .1, Vocabulary: int(vocabulary)}
	ratio := make([]float64, l.real)
	nats := make([]float64, l.real)
	for k, part := range [][]generate.Tokens{rows[l.real:], rows[:l.real]} {
		fit, err := model.Fit(ctx, generate.Task[generate.Tokens]{Train: generate.Sample[generate.Tokens]{{Rows: part, Weight: 1}}})
		if err != nil {
			return nil, err
		}
		if err := fit.(generate.Scorer[generate.Tokens]).Score(ctx, rows[:l.real], nats); err != nil {
			return nil, err
		}
		for i, x := range nats {
			if k == 1 {
				x = -x
			}
			ratio[i] += x / float64(len(rows[i]))
		}
	}
	return ratio, nil
}

// rowsOf numbers words by first sight, and closes rows.
func rowsOf(documents [][]uint64) []generate.Tokens {
	var ids text.Numbers
	rows := make([]generate.Tokens, len(documents))
	for i, words := range documents {
		row := make(generate.Tokens, 0, len(words)+1)
		for _, w := range words {
			row = append(row, generate.Words+ids.Of(w))
		}
		rows[i] = append(row, generate.End)
	}
	return rows
}
