package cli

import (
	"fmt"
	"reflect"
	"strings"
	"text/tabwriter"

	"modelcollapse/evaluate"
)

// verdictOf says in words what a sampler audit found.
func verdictOf(t evaluate.SamplerTest) string {
	if t.P >= probeLevel {
		return fmt.Sprintf("what is drawn agrees with what is stated (p = %.3g): %d tokens, total variation %.3f", t.P, t.Drawn, t.TV)
	}
	s := fmt.Sprintf("what is drawn is not what is stated: p = %.2g, total variation %.3f over %d tokens", t.P, t.TV, t.Drawn)
	if t.Never > 0 {
		s += fmt.Sprintf("; %d of %d tokens that were expected at least five times never came (stated probability %.3g)", t.Never, t.Expected, t.Lost)
	}
	return s + ". The server samples otherwise than it was asked to: set what it cuts off by itself, such as body: {top_k: 0, min_p: 0}"
}

func (a *app) printProbed(p probed, asjson bool) error {
	if asjson {
		return asJSON(a.out, p)
	}
	t := tabwriter.NewWriter(a.out, 0, 4, 2, ' ', 0)
	fmt.Fprintf(t, "server\t%s, model %s, %s\n", p.BaseURL, p.Model, p.API)
	fmt.Fprintf(t, "scoring of given text\t%s\n", p.Profile.Scoring)
	fmt.Fprintf(t, "seed\t%s\n", p.Profile.Seed)
	fmt.Fprintf(t, "JSON schema\t%s\n", p.Profile.Schema)
	fmt.Fprintf(t, "several stops\t%s\n", p.Profile.Several)
	fmt.Fprintf(t, "log probabilities\t%s\n", map[bool]string{true: "yes", false: "no"}[p.Logprobs])
	sampler := make([]string, len(p.Sampler))
	for i, s := range p.Sampler {
		sampler[i] = s.String()
	}
	fmt.Fprintf(t, "sampler\t%s\n", strings.Join(sampler, ", "))
	if err := t.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(a.out, "\n%s\n\n%s, %s tokens of prompts, %s of answers", wrap(p.Says, 96, ""), plural(int(p.Spent.Calls), "call"), thousands(int(p.Spent.Prompt)), thousands(int(p.Spent.Answer)))
	if p.Spent.Money != nil {
		fmt.Fprintf(a.out, ", %.4g %s", *p.Spent.Money, p.currency)
	}
	_, err := fmt.Fprintln(a.out)
	return err
}

// String says what is sent, or that the default of the server applies, whatever it is.
func (s setting) String() string {
	v := reflect.ValueOf(s.Value)
	if v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	if !v.IsValid() {
		return s.Name + " not sent (the server's default)"
	}
	return fmt.Sprintf("%s %v", s.Name, v)
}
