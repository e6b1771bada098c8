package experiments

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"modelcollapse/generate"
	"modelcollapse/generate/llm/server"
	"modelcollapse/generate/ngram"
	"modelcollapse/results"
)

// A Service says which fits of a study are served, and how.
type Service struct {
	Name        string     // what ids of models begin with
	Arms        []string   // nil: all
	Replicate   int        // of every arm
	Generations []int      // nil: the last
	Defaults    url.Values // of the sampler, such as top_k=40
	Key         string     // that requests must bear; empty: none
}

// Served is a server of fits, and the ids of its models in order.
type Served struct {
	http.Handler
	Models []string
}

// Serve makes a server of fits of the study, taken from a run that kept them, or computed again where kept is nil. Ids are
// NAME:ARM:gG, of further nodes NAME:ARM:gG:nN.
func (s *Study) Serve(ctx context.Context, o Service, kept *results.Reader) (*Served, error) {
	defaults, err := server.Defaults(o.Defaults)
	if err != nil {
		return nil, err
	}
	var models []server.Model
	for i, a := range s.Arms {
		if len(o.Arms) > 0 && !slices.Contains(o.Arms, a.Name) {
			continue
		}
		if rows := a.Config.Data.Rows; rows != generate.TokenRows.Name {
			return nil, fmt.Errorf("data.kind %s: gives %s: only models of texts are served", a.Config.Data.Kind, rows)
		}
		generations := o.Generations
		if generations == nil {
			generations = []int{a.Config.Generations}
		}
		found, err := s.fits(ctx, i, o, generations, kept)
		if err != nil {
			return nil, fmt.Errorf("arm %s: %w", a.Name, err)
		}
		models = append(models, found...)
	}
	if err := s.unknownArm(o.Arms); err != nil {
		return nil, err
	}
	h, err := server.New(models, server.Options{Key: o.Key, Defaults: &defaults})
	if err != nil {
		return nil, err
	}
	out := &Served{Handler: h}
	for _, m := range models {
		out.Models = append(out.Models, m.ID)
	}
	return out, nil
}

func (s *Study) unknownArm(asked []string) error {
	var names []string
	for _, a := range s.Arms {
		names = append(names, a.Name)
	}
	for _, name := range asked {
		if !slices.Contains(names, name) {
			return fmt.Errorf("there is no arm %q; there are %s", name, strings.Join(names, ", "))
		}
	}
	return nil
}

// fits are the models of some generations of an arm.
func (s *Study) fits(ctx context.Context, arm int, o Service, generations []int, kept *results.Reader) (models []server.Model, err error) {
	last := s.Arms[arm].Config.Generations
	for _, g := range generations {
		if g < 0 || g > last {
			return nil, fmt.Errorf("there is no generation %d: they go from 0 to %d", g, last)
		}
	}
	i := slices.IndexFunc(s.Cells, func(c Cell) bool { return c.Arm == arm && c.Replicate == o.Replicate })
	if i < 0 {
		return nil, fmt.Errorf("there is no replicate %d", o.Replicate)
	}
	c := s.Cells[i]
	take := func(g, node int, fit, truth any) error {
		if !slices.Contains(generations, g) {
			return nil
		}
		id := fmt.Sprintf("%s:%s:g%d", o.Name, s.Arms[arm].Name, g)
		if node > 0 {
			id += fmt.Sprintf(":n%d", node)
		}
		m, err := servedModel(id, fit, truth)
		models = append(models, m)
		return err
	}
	var store generate.Store
	var was results.Seal
	if kept != nil {
		done := false
		if was, done = kept.Sealed(c.ID); done {
			store = kept.Kept(c.ID)
		}
	}
	if err := c.runner.Fits(ctx, c.Key, store, was, generations, take); err != nil {
		return nil, s.words.error(err)
	}
	if len(models) == 0 {
		return nil, fmt.Errorf("the chain ended before generation %d", slices.Min(generations))
	}
	return models, nil
}

// servedModel is a fit as a server has it.
func servedModel(id string, fit, truth any) (m server.Model, err error) {
	c, ok := fit.(generate.Continuer)
	if !ok {
		return m, fmt.Errorf("%T does not know the law of its next token: only n-grams are served", fit)
	}
	m = server.Model{ID: id, Fit: c}
	if n, ok := fit.(*ngram.Fitted); ok {
		how := n.Model()
		m.How = &how
	}
	m.Text, err = server.TextOf(truth)
	return m, err
}

// Listen serves on an address until close is called or ctx ends; the URL is what clients take as their base.
func (s *Served) Listen(ctx context.Context, address string) (baseURL string, close func() error, err error) {
	return server.ListenOn(ctx, address, s)
}
