package pipeline

import (
	"strings"

	"modelcollapse/generate/text"
)

// Repetition drops texts that repeat themselves: the limits of Gopher's filter (Rae et al. 2021, arXiv 2112.11446, table A1).
type Repetition struct {
	Field string `json:"field" doc:"whose text; empty: the text of the record"`
}

// Open implements Stage.
func (p Repetition) Open(e *Env) (any, error) {
	textOf, err := e.textOf(p.Field)
	if err != nil {
		return nil, err
	}
	limits, repeater := text.Gopher(), &text.Repeater{}
	return each{e.Name, func(r *Record) string {
		broken := limits.Broken(repeater.Of(textOf(r.Fields)))
		if len(broken) == 0 {
			return ""
		}
		var names []string
		for _, b := range broken[1:] {
			names = append(names, b.Name)
		}
		return strings.TrimSuffix(broken[0].Name+": also "+strings.Join(names, ", "), ": also ")
	}}, nil
}
