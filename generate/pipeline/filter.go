package pipeline

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"modelcollapse/generate"
)

// Filter keeps records by a field, or by how their answer ended.
type Filter struct {
	Field  string   `json:"field" doc:"whose value is looked at"`
	Min    *float64 `json:"min" doc:"the least number that is kept"`
	Max    *float64 `json:"max" doc:"the greatest number that is kept"`
	In     []string `json:"in" doc:"the texts that are kept"`
	NotIn  []string `json:"not_in" doc:"the texts that are dropped"`
	Finish string   `json:"finish" doc:"how the answer must have ended: stop drops what was cut short"`
}

// Validate asks for something to look at.
func (f Filter) Validate() error {
	looks := f.Min != nil || f.Max != nil || len(f.In)+len(f.NotIn) > 0
	switch {
	case f.Field == "" && looks:
		return errors.New("field is missing: whose value is it?")
	case f.Field != "" && !looks:
		return errors.New("give min, max, in or not_in")
	case f.Field == "" && f.Finish == "":
		return errors.New("give field, or finish")
	case f.Min != nil && f.Max != nil && *f.Min > *f.Max:
		return fmt.Errorf("min %g is more than max %g", *f.Min, *f.Max)
	}
	return nil
}

// Open implements Stage.
func (f Filter) Open(e *Env) (any, error) {
	if f.Field != "" {
		if err := e.knows("field", f.Field); err != nil {
			return nil, err
		}
	}
	return each{e.Name, func(r *Record) string { return f.why(r) }}, nil
}

// knows refuses a field that records do not have.
func (e *Env) knows(setting, field string) error {
	if e.Fields.always(field) || e.Fields.sometimes(field) {
		return nil
	}
	return fmt.Errorf("%s: unknown field %q: there are %s", setting, field, e.Fields)
}

// why is the reason to drop a record; "": it stays.
func (f Filter) why(r *Record) string {
	if f.Finish != "" && (r.Drawn == nil || r.Drawn.Finish != f.Finish) {
		return "finish"
	}
	if f.Min != nil || f.Max != nil {
		x, ok := r.Fields.Number(f.Field)
		switch {
		case !ok:
			return f.Field + " is no number"
		case f.Min != nil && x < *f.Min:
			return f.Field + " below min"
		case f.Max != nil && x > *f.Max:
			return f.Field + " above max"
		}
	}
	text, _ := r.Fields.Text(f.Field)
	text = strings.TrimSpace(text)
	if len(f.In) > 0 && !slices.Contains(f.In, text) || slices.Contains(f.NotIn, text) {
		return f.Field + " not wanted"
	}
	return ""
}

// An each is an intervention that looks at one record after the other: why is the reason to drop it, or "".
type each struct {
	name string
	why  func(*Record) string
}

// Name implements generate.Intervention.
func (e each) Name() string { return e.name }

// Apply implements generate.Intervention.
func (e each) Apply(_ context.Context, b generate.Batch[Record]) error {
	for i := range b.Rows {
		if why := e.why(&b.Rows[i]); why != "" {
			b.Rows[i].Why, b.Weights[i] = why, 0
		}
	}
	return nil
}

// Length keeps records whose text is neither too short nor too long.
type Length struct {
	Field string `json:"field" doc:"whose text; empty: the text of the record"`
	Unit  string `json:"unit" default:"words" enum:"words,characters"`
	Min   int    `json:"min" default:"1" min:"0"`
	Max   int    `json:"max" default:"0" min:"0" doc:"0: no bound"`
}

// Validate checks what one setting cannot know of another.
func (l Length) Validate() error {
	if l.Max > 0 && l.Min > l.Max {
		return fmt.Errorf("min %d is more than max %d", l.Min, l.Max)
	}
	return nil
}

// Open implements Stage.
func (l Length) Open(e *Env) (any, error) {
	text, err := e.textOf(l.Field)
	if err != nil {
		return nil, err
	}
	return each{e.Name, func(r *Record) string {
		n := len(words(text(r.Fields)))
		if l.Unit == "characters" {
			n = len([]rune(text(r.Fields)))
		}
		switch {
		case n < l.Min:
			return "too short"
		case l.Max > 0 && n > l.Max:
			return "too long"
		}
		return ""
	}}, nil
}
