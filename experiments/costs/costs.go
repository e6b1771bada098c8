// Package costs compares what ways of making the same data set cost: in money, hours, energy and carbon.
package costs

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"

	"modelcollapse/configs"
)

// A Config is one comparison. What an option does not state stays unknown: nothing is assumed.
type Config struct {
	Title   string            `json:"title" doc:"What is compared, in one line."`
	Cite    []string          `json:"cite" doc:"Where the numbers come from."`
	Items   float64           `json:"items" default:"1000000" min:"1" doc:"How many things are made."`
	Unit    string            `json:"unit" default:"rows" doc:"What a thing is called, in the plural."`
	Options map[string]Option `json:"options" doc:"The ways of making them, by name."`
}

// An Option is one way of making the things.
type Option struct {
	Input   *float64 `json:"input_tokens" min:"0" doc:"tokens of prompts an item"`
	Output  *float64 `json:"output_tokens" min:"0" doc:"tokens of answers an item"`
	Prices  Prices   `json:"prices"`
	Speed   *float64 `json:"per_second" min:"0.000001" doc:"items a second"`
	Hourly  *float64 `json:"hourly_price" min:"0" doc:"of the machine, in the same currency"`
	Watts   *float64 `json:"watts" min:"0" doc:"power of the machine while it works"`
	PerItem *Range   `json:"wh_per_item" min:"0" doc:"watt hours an item: a number, or [least, most]"`
	Carbon  *float64 `json:"kg_co2_per_kwh" min:"0" doc:"of the grid"`
	Note    string   `json:"note" doc:"whose numbers these are"`
}

// Prices are those of a server.
type Prices struct {
	Input  *float64 `json:"input" min:"0" doc:"per million tokens of prompts"`
	Output *float64 `json:"output" min:"0" doc:"per million tokens of answers"`
}

// A Range is a number that is known within bounds.
type Range struct{ Least, Most float64 }

// Forms are a number and two.
func (Range) Forms() []any { return []any{0.0, []float64(nil)} }

// UnmarshalJSON reads a number, or [least, most].
func (r *Range) UnmarshalJSON(b []byte) error {
	var x float64
	var two []float64
	switch {
	case json.Unmarshal(b, &x) == nil:
		two = []float64{x, x}
	case json.Unmarshal(b, &two) != nil || len(two) != 2 || two[0] > two[1]:
		return errors.New("must be a number or [least, most]")
	}
	r.Least, r.Most = two[0], two[1]
	return nil
}

// MarshalJSON writes what UnmarshalJSON reads.
func (r Range) MarshalJSON() ([]byte, error) {
	if r.Least == r.Most {
		return json.Marshal(r.Least)
	}
	return json.Marshal([]float64{r.Least, r.Most})
}

func (r Range) times(x float64) *Range { return &Range{r.Least * x, r.Most * x} }

// Validate refuses what contradicts itself.
func (c Config) Validate() error {
	if len(c.Options) == 0 {
		return errors.New("options: there are none")
	}
	for name, o := range c.Options {
		switch {
		case o.Hourly != nil && o.Speed == nil:
			return fmt.Errorf("options.%s: hourly_price: per_second is missing, without which nobody knows the hours", name)
		case o.Watts != nil && o.Speed == nil:
			return fmt.Errorf("options.%s: watts: per_second is missing, without which nobody knows the hours", name)
		case o.Watts != nil && o.PerItem != nil:
			return fmt.Errorf("options.%s: watts and wh_per_item: both say what an item takes: give one", name)
		}
	}
	return nil
}

// A Loaded is a comparison that was read and checked.
type Loaded = configs.Document[Config]

// Load reads a comparison by the name of a file, or of one in the program, with overrides.
func Load(name string, overrides []string) (*Loaded, error) {
	return configs.LoadDocument[Config](nil, configs.Costs(), name, overrides)
}

// List describes the comparisons of files.
func List(files fs.FS) []configs.Info { return configs.ListDocuments[Config](files, nil) }
