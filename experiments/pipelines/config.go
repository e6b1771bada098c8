// Package pipelines is where configs meet pipelines: the root of their configs, the table of their stages, and the run from a
// config to the folder of a data set.
package pipelines

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"reflect"
	"regexp"
	"slices"

	"modelcollapse/configs"
	"modelcollapse/generate/llm"
	"modelcollapse/generate/pipeline"
)

// A Config is one pipeline, with every default filled in.
type Config struct {
	Title    string       `json:"title" doc:"What the data set is, in one line."`
	Cite     []string     `json:"cite" doc:"The papers it is made after."`
	Endpoint llm.Endpoint `json:"endpoint" doc:"The server that is called."`
	Budget   llm.Budget   `json:"budget" doc:"Ends the run before the calls of endpoint cost more."`

	Endpoints map[string]Further `json:"endpoints" doc:"Further servers by name, such as a judge that is another model: a stage names one as its endpoint. Each has a budget of its own."`

	Seed     uint64         `json:"seed" default:"1" doc:"The root of every random stream, and of the seed of each call."`
	Records  int            `json:"records" default:"0" min:"0" max:"100000000" doc:"Records that are to be kept; 0: what one pass over the source gives. More are the same data set, grown; fewer are another one."`
	Tries    int            `json:"tries" default:"0" min:"0" doc:"Records of the source that are used at most; 0: one pass, or 20 for each of records."`
	Window   int            `json:"window" default:"32" min:"1" max:"4096" doc:"Records of the source that are under way at once, fewer where fewer are still wanted. Examples and filters that look at what was kept see earlier windows."`
	Logprobs bool           `json:"logprobs" default:"true" doc:"Ask for the log probabilities of answers; false for servers that refuse it."`
	Text     []string       `json:"text" doc:"Fields that are the text of a record, for filters and the ledger; empty: what the last stage wrote."`
	Columns  []string       `json:"columns" doc:"Fields that the data set has; empty: all."`
	Stages   []configs.Spec `json:"stages" section:"stage" doc:"What is done, in order: sources, then everything else."`
	Audit    *Audit         `json:"audit" doc:"Audits the data set against real data once it is complete, into its folder."`
}

// An Audit says what a data set is compared with.
type Audit struct {
	Real string `json:"real" default:"seeds" doc:"A file of real data, or seeds: the real records that this pipeline began with."`
	Text string `json:"text" doc:"The field that holds the text; empty: the one that text of the pipeline names, or else the columns of a table."`

	RealText string `json:"real_text" doc:"The field that holds the text of the real data; empty: text, as of records of one kind."`
	Splits   int    `json:"splits" default:"200" min:"20" max:"100000" doc:"Halvings of the real data, and exchanges."`
}

// A Further endpoint is one that stages name.
type Further struct {
	llm.Endpoint
	Budget llm.Budget `json:"budget" doc:"Ends the run before the calls of this endpoint cost more."`
}

// Validate checks what one setting cannot know of another.
func (c Config) Validate() error {
	if len(c.Stages) == 0 {
		return errors.New("stages: there are none; the first must be a source: seeds, grid or quota")
	}
	if err := c.Endpoint.Validate(); err != nil {
		return fmt.Errorf("endpoint: %w", err)
	}
	for _, name := range slices.Sorted(maps.Keys(c.Endpoints)) {
		if !endpointName.MatchString(name) {
			return fmt.Errorf("endpoints: the name %q may hold a-z, 0-9 and _ only", name)
		}
		if err := c.Endpoints[name].Endpoint.Validate(); err != nil {
			return fmt.Errorf("endpoints.%s: %w", name, err)
		}
	}
	return nil
}

// endpointName is what may become part of the name of a journal.
var endpointName = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// all are the endpoints by name, with their budgets; that of the pipeline is "".
func (c Config) all() map[string]Further {
	out := maps.Clone(c.Endpoints)
	if out == nil {
		out = map[string]Further{}
	}
	out[""] = Further{c.Endpoint, c.Budget}
	return out
}

// A Loaded is the config of a pipeline that was read and checked.
type Loaded = configs.Document[Config]

// Load reads a pipeline by the name of a file, or of one in the program, with overrides.
func Load(name string, overrides []string) (*Loaded, error) {
	return configs.LoadDocument[Config](Kinds(), configs.Pipelines(), name, overrides)
}

// List describes the pipelines of files.
func List(files fs.FS) []configs.Info { return configs.ListDocuments[Config](files, Kinds()) }

// Schema is the JSON schema of the config of a pipeline.
func Schema() ([]byte, error) { return configs.SchemaOf[Config](Kinds(), "collapse pipeline") }

// Kinds are the types behind the names of stages.
func Kinds() (out configs.Table) {
	for _, k := range pipeline.Kinds() {
		out = append(out, configs.Kind{Section: configs.Stage, Name: k.Name, Type: reflect.TypeOf(k.Prototype), Doc: k.Doc})
	}
	return out
}
