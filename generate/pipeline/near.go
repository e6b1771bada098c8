package pipeline

import (
	"fmt"

	"modelcollapse/generate/text"
)

// NearDuplicate drops a text that is nearly one that stayed before it, by MinHash of its word n-grams. It keeps about 1 kB a
// record that stays.
type NearDuplicate struct {
	Field string `json:"field" doc:"whose text; empty: the text of the record"`
	text.Near
}

// Open implements Stage.
func (d NearDuplicate) Open(e *Env) (any, error) {
	textOf, err := e.textOf(d.Field)
	if err != nil {
		return nil, err
	}
	index, err := text.NewIndex(d.Near)
	if err != nil {
		return nil, err
	}
	return each{e.Name, func(r *Record) string {
		t := index.Prepare(textOf(r.Fields))
		if m, ok := index.First(t); ok {
			return fmt.Sprintf("near duplicate: %.2f like the %d. that stayed", m.Is, m.Kept+1)
		}
		index.Keep(t)
		return ""
	}}, nil
}

// RougeL drops a text whose ROUGE-L with one that stayed before it is above a limit: the filter of Self-Instruct (Wang et al.
// 2022, arXiv 2212.10560). It keeps a few bytes a word of what stays.
type RougeL struct {
	Field string  `json:"field" doc:"whose text; empty: the text of the record"`
	Limit float64 `json:"limit" default:"0.7" min:"0" max:"1" doc:"of the F score; what is above it is dropped"`
	Seeds bool    `json:"seeds" default:"true" doc:"the seeds (of more than 4096, a sample) count among what stayed, and are not dropped themselves"`
}

// Open implements Stage.
func (l RougeL) Open(e *Env) (any, error) {
	textOf, err := e.textOf(l.Field)
	if err != nil {
		return nil, err
	}
	kept := &text.Overlaps{}
	var hashes []uint64
	if l.Seeds {
		for _, s := range e.Pool.seeds {
			if t := textOf(s.Fields); t != "" {
				kept.Keep(text.Plain.Hash(nil, t))
			}
		}
	}
	return each{e.Name, func(r *Record) string {
		if l.Seeds && r.Drawn == nil { // it is one of them
			return ""
		}
		hashes = text.Plain.Hash(hashes[:0], textOf(r.Fields))
		if m, ok := kept.First(hashes, l.Limit); ok {
			return fmt.Sprintf("ROUGE-L: %.2f with the %d. that stayed", m.Is, m.Kept+1)
		}
		kept.Keep(hashes)
		return ""
	}}, nil
}
