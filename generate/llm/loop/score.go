package loop

import (
	"context"
	"fmt"

	"modelcollapse/generate"
)

// scoreBehind writes the log probability of rows, each with its line end, given a prompt.
func scoreBehind(ctx context.Context, a *answers, prompt string, rows []generate.Tokens, nats []float64) error {
	texts := make([]string, len(rows))
	for i, row := range rows {
		texts[i] = a.texts.Text(row)
		if n := len(row); n > 0 && row[n-1] == generate.End {
			texts[i] += "\n"
		}
	}
	if err := a.client.ScoreBehind(ctx, prompt, texts, nats, make([]int, len(rows))); err != nil {
		return fmt.Errorf("the likelihood of given text: %w (profile.scoring says how it is asked for; data_perplexity needs none)", paused(err))
	}
	return nil
}
