package configs_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"time"

	"modelcollapse/configs"
)

// The kinds of these tests: every form a setting can take, and two kinds of row.
type (
	goDocs struct {
		Heldout float64 `json:"heldout" default:"0.1" min:"0" max:"0.9" doc:"Share of the rows that no model trains on."`
		Path    string  `json:"path" doc:"A folder; empty: the installed Go."`
	}
	gaussian struct {
		Mean float64 `json:"mean" doc:"Mean of the truth."`
		SD   float64 `json:"sd" default:"1" min:"0" doc:"Standard deviation of the truth."`
	}
	ngram struct {
		Order     int           `json:"order" default:"3" min:"1" max:"6" doc:"Words an n-gram has."`
		Smoothing string        `json:"smoothing" default:"none" enum:"none,kneser_ney,add_k" doc:"How unseen n-grams are treated."`
		K         float64       `json:"k" doc:"What add_k adds."`
		Tied      bool          `json:"tied"`
		Timeout   time.Duration `json:"timeout" default:"30s"`
		Slots     int           `json:"slots" identity:"-"`
		Lambdas   []float64     `json:"lambdas" default:"[0.1, 0.3, 0.6]" min:"0" max:"1"`
		Start     *int          `json:"start" doc:"Generation to start from."`
		Decoding  decoding      `json:"decoding"`
	}
	decoding struct {
		Temperature float64            `json:"temperature" default:"1" min:"0"`
		Bias        map[string]float64 `json:"bias"`
	}
	kde struct {
		Bandwidth float64 `json:"bandwidth" default:"0.5"`
	}
	mix struct {
		Real share  `json:"real" default:"0.5" min:"0" max:"1" doc:"How much is real, in each generation."`
		Rows string `json:"rows" default:"fixed" enum:"fixed,fresh,resampled"`
	}
	window struct {
		Width int `json:"width" default:"3" min:"1"`
	}
	tail struct {
		Decile int `json:"decile" default:"1" min:"1" max:"9"`
	}
	filter struct {
		Keep float64 `json:"keep" required:"true" min:"0" max:"1"`
	}
)

// A share is a number, a list of one a generation, or a line from one to another.
type share struct {
	constant float64
	list     []float64
	line     *line
}

type line struct {
	From float64 `json:"from" default:"1"`
	To   float64 `json:"to"`
}

func (share) Forms() []any { return []any{0.0, []float64(nil), line{}} }

func (s *share) UnmarshalJSON(b []byte) error {
	*s = share{}
	if json.Unmarshal(b, &s.constant) == nil || json.Unmarshal(b, &s.list) == nil {
		return nil
	}
	return json.Unmarshal(b, &s.line)
}

func (m *mix) Validate() error {
	if m.Rows == "fresh" && m.Real.constant > 0.9 {
		return fmt.Errorf("real 0.9 is the most that fresh rows allow")
	}
	return nil
}

func table() configs.Table {
	kind := func(section, name, rows string, settings any) configs.Kind {
		k := configs.Kind{Section: section, Name: name, Rows: rows, Doc: name + " of the tests."}
		if settings != nil {
			k.Type = reflect.TypeOf(settings)
		}
		return k
	}
	return configs.Table{
		kind(configs.Data, "go_docs", "tokens", goDocs{}),
		kind(configs.Data, "gaussian", "scalars", gaussian{}),
		kind(configs.Model, "ngram", "tokens", ngram{}),
		kind(configs.Model, "gaussian", "scalars", nil),
		kind(configs.Model, "kde", "scalars", kde{}),
		kind(configs.Workflow, "replace", "", nil),
		kind(configs.Workflow, "accumulate", "", nil),
		kind(configs.Workflow, "window", "", window{}),
		kind(configs.Workflow, "mix", "", mix{}),
		kind(configs.Metric, "data_perplexity", "tokens", nil),
		kind(configs.Metric, "variance", "scalars", nil),
		kind(configs.Metric, "tail_loss", "tokens", tail{}),
		kind(configs.Metric, "tail_loss", "scalars", nil),
		kind(configs.Intervention, "filter", "", filter{}),
	}
}
