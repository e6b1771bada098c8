// Package command lets an external program be a model or a source: a PyTorch script, a simulator, anything that reads and
// writes lines of JSON. The protocol, version 1, is one process a call:
//
//	PROGRAM describe   prints {"protocol": 1, "score": false, "weights": false, "start": false}: what it can do
//	PROGRAM fit        reads COLLAPSE_TRAIN, leaves what it learned in the folder COLLAPSE_MODEL
//	PROGRAM sample     reads COLLAPSE_MODEL, writes COLLAPSE_N rows to COLLAPSE_OUT
//	PROGRAM score      reads COLLAPSE_MODEL and the rows COLLAPSE_IN, writes a natural log likelihood a row to COLLAPSE_OUT
//
// Files hold one JSON value a line: 1.5 is a scalar row, [1, 2] a vector, {"x": [1, 2], "y": 3} a labelled row, {"age": 31, "city": "Rome"} a row of a table, "a few words" a
// text; where describe says weights, a row of COLLAPSE_TRAIN is {"row": …, "weight": 0.5}. The environment further holds
// COLLAPSE_PROTOCOL, COLLAPSE_ROWS (the kind of row), COLLAPSE_SEED (below 2^63), COLLAPSE_GENERATION, COLLAPSE_NODE and, of a fit that
// begins at another one, COLLAPSE_START, its folder. Lines {"progress": 0.5, "note": "…"} on standard output are shown;
// everything else on standard output and standard error goes into the cell's log.
package command

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"modelcollapse/generate"
)

// Protocol is the version that is spoken here.
const Protocol = 1

// Program is how an external program is called; it is part of the config of a model or a source.
type Program struct {
	Run     Words         `json:"run" required:"true" doc:"the program and its arguments, such as [python3, model.py]; describe, fit, sample or score is added. It is started where collapse is"`
	Files   []string      `json:"files" doc:"further files and folders that the program is made of: it is another one, whose cells are computed again, when the content of these or of a file that run names changes"`
	Timeout time.Duration `json:"timeout" default:"1h" doc:"of one call"`
	Slots   Slots         `json:"slots"`
}

// Slots limit how many calls run at once, whatever --jobs says.
type Slots struct {
	GPU int `json:"gpu" default:"0" min:"0" max:"1024" doc:"GPUs: so many calls run at once, each with CUDA_VISIBLE_DEVICES set to one of them; 0: no limit"`
}

// Validate refuses a call of nothing.
func (p Program) Validate() error {
	if len(p.Run) == 0 || strings.TrimSpace(p.Run[0]) == "" {
		return errors.New("run: name a program, such as [python3, model.py]")
	}
	for _, f := range p.Files {
		if _, err := os.Stat(f); err != nil {
			return fmt.Errorf("files: %w", err)
		}
	}
	return nil
}

// Version is a digest of the files that the call names, so that another program is another experiment.
func (p Program) Version() string { return digestOf(append(slices.Clone(p.Run), p.Files...)) }

// Words are a program and its arguments; in a config a text too, which is cut at its spaces.
type Words []string

// Forms are the ways in which a config may write them.
func (Words) Forms() []any { return []any{"", []string(nil)} }

// UnmarshalJSON reads a text or a list of texts.
func (w *Words) UnmarshalJSON(b []byte) error {
	if one := ""; json.Unmarshal(b, &one) == nil {
		*w = strings.Fields(one)
		return nil
	}
	return json.Unmarshal(b, (*[]string)(w))
}

// abilities are what describe prints.
type abilities struct {
	Protocol int  `json:"protocol"`
	Score    bool `json:"score"`   // it can score
	Weights  bool `json:"weights"` // it takes rows with weights
	Start    bool `json:"start"`   // it makes something of COLLAPSE_START
}

// describe asks once what a program can do.
func (p Program) describe(kind string) (a abilities, err error) {
	c := call{program: p, verb: "describe", env: []string{"COLLAPSE_ROWS=" + kind}, answer: true}
	if err := c.run(context.Background()); err != nil {
		return a, err
	}
	text := strings.TrimSpace(string(c.said))
	if err := json.Unmarshal([]byte(text), &a); err != nil {
		return a, fmt.Errorf("%s describe: it must print one JSON object, such as {\"protocol\": 1, \"score\": false}, and printed %s", p.name(), quoted(text))
	}
	if a.Protocol != Protocol {
		return a, fmt.Errorf("%s describe: it speaks protocol %d, and this program %d", p.name(), a.Protocol, Protocol)
	}
	return a, nil
}

// name is the call as a person would write it.
func (p Program) name() string { return strings.Join(p.Run, " ") }

// wrong says that what a program left is not what was asked for.
func (p Program) wrong(verb string, err error) error {
	if errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("%s %s: it ended well and wrote no COLLAPSE_OUT", p.name(), verb)
	}
	return fmt.Errorf("%s %s: COLLAPSE_OUT: %w", p.name(), verb, err)
}

// folderOf is a directory of the task's own: in the run folder, or a temporary one where there is no run.
func folderOf[E any](t generate.Task[E]) (dir string, temporary bool, err error) {
	if t.Folder != nil {
		dir, err = t.Folder()
		return dir, false, err
	}
	dir, err = os.MkdirTemp("", "collapse-")
	return dir, true, err
}

// quoted is the beginning of a text, for a message.
func quoted(text string) string {
	if len(text) > 120 {
		text = text[:120] + "…"
	}
	return fmt.Sprintf("%q", text)
}
