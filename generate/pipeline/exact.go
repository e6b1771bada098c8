package pipeline

import (
	"crypto/sha256"
	"strings"
)

// Duplicate drops a record whose text, in lower case and with white space made even, a record before it had. It keeps 8
// bytes a record that stays.
type Duplicate struct {
	Field string `json:"field" doc:"whose text; empty: the text of the record"`
}

// Open implements Stage.
func (d Duplicate) Open(e *Env) (any, error) {
	text, err := e.textOf(d.Field)
	if err != nil {
		return nil, err
	}
	seen := map[[8]byte]struct{}{}
	return each{e.Name, func(r *Record) string {
		sum := sha256.Sum256([]byte(strings.ToLower(strings.Join(strings.Fields(text(r.Fields)), " "))))
		key := [8]byte(sum[:8])
		if _, there := seen[key]; there {
			return "duplicate"
		}
		seen[key] = struct{}{}
		return ""
	}}, nil
}
