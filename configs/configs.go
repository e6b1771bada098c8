// Package configs reads what an experiment is: one strict YAML file, overridden by key=value, swept into arms.
//
// A config names kinds (of data, model, workflow, metric, intervention) and their settings. The package knows none of
// them: the caller hands in a Table that gives the struct of each kind, and the schema, the defaults, the suggestions
// and the types of overrides are all read off that table.
//
// Everything is refused that two readers could read differently or that would be ignored in silence, every mistake of a
// config is reported at once, and each with its place.
package configs

import "fmt"

// A Config is one experiment, or one arm of it, with every default filled in.
type Config struct {
	Name          string     `json:"-"`
	Title         string     `json:"title" doc:"What the experiment shows, in one line."`
	Claim         string     `json:"claim" doc:"The published statement that the experiment tests."`
	Cite          []string   `json:"cite" doc:"Keys of the papers it reproduces."`
	Data          Spec       `json:"data" section:"data" doc:"Where real rows come from."`
	Model         Spec       `json:"model" section:"model" doc:"The family that is fitted in every generation."`
	Models        []Spec     `json:"models" section:"model" doc:"Further architectures, which take turns with model."`
	Turns         Turns      `json:"turns" doc:"Which architecture is fitted when."`
	Workflow      Spec       `json:"workflow" section:"workflow" doc:"The rule that says what a generation learns from."`
	Inputs        string     `json:"inputs" default:"fresh" enum:"fresh,same" doc:"Of labelled rows: whether a fit labels inputs of its own, or those of generation 0 again (a fixed design)."`
	Start         string     `json:"start" default:"none" enum:"none,previous,first" doc:"The earlier fit that a fit is handed: to start from, or as the anchor of a penalty."`
	Interventions []Spec     `json:"interventions" section:"intervention" doc:"What is done to synthetic rows before they join the history, in order."`
	Refill        int        `json:"refill" default:"0" min:"0" max:"1000000" doc:"Draw again for rows that interventions drop, until a block is full, at most so many times its rows; 0: what is dropped stays away."`
	Metrics       []Spec     `json:"metrics" section:"metric" doc:"What is measured."`
	Rows          int        `json:"rows" default:"0" min:"0" doc:"Real rows that generation 0 is fitted on; 0: all training rows of a finite source."`
	Growth        Growth     `json:"growth" doc:"How the rows of a generation grow."`
	Generations   int        `json:"generations" default:"10" min:"1" max:"1000000" doc:"The last generation; generation 0 is the fit on real data."`
	Seed          uint64     `json:"seed" default:"1" doc:"The root of every random stream."`
	Replicates    Replicates `json:"replicates" default:"5" min:"0" max:"1000000" doc:"How many seeds of each arm, n being 0 to n-1, or a list of them."`
	Vary          string     `json:"vary" default:"chain" enum:"chain,split" doc:"What a replicate draws anew: the chain on one split of the data, or the split too."`
	Every         Every      `json:"every" default:"1" min:"0" max:"1000000" doc:"Which generations are measured: every n-th, a list, or log (1, 2, 5, 10, 20 ...). 0 and the last always are."`
	Probe         int        `json:"probe" default:"0" min:"0" doc:"Fresh units of a model that a metric sees (rows, of texts tokens); 0: automatic."`
	HeldOut       int        `json:"heldout" default:"0" min:"0" max:"100000000" doc:"Rows held out from a truth without end, for metrics that score them; 0: 10,000, or what data says. Of a truth that ends, data says how many."`
	Keep          Keep       `json:"keep" doc:"What stays on disk beside the records."`
	Execution     string     `json:"execution" default:"auto" enum:"auto,rows,statistics" doc:"Whether a chain moves rows or sufficient statistics."`
	Checkpoint    string     `json:"checkpoint" default:"auto" enum:"auto,replay,blocks" doc:"How a cell resumes: by being computed again, or from stored blocks."`
	Figures       []Figure   `json:"figures" short:"metric" doc:"What is drawn."`
	Verdict       Verdict    `json:"verdict" doc:"What the records are tested for."`
	Profile       Profile    `json:"profile" doc:"Thresholds of the collapse profile."`
}

// Keep says what stays on disk beside the records.
type Keep struct {
	Samples int    `json:"samples" default:"0" min:"0" doc:"Synthetic rows kept of each generation."`
	Models  string `json:"models" default:"none" enum:"none,last,all" doc:"Which fits are kept."`
}

// Validate checks what one setting cannot know of another.
func (c Config) Validate() error {
	seen := map[string]bool{}
	for i, m := range c.Metrics {
		if seen[m.Kind] {
			return fmt.Errorf("metrics[%d]: %s stands twice", i, m.Kind)
		}
		seen[m.Kind] = true
	}
	for i, t := range c.Verdict.Tests {
		if err := t.Validate(); err != nil {
			return fmt.Errorf("verdict.tests[%d]: %w", i, err)
		}
	}
	for _, g := range c.Every.List {
		if g > c.Generations {
			return fmt.Errorf("every lists generation %d, but generations is %d", g, c.Generations)
		}
	}
	return c.validateTurns()
}

// Canonical is the part of a config that decides what a cell computes, as canonical JSON: data, models and their turns,
// workflow, inputs, start, interventions, refill, rows and their growth, generations, probe, heldout, vary, execution. A caller that resolves execution: auto sets Execution first.
// The digest of the data, the seed, the replicate and the version of the streams are for the caller to add; title,
// claim, cite, metrics, figures, every, keep and checkpoint have no part in it.
func (c Config) Canonical() []byte {
	return encodePairs(map[string][]byte{
		"data":          c.Data.Canonical(),
		"model":         c.Model.Canonical(),
		"workflow":      c.Workflow.Canonical(),
		"models":        canonicals(c.Models),
		"turns":         mustJSON(Turns{c.Turns.By, c.Order()}),
		"inputs":        mustJSON(c.Inputs),
		"start":         mustJSON(c.Start),
		"interventions": canonicals(c.Interventions),
		"refill":        fmt.Append(nil, c.Refill),
		"growth":        mustJSON(c.Growth),
		"rows":          fmt.Append(nil, c.Rows),
		"generations":   fmt.Append(nil, c.Generations),
		"probe":         fmt.Append(nil, c.Probe),
		"heldout":       fmt.Append(nil, c.HeldOut),
		"vary":          mustJSON(c.Vary),
		"execution":     mustJSON(c.Execution),
	})
}

func canonicals(specs []Spec) []byte {
	out := []byte{'['}
	for i, s := range specs {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, s.Canonical()...)
	}
	return append(out, ']')
}
