package pipeline

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"modelcollapse/generate/llm"
	"modelcollapse/internal/rng"
)

// A Stage is a kind of stage: its struct is its config.
type Stage interface {
	// Open checks the settings against the fields that reach the stage, notes in e.Fields what it adds, and returns what
	// does the work: a generate.Source[Record], generate.Conditional[Record] or generate.Intervention[Record]. It makes
	// no call.
	Open(e *Env) (any, error)
}

// A Caller makes n calls and hands their replies to got in the order of their index; llm.Client is one.
type Caller interface {
	Each(ctx context.Context, n int, call func(i int) llm.Call, got func(i int, r llm.Reply) error) error
}

// An Embedder places texts in a space of a model's, a vector a text; model "": that of the endpoint.
type Embedder interface {
	Embed(ctx context.Context, model string, texts []string) ([][]float64, error)
}

// A Server is an endpoint that stages may call.
type Server struct {
	Caller   Caller
	Embedder Embedder       // nil: it makes no embeddings
	Body     map[string]any // further fields of every request, for the record
}

// server is an endpoint by its name; "": that of the pipeline.
func (e *Env) server(name string) (Server, error) {
	s, ok := e.Servers[name]
	if !ok {
		return s, fmt.Errorf("endpoint: unknown %q: there are %s", name, strings.TrimPrefix(strings.Join(sortedKeys(e.Servers), ", "), ", "))
	}
	return s, nil
}

// An Env is what a stage knows of the pipeline that it is part of.
type Env struct {
	Name     string // of the stage: its kind, and a number where the kind stands there again
	Run      string // digest of what decides what the pipeline makes
	Fields   *Names // of the records that reach the stage, and behind Open those that leave it
	Pool     *Pool
	Servers  map[string]Server // by the name of their endpoint
	Tally    *Tally            // of this stage
	Logprobs bool              // ask for the log probabilities of answers
	Root     string            // folder that paths begin at; "": the working directory
	text     []string          // the fields that are the text of a record; empty: what the last stage wrote
	key      rng.Key           // of the stage
	made     int               // records that the stage has made
	heard    func()            // an answer came; nil: nobody listens
	hopeful  bool              // of the first answers one came, or failed for another reason than the others
	refused  hopeless          // the first answers, as long as all fail
	about    string            // what a source was read from, for the card
	late     []func(last *Names) error
	calls    []cost // what a record costs in calls, for estimates
	factor   int    // records that a record becomes; 0: 1
}

// A cost is what one question asks of a server for each record.
type cost struct {
	server   string                 // name of the endpoint
	each     float64                // questions a record, as expected
	most     int                    // questions a record, at most
	reasks   int                    // of a question, at most
	prompt   func(last *Names) size // of a question, given the fields that the last stage leaves
	schema   int                    // bytes; a server may show it to the model
	sampling llm.Sampling
}

// next is the id of the next record that the stage makes.
func (e *Env) next() string {
	e.made++
	return id(e.Run, e.Name, e.made-1)
}

// textOf is the text of a record where it stands: the fields that are given, else those of the pipeline, else what the last
// stage wrote.
func (e *Env) textOf(given string) (func(Fields) string, error) {
	names, err := e.textNames(given)
	if err != nil {
		return nil, err
	}
	return func(f Fields) string { return joined(f, names) }, nil
}

// textNames are the fields of that text.
func (e *Env) textNames(given string) ([]string, error) {
	names := []string{given}
	if given == "" {
		names = e.text
	} else if !e.Fields.always(given) && !e.Fields.sometimes(given) {
		return nil, fmt.Errorf("field: unknown field %q: there are %s", given, e.Fields)
	}
	if len(names) == 0 {
		names = e.Fields.wrote
	}
	return names, nil
}

// joined is the texts of fields, one behind the other, each on lines of its own.
func joined(f Fields, names []string) string {
	var texts []string
	for _, name := range names {
		if text, ok := f.Text(name); ok {
			texts = append(texts, text)
		}
	}
	return strings.Join(texts, "\n")
}

// eachError puts a setting before each of the errors that err joins.
func eachError(setting string, err error) error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var all []error
		for _, e := range joined.Unwrap() {
			all = append(all, fmt.Errorf("%s: %w", setting, e))
		}
		return errors.Join(all...)
	}
	return fmt.Errorf("%s: %w", setting, err)
}

// template parses a template of a setting and checks its variables against the fields and more names.
func (e *Env) template(setting, text string, more ...string) (*Template, error) {
	t, err := ParseTemplate(text)
	if err == nil {
		err = t.check(e.Fields.beside(more...))
	}
	if err != nil {
		return nil, eachError(setting, err)
	}
	return t, nil
}
