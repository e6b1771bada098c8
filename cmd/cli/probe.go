package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"modelcollapse/evaluate"
	"modelcollapse/experiments/pipelines"
	"modelcollapse/generate/llm"
	"modelcollapse/generate/llm/loop"
	"modelcollapse/internal/rng"
)

// probeFlags are the flags of probe.
type probeFlags struct {
	model, keyEnv, api, prompt, journal string
	draws                               int
	json                                bool
}

// probeLevel is the level at which the sampler audit rejects.
const probeLevel = 0.01

// probeVerb finds out what a server can do and whether it draws what it states.
func (a *app) probeVerb() *cobra.Command {
	f := probeFlags{draws: 1500, prompt: "The"}
	cmd := &cobra.Command{
		Use:   "probe CONFIG|URL [key=value …]",
		Short: "Find out what a server can do, and whether it draws tokens as it states them",
		Long: "Makes few short calls that find out what the server of a config (of a run or a pipeline) or of a URL can do, and then draws first\n" +
			"tokens of answers to one prompt and tests them against the log probabilities that the server states. A server that cuts the\n" +
			"tail off unasked (top_k, min_p) is a cause of model collapse by itself. Every call is paid for; none is repeated with --journal.\n" +
			"The exit code is 4 where the test rejects at 1 %, 0 where it does not or where the server gives no log probabilities.",
		Example: "  collapse probe embedded\n  collapse probe 'embedded?top_k=40&min_p=0.05'\n  collapse probe http://127.0.0.1:8000/v1 --model NAME\n  collapse probe api-vllm model.model=NAME",
		Args:    atLeast(1, "a config or the base URL of a server"),
		RunE:    func(cmd *cobra.Command, args []string) error { return a.probe(cmd.Context(), args[0], args[1:], f) },
	}
	f.declare(cmd)
	return cmd
}

func (f *probeFlags) declare(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.model, "model", "", "the model, as the server calls it")
	flags.StringVar(&f.keyEnv, "key-env", "", "environment variable that holds the key")
	flags.StringVar(&f.api, "api", "", "chat or completions")
	flags.StringVar(&f.prompt, "prompt", f.prompt, "what the first tokens are answers to")
	flags.StringVar(&f.journal, "journal", "", "file in which calls are kept and found again (default: none is)")
	flags.IntVar(&f.draws, "draws", f.draws, "tokens drawn, each by a call")
	flags.BoolVar(&f.json, "json", false, "print JSON")
}

// A probed server is what probe prints.
type probed struct {
	BaseURL  string                `json:"base_url"`
	Model    string                `json:"model"`
	API      string                `json:"api"`
	Profile  llm.Profile           `json:"profile"`
	Logprobs bool                  `json:"logprobs"`
	Sampler  []setting             `json:"sampler"`
	Audit    *evaluate.SamplerTest `json:"audit"` // nil: it cannot be tested
	Says     string                `json:"says"`
	Spent    llm.Spent             `json:"spent"`

	currency string
}

// A setting is a field of the sampler; nil: it is not sent.
type setting struct {
	Name  string `json:"name"`
	Value any    `json:"value"`
}

