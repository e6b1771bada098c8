package results

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"modelcollapse/internal/journal"
)

// A Seal says that a cell is complete and what it holds. It is the last line of the cell on disk.
type Seal struct {
	Cell        string            `json:"cell"`
	Outcome     string            `json:"outcome"`           // "finished", or why the chain ended early
	Generations int               `json:"generations"`       // records
	Lines       int               `json:"lines"`             // records and attachments
	Series      []string          `json:"series,omitempty"`  // in first-seen order
	Metrics     map[string]string `json:"metrics,omitempty"` // metric name -> identity of its parameters and version
	SHA256      string            `json:"sha256"`            // of the lines
}

const (
	sealPrefix   = `{"cell":`
	startPrefix  = `{"start":`
	attachPrefix = `{"attach":`
)

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// holds checks the lines of the cell against the seal.
func (s Seal) holds(body []byte) error {
	if digest(body) != s.SHA256 {
		return fmt.Errorf("cell %s: %w", s.Cell, journal.ErrDamaged)
	}
	return nil
}

// Attachments is how many the cell has.
func (s Seal) Attachments() int { return s.Lines - s.Generations }

// Has says whether the cell holds every metric with the same identity.
func (s Seal) Has(metrics map[string]string) bool {
	for name, id := range metrics {
		if got, ok := s.Metrics[name]; !ok || got != id {
			return false
		}
	}
	return true
}

// A start is the first line of an unfinished cell: whose it is, and with which metrics its records were made.
type start struct {
	Cell    string            `json:"start"`
	Metrics map[string]string `json:"metrics,omitempty"`
}

func isSeal(line []byte) bool   { return bytes.HasPrefix(line, []byte(sealPrefix)) }
func isStart(line []byte) bool  { return bytes.HasPrefix(line, []byte(startPrefix)) }
func isAttach(line []byte) bool { return bytes.HasPrefix(line, []byte(attachPrefix)) }
