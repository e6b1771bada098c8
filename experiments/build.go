package experiments

import (
	"context"
	"errors"
	"fmt"
	"sort"

	"modelcollapse/configs"
	"modelcollapse/evaluate"
	"modelcollapse/generate"
	"modelcollapse/internal/rng"
)

// A builder turns configs into runners. Arms and replicates share what was read and split.
type builder struct {
	table Table
	reads map[string]any // who reads a data config, so that no arm reads it again
	open  map[string]any // what was read, by its config and split
	words spoken
}

// A built arm: its runner, and the digest of its data.
type built struct {
	runner Runner
	digest string
	source string // one line on what was read
}

// build makes the runner of one arm for one split of its data.
func (b *builder) build(ctx context.Context, c configs.Config, split rng.Key) (built, error) {
	switch c.Data.Rows {
	case b.table.Scalars.Kind.Name:
		return buildChain(ctx, b, b.table.Scalars, c, split)
	case b.table.Vectors.Kind.Name:
		return buildChain(ctx, b, b.table.Vectors, c, split)
	case b.table.Tokens.Kind.Name:
		return buildChain(ctx, b, b.table.Tokens, c, split)
	case b.table.Histogram.Kind.Name:
		return buildChain(ctx, b, b.table.Histogram, c, split)
	case b.table.Labelled.Kind.Name:
		return buildChain(ctx, b, b.table.Labelled, c, split)
	case b.table.Tables.Kind.Name:
		return buildChain(ctx, b, b.table.Tables, c, split)
	}
	return built{}, fmt.Errorf("data.kind %s: unknown", c.Data.Kind)
}

func buildChain[E any](ctx context.Context, b *builder, s Shelf[E], c configs.Config, split rng.Key) (built, error) {
	truth, err := opened[E](ctx, b, c, split)
	if err != nil {
		return built{}, fmt.Errorf("data: %w", err)
	}
	b.words[fmt.Sprintf("%T", truth)] = c.Data.Kind
	chain := Chain[E]{Name: hashed(c.Canonical(), c.Seed)[:12], Kind: s.Kind, Rule: c.Workflow.Kind, Truth: []generate.Source[E]{truth}, Generations: c.Generations, Probe: c.Probe,
		Laws: s.Laws, Execution: Execution(c.Execution), Refill: c.Refill, Checkpoint: c.Checkpoint == "blocks", Measured: func(g int) bool { return c.Every.Includes(g, c.Generations) },
		Keep: Keep{Samples: c.Keep.Samples, Models: c.Keep.Models}}
	if chain.HeldOut, err = heldOut(truth, c.HeldOut); err != nil {
		return built{}, err
	}
	if err := chain.choose(c, truth); err != nil {
		return built{}, err
	}
	for i, m := range chain.Models {
		b.words.add(m.Fits(), append([]configs.Spec{c.Model}, c.Models...)[i].Kind)
		_, dear := m.(generate.Dear)
		chain.Checkpoint = chain.Checkpoint || dear && c.Checkpoint == "auto"
	}
	r, err := compileFor(chain, c)
	if err != nil {
		return built{}, err
	}
	out := built{runner: r}
	if d, ok := truth.(generate.Digester); ok {
		out.digest, out.source = d.Digest()
	}
	return out, nil
}

// choose makes the metrics, interventions and models of a config, which the truth may have a say in.
func (c *Chain[E]) choose(cfg configs.Config, truth generate.Source[E]) error {
	for _, spec := range cfg.Metrics {
		m, ok := as[evaluate.Metric[E]](spec.Value)
		if !ok {
			return fmt.Errorf("metrics: %s does not measure %s rows", spec.Kind, c.Kind.Name)
		}
		c.Metrics = append(c.Metrics, m)
	}
	for _, spec := range cfg.Interventions {
		iv, err := boundIntervention(spec, truth, c.Kind)
		if err != nil {
			return fmt.Errorf("interventions: %s: %w", spec.Kind, err)
		}
		c.Interventions = append(c.Interventions, iv)
	}
	for _, spec := range append([]configs.Spec{cfg.Model}, cfg.Models...) {
		model, err := boundModel(spec, truth, c.Kind)
		if err != nil {
			return fmt.Errorf("model: %s: %w", spec.Kind, err)
		}
		c.Models = append(c.Models, counting(model, c.Metrics))
	}
	return nil
}

