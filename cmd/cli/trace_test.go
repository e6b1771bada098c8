package cli

import (
	"strings"
	"testing"
	"unicode"

	"modelcollapse/experiments/pipelines"
	"modelcollapse/generate/pipeline"
)

// What a server wrote into a record is shown by trace on one line, and a terminal has nothing to obey.
func TestTraceObeysNobody(t *testing.T) {
	hostile := "m\x1b]0;title\x07\n\nfake line\u202e"
	n := &pipelines.Traced{Record: pipelines.Record{ID: "0123456789", Stage: "generate", Generation: 1, Origin: hostile, Why: hostile, Left: "judge",
		Fields: pipeline.Fields{"text": hostile}, Drawn: &pipeline.Drawn{Model: hostile, Finish: hostile}}, Lacking: hostile}
	for _, line := range append(detail(n, true), detail(n, false)...) {
		if strings.ContainsFunc(line, func(c rune) bool { return !unicode.IsPrint(c) }) {
			t.Errorf("%q", line)
		}
	}
}