func (a *app) probe(ctx context.Context, name string, overrides []string, f probeFlags) error {
	if f.draws < 50 {
		return errf("probe: --draws %d: at least 50 are needed to say anything", f.draws)
	}
	s, err := a.probedServer(name, overrides, f)
	if err != nil {
		return err
	}
	if f.journal == "" {
		dir, err := os.MkdirTemp("", "collapse-probe-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		f.journal = filepath.Join(dir, "calls.jsonl")
	}
	client, err := llm.Open(s.Endpoint, llm.Options{Budget: s.Budget, Journal: f.journal})
	if err != nil {
		return usage(fmt.Errorf("probe: %w", err))
	}
	stop, ctx, done := a.interrupts(ctx, underCalls)
	defer done()
	defer when(stop, client.Stop)()
	p, err := s.probe(ctx, client, f)
	p.Spent, p.currency = client.Spent(), s.Prices.Currency
	if err = errors.Join(err, client.Close()); err != nil {
		return fmt.Errorf("probe: %w", err)
	}
	if err := a.printProbed(p, f.json); err != nil {
		return err
	}
	if p.Audit != nil && p.Audit.P < probeLevel {
		return coded{errors.New(""), exitRejected}
	}
	return nil
}

// A target is the server that is probed.
type target struct{ loop.Server }

// probedServer is that of a URL, of a pipeline, or of the model of a run's config.
func (a *app) probedServer(name string, overrides []string, f probeFlags) (t target, err error) {
	t.Sampling = llm.Sampling{Temperature: new(1.0), TopP: new(1.0)}
	switch {
	case strings.Contains(name, "://") || (llm.Endpoint{BaseURL: name}).InProcess():
		if t.BaseURL = name; len(overrides) > 0 {
			return t, errf("probe: %s is a server: it takes flags, not key=value", name)
		}
	case a.isPipeline(name):
		l, err := pipelines.Load(name, overrides)
		if err != nil {
			return t, usage(err)
		}
		t.Endpoint, t.Budget = l.Config.Endpoint, l.Config.Budget
	default:
		l, err := a.load(name, overrides)
		if err != nil {
			return t, err
		}
		served, ok := l.Config.Model.Value.(interface{ Served() loop.Server })
		if !ok {
			return t, errf("probe: %s: its model %s is not behind a server", name, l.Config.Model.Kind)
		}
		t.Server = served.Served()
	}
	return t, t.settle(f)
}

// settle takes what the flags say over what the config says.
func (t *target) settle(f probeFlags) error {
	t.Batch = false
	for _, flag := range []struct {
		value string
		field *string
	}{{f.model, &t.Model}, {f.keyEnv, &t.KeyEnv}, {f.api, &t.API}} {
		if flag.value != "" {
			*flag.field = flag.value
		}
	}
	if t.API != "" && t.API != "chat" && t.API != "completions" {
		return errf("probe: --api %s: chat or completions", t.API)
	}
	if t.Model == "" && t.InProcess() {
		t.Model = "go-docs"
	}
	if t.Model == "" {
		return errf("probe: --model: name the model as the server calls it")
	}
	if t.API == "" {
		t.API = "chat"
	}
	return nil
}

// probe makes the calls.
func (t target) probe(ctx context.Context, c *llm.Client, f probeFlags) (p probed, err error) {
	p = probed{BaseURL: t.BaseURL, Model: t.Model, API: t.API, Sampler: t.sampler()}
	if p.Profile, err = c.Probe(ctx); err != nil {
		return p, err
	}
	stream := rng.Root(1).Child("probe", 0).Stream()
	calls := make([]llm.Call, f.draws)
	for i := range calls {
		calls[i].Seed, calls[i].Sample = new(int64(stream.Uint32()>>1)), i
	}
	ask := llm.Call{Prompt: f.prompt, Sampling: t.Sampling}
	drawn, law, err := loop.FirstTokens(ctx, c, ask, f.draws, func(i int) llm.Call { return calls[i] })
	if err != nil {
		return p, err
	}
	if p.Logprobs = len(law) > 0; !p.Logprobs || len(drawn) == 0 {
		p.Says = "whether tokens are drawn as stated cannot be tested: the server gives no log probabilities"
		return p, nil
	}
	test, err := evaluate.TestSampler(drawn, law)
	p.Audit, p.Says = &test, verdictOf(test)
	return p, err
}

// sampler is what a request says of how it is sampled.
func (t target) sampler() (all []setting) {
	s := t.Sampling
	for _, f := range []struct {
		name  string
		value any
		given bool
	}{{"temperature", s.Temperature, s.Temperature != nil}, {"top_p", s.TopP, s.TopP != nil}, {"top_k", s.TopK, s.TopK != nil}, {"min_p", s.MinP, s.MinP != nil}} {
		if !f.given {
			f.value = t.Body[f.name]
		}
		all = append(all, setting{f.name, f.value})
	}
	return all
}
