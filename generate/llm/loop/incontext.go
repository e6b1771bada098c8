package loop

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"sort"

	"modelcollapse/generate"
	"modelcollapse/generate/llm"
	"modelcollapse/internal/rng"
)

// InContext learns by being shown: the fit keeps what it was trained on, and every answer is asked for behind a few rows of it, drawn
// anew (by weight, with replacement). The model itself never changes, so what a generation knows is what fits a prompt.
type InContext struct {
	Server
	Examples    int    `json:"examples" default:"16" min:"1" max:"10000" doc:"training rows in a prompt, drawn anew for every answer"`
	Instruction string `json:"instruction" default:"Each of the following lines comes from one source. Write one more line that could stand among them, and nothing else." doc:"of a chat, above the examples; completions see the lines alone"`

	texts texts
}

// Bind takes from the truth how rows are texts.
func (m InContext) Bind(truth generate.Source[generate.Tokens]) (generate.Model[generate.Tokens], error) {
	var err error
	m.texts, err = m.bind(truth)
	return m, err
}

// Weighs: rows are shown as often as they weigh.
func (InContext) Weighs() bool { return true }

// Fits can be asked for the likelihood of a row where prompts are completed.
func (m InContext) Fits() generate.Fitted[generate.Tokens] { return m.fitted(&shown{}) }

func (m InContext) fitted(f *shown) generate.Fitted[generate.Tokens] {
	if m.scores() {
		return shownScored{f}
	}
	return unscored{f}
}

// Fit keeps the rows.
func (m InContext) Fit(_ context.Context, t generate.Task[generate.Tokens]) (generate.Fitted[generate.Tokens], error) {
	folder, err := sharedOf(t)
	if err != nil {
		return nil, err
	}
	f := &shown{kept: kept{Folder: folder, Scored: t.Rand.Uint64()}}
	for row, weight := range t.Train.All() {
		if weight > 0 {
			f.Rows, f.Weights = append(f.Rows, slices.Clone(row)), append(f.Weights, weight)
		}
	}
	f.heard = t.Progress
	return m.opened(f)
}

// opened is a fit that can be asked.
func (m InContext) opened(f *shown) (generate.Fitted[generate.Tokens], error) {
	if len(f.Rows) == 0 {
		return nil, errors.New("no rows to show: nothing is left of what it learns from")
	}
	a, err := accounts.of(m.Server, f.Folder)
	if err != nil {
		return nil, err
	}
	f.answers = answers{account: a, server: m.Server, texts: m.texts, client: a.Client, heard: f.heard}
	f.call = func(r *rand.Rand) llm.Call { return m.prompt(f.examples(m.Examples, r)) }
	f.model, f.sum = m, make([]float64, len(f.Weights))
	total := 0.0
	for i, w := range f.Weights {
		total += w
		f.sum[i] = total
	}
	return m.fitted(f), nil
}

// prompt asks for one more row behind examples.
func (m InContext) prompt(examples []generate.Tokens) llm.Call {
	lines := m.texts.lines(examples)
	if m.API == "completions" {
		return m.ask(nil, lines)
	}
	return m.ask([]llm.Message{{Role: "system", Content: m.Instruction}, {Role: "user", Content: lines}}, "")
}

// kept is what a fit is made of.
type kept struct {
	Rows    []generate.Tokens
	Weights []float64
	Folder  string // that its cells share
	Scored  uint64 // the seed of the examples behind which given rows are scored
}

// shown is a fit of InContext.
type shown struct {
	answers
	kept
	model InContext
	sum   []float64 // running sums of the weights
}

// examples are k rows by weight.
func (f *shown) examples(k int, r *rand.Rand) []generate.Tokens {
	rows := make([]generate.Tokens, k)
	for i := range rows {
		u := r.Float64() * f.sum[len(f.sum)-1]
		rows[i] = f.Rows[min(len(f.sum)-1, sort.Search(len(f.sum), func(j int) bool { return f.sum[j] > u }))]
	}
	return rows
}

// Save writes the rows.
func (f *shown) Save(w io.Writer) error { return json.NewEncoder(w).Encode(f.kept) }

// Restore reads what Save wrote.
func (m InContext) Restore(r io.Reader) (generate.Fitted[generate.Tokens], error) {
	f := &shown{}
	if err := json.NewDecoder(r).Decode(&f.kept); err != nil {
		return nil, fmt.Errorf("a stored prompt: %w", err)
	}
	if err := stillThere(f.Folder); err != nil {
		return nil, err
	}
	return m.opened(f)
}

// shownScored is a shown whose server completes prompts, and so scores texts behind them.
type shownScored struct{ *shown }

// Score is the log probability of rows behind one prompt of examples, the same for all rows of the fit.
func (f shownScored) Score(ctx context.Context, rows []generate.Tokens, nats []float64) error {
	r := rng.Root(f.Scored).Child("scored", 0).Stream()
	prompt := f.model.texts.lines(f.examples(f.model.Examples, r))
	return scoreBehind(ctx, &f.answers, prompt, rows, nats)
}
