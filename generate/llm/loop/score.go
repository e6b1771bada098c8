package loop

import (
	"context"
	"fmt"

	"modelcollapse/generate"
)

// scoreBehind writes the log probability of rows, each with its line end, given a prompt: that of both less that of the prompt.
func scoreBehind(ctx context.Context, a *answers, prompt string, rows []generate.Tokens, nats []float64) error {
	texts := make([]string, 0, len(rows)+1)
	for _, row := range rows {
		text := prompt + a.texts.Text(row)
		if n := len(row); n > 0 && row[n-1] == generate.End {
			text += "\n"
		}
		texts = append(texts, text)
	}
	if prompt != "" {
		texts = append(texts, prompt)
	}
	scored, tokens := make([]float64, len(texts)), make([]int, len(texts))
	if err := a.client.Score(ctx, texts, scored, tokens); err != nil {
		return fmt.Errorf("the likelihood of given text: %w (profile.scoring says how it is asked for; data_perplexity needs none)", paused(err))
	}
	copy(nats, scored[:len(rows)])
	if prompt != "" {
		for i := range nats[:len(rows)] {
			nats[i] -= scored[len(rows)]
		}
	}
	return nil
}