// heldOut is how many rows of a truth without end are held out: what the config says, else the truth; 0: the usual number.
func heldOut[E any](truth generate.Source[E], asked int) (int, error) {
	r, reserves := truth.(generate.Reserver)
	_, finite := truth.(generate.Finite[E])
	switch {
	case asked > 0 && (reserves || finite):
		return 0, fmt.Errorf("heldout: %d: how many rows of %T are held out is said by its own key, data.heldout", asked, truth)
	case reserves:
		return r.Reserve(), nil
	}
	return asked, nil
}

// opened is the data of a config, read and split once.
func opened[E any](ctx context.Context, b *builder, c configs.Config, split rng.Key) (generate.Source[E], error) {
	o, ok := as[generate.Opener[E]](c.Data.Value) // first: a source that opens itself checks what it was given
	if !ok {
		src, ok := as[generate.Source[E]](c.Data.Value)
		if !ok {
			return nil, fmt.Errorf("%s gives no rows of this kind", c.Data.Kind)
		}
		if c.Vary == "split" {
			return nil, fmt.Errorf("%s is a formula: there is nothing to split: leave out vary", c.Data.Kind)
		}
		return src, nil
	}
	data := string(c.Data.Canonical())
	name := data + string(split[:])
	if first, ok := b.reads[data].(generate.Opener[E]); ok {
		o = first
	}
	b.reads[data] = o
	if src, ok := b.open[name].(generate.Source[E]); ok {
		return src, nil
	}
	src, err := o.Open(ctx, split.Stream())
	if err != nil {
		return nil, err
	}
	b.open[name] = src
	return src, nil
}

// compileFor gives the workflow its rows: all training rows of a finite truth, unless the config says how many.
func compileFor[E any](chain Chain[E], c configs.Config) (Runner, error) {
	rule, ok := as[generate.Rule](c.Workflow.Value)
	if !ok {
		return nil, fmt.Errorf("workflow: %s is not one", c.Workflow.Kind)
	}
	f, finite := chain.Truth[0].(generate.Finite[E])
	rows := c.Rows
	if rows == 0 && finite {
		rows = len(f.Rows())
	}
	if rows == 0 {
		return nil, fmt.Errorf("rows: how many rows generation 0 learns from must be given: %s has no end", c.Data.Kind)
	}
	if finite && rows > len(f.Rows()) {
		return nil, fmt.Errorf("rows: %d: there are %d rows to train on after the held-out ones", rows, len(f.Rows()))
	}
	var err error
	if chain.Workflow, err = planned(rule, rows, c); err != nil {
		return nil, err
	}
	r, err := chain.Compile()
	var few ErrFewRows
	if errors.As(err, &few) {
		return nil, fmt.Errorf("%w; the largest rows that fits %d generations is %d", err, c.Generations, largest(rule, few.Have, c))
	}
	return r, err
}

// planned is the workflow of a config over so many first rows: its rule, and what a config says of any rule.
func planned(rule generate.Rule, rows int, c configs.Config) (generate.Workflow, error) {
	sizes, err := generate.Growing(c.Growth.Rule, rows, c.Growth.Rate, c.Generations)
	if err != nil {
		return nil, fmt.Errorf("growth: %w", err)
	}
	w, err := rule.Over(sizes, c.Generations)
	if err != nil {
		return nil, fmt.Errorf("workflow %s: %w", c.Workflow.Kind, err)
	}
	if c.Inputs == "same" {
		w = generate.SameInputs(w)
	}
	if c.Start != "none" {
		w = generate.Started(w, c.Start)
	}
	if len(c.Models) > 0 {
		w = generate.Turns(w, c.Turns.By == "node", c.Order())
	}
	return w, nil
}

// largest is the largest number of rows whose plan takes at most have real rows. Numbers that the workflow refuses are
// passed over: they are too small for it.
func largest(rule generate.Rule, have int, c configs.Config) int {
	return sort.Search(have, func(n int) bool {
		w, err := planned(rule, n+1, c)
		if err != nil {
			return false
		}
		need := 0
		for g := range c.Generations + 1 {
			for _, d := range w.Step(g).Draws {
				if d.Real(0) {
					need += d.Reserve(0)
				}
			}
		}
		return need > have
	})
}

// dataKey is where the split of the data comes from.
func dataKey(c configs.Config, replicate int) rng.Key {
	k := rng.Root(c.Seed).Child("data", 0)
	if c.Vary == "split" {
		k = k.Child("replicate", replicate)
	}
	return k
}
