package generate

import "context"

// Finished keeps rows that whoever wrote them ended: a row of text that is closed by End. A call of a server that failed is a row of
// no tokens, and an answer that was cut at its length a row without End; dropping them changes the law of what is left (long rows
// are cut more often), which is why a config says so.
type Finished struct{}

// Name is finished.
func (Finished) Name() string { return "finished" }

// Apply drops every other row.
func (Finished) Apply(_ context.Context, b Batch[Tokens]) error {
	for i, row := range b.Rows {
		if len(row) == 0 || row[len(row)-1] != End {
			b.Weights[i] = 0
		}
	}
	return nil
}
