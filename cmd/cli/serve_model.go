package cli

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"modelcollapse/experiments"
	"modelcollapse/results"
)

// serveFlags are the flags of serve-model.
type serveFlags struct {
	arms                                 []string
	replicate                            int
	generation                           string
	addr, keyEnv                         string
	temperature, topP, topK, minP, cache string // of the sampler; empty: honest
}

// serveModelVerb serves the fits of a run as OpenAI-compatible servers do.
func (a *app) serveModelVerb() *cobra.Command {
	f := serveFlags{replicate: -1, addr: "127.0.0.1:8080"}
	cmd := &cobra.Command{
		Use:   "serve-model RUN|CONFIG",
		Short: "Serve the models of a run of texts as an OpenAI-compatible server",
		Long: "Serves the fits of a run of texts: those that it kept (keep.models: all), or else the chain computed again, which gives the same.\n" +
			"Of a config, without a run, generation 0 is fitted and served. Models are called RUN:ARM:gGENERATION. Known are completions (with\n" +
			"echo and logprobs, which score a text exactly), chats, JSON schemas, embeddings, files, fine-tuning jobs and batches.",
		Example: "  collapse serve-model go-docs\n  collapse serve-model my-run --arm replace --generation 0,5,9 --top-k 40",
		Args:    exactly(1, "a run (its folder, or its name in results) or a config"),
		RunE:    func(cmd *cobra.Command, args []string) error { return a.serveModel(cmd.Context(), args[0], f) },
	}
	flags := cmd.Flags()
	flags.StringArrayVar(&f.arms, "arm", nil, "an arm, as often as there are arms to serve; all if none is given")
	flags.IntVar(&f.replicate, "replicate", f.replicate, "the replicate; the first of the config if none is given")
	flags.StringVar(&f.generation, "generation", "", "generations, such as 0,5,9, or all; the last of a run, 0 of a config if none is given")
	flags.StringVar(&f.addr, "addr", f.addr, "address to listen on; port 0 is any that is free")
	flags.StringVar(&f.keyEnv, "key-env", "", "environment variable that holds the key which requests must bear; none if not given")
	flags.StringVar(&f.temperature, "temperature", "", "temperature of requests that do not mention one")
	flags.StringVar(&f.topP, "top-p", "", "top_p of requests that do not mention it")
	flags.StringVar(&f.topK, "top-k", "", "top_k of requests that do not mention it, such as 40")
	flags.StringVar(&f.minP, "min-p", "", "min_p of requests that do not mention it, such as 0.05")
	flags.StringVar(&f.cache, "cache", "", "weight of the n-grams of a chat's own messages, in [0, 1), where a request does not mention it")
	return cmd
}

func (a *app) serveModel(ctx context.Context, name string, f serveFlags) error {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	o, err := f.service()
	if err != nil {
		return err
	}
	p, run, err := a.prepareServe(ctx, name, &o)
	if err != nil {
		return err
	}
	if run != nil {
		defer run.Close()
	}
	if err := o.choose(p, f); err != nil {
		return err
	}
	var kept *results.Reader
	if run != nil && p.loaded.Config.Keep.Models == "all" {
		kept = run
	}
	served, err := p.study.Serve(ctx, o.Service, kept)
	if err != nil {
		return usage(fmt.Errorf("serve-model: %w", err))
	}
	base, end, err := served.Listen(ctx, f.addr)
	if err != nil {
		return usage(fmt.Errorf("serve-model: --addr: %w", err))
	}
	a.greet(base, served.Models, f)
	<-ctx.Done()
	_ = end() // it is closed already
	fmt.Fprintln(a.err, "stopped")
	return nil
}

// A service is what is served, while it is being worked out.
type service struct {
	experiments.Service
	last bool // of a run the last generation is meant where none is given
}

// service is what the flags alone say.
func (f serveFlags) service() (o service, err error) {
	o.Arms, o.Defaults = f.arms, url.Values{}
	for key, value := range map[string]string{"temperature": f.temperature, "top_p": f.topP, "top_k": f.topK, "min_p": f.minP, "cache": f.cache} {
		if value != "" {
			o.Defaults.Set(key, value)
		}
	}
	if f.keyEnv != "" {
		if o.Key = os.Getenv(f.keyEnv); o.Key == "" {
			return o, errf("serve-model: --key-env %s: the variable is empty or not set", f.keyEnv)
		}
	}
	return o, nil
}

// prepareServe finds a run, and else a config of that name; the run is nil then.
func (a *app) prepareServe(ctx context.Context, name string, o *service) (*prepared, *results.Reader, error) {
	o.Name = strings.TrimSuffix(filepath.Base(name), ".yaml")
	dir, err := a.runDir(name)
	if err != nil { // no run: a config, whose own mistakes are told
		p, err := a.prepare(ctx, name, nil, "")
		return p, nil, err
	}
	o.last = true
	p, err := a.prepare(ctx, filepath.Join(dir, "config.yaml"), nil, dir)
	if err != nil {
		return nil, nil, err
	}
	run, err := results.OpenRun(dir)
	return p, run, err
}

// choose works out which replicate and which generations are meant.
func (o *service) choose(p *prepared, f serveFlags) error {
	c := p.loaded.Config
	if o.Replicate = f.replicate; f.replicate < 0 {
		o.Replicate = p.study.Cells[0].Replicate
	}
	switch {
	case f.generation == "" && !o.last:
		o.Generations = []int{0}
	case f.generation == "all":
		for g := range c.Generations + 1 {
			o.Generations = append(o.Generations, g)
		}
	case f.generation != "":
		for text := range strings.SplitSeq(f.generation, ",") {
			g, err := strconv.Atoi(strings.TrimSpace(text))
			if err != nil {
				return errf("serve-model: --generation %s: must be numbers with commas, or all", f.generation)
			}
			o.Generations = append(o.Generations, g)
		}
	}
	return nil
}

// greet says where the models are.
func (a *app) greet(base string, models []string, f serveFlags) {
	fmt.Fprintf(a.out, "%s\n", base)
	for _, m := range models {
		fmt.Fprintf(a.out, "  %s\n", m)
	}
	key := ""
	if f.keyEnv != "" {
		key = fmt.Sprintf(" -H \"Authorization: Bearer $%s\"", f.keyEnv)
	}
	fmt.Fprintf(a.out, "curl %s/completions%s -H 'Content-Type: application/json' -d '{\"model\": \"%s\", \"prompt\": \"\", \"max_tokens\": 40}'\n", base, key, models[0])
	if host, _, err := net.SplitHostPort(f.addr); err == nil && f.keyEnv == "" && !loopback(host) {
		fmt.Fprintf(a.err, "%s is open to others: whoever reaches it can ask, for there is no key (--key-env NAME)\n", f.addr)
	}
	fmt.Fprintln(a.err, "Ctrl-C ends it")
}

// loopback reports an address that only this machine reaches.
func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
