// Package loop puts language models behind an API into the loop of generations: models whose fit is a prompt (InContext) or a
// fine-tuning job (FineTune), and whose rows are answers of a server.
//
// A row is the first line of an answer, read as the corpus was read. A call that failed or was answered by nothing is a row of no
// tokens, which the record says, and an answer that was cut at its length a row without generate.End: the intervention finished drops both. What was paid for is in a
// journal that all cells of a run share, so that a kill repeats no call; a budget that is reached pauses the cells.
package loop

import (
	"errors"
	"fmt"
	"strings"

	"modelcollapse/generate"
	"modelcollapse/generate/llm"
)

// A Server is how rows are asked for; it is part of the config of a model.
type Server struct {
	llm.Endpoint
	Sampling llm.Sampling `json:"sampling"`
	Budget   llm.Budget   `json:"budget" identity:"-"`
}

// Served is how the rows of a model are asked for, whatever kind it is.
func (s Server) Served() Server { return s }

// Dear marks that jobs and rows are paid for.
func (Server) Dear() {}

// scores reports that given text can be scored: where prompts are completed, since a chat has no place for given answers.
func (s Server) scores() bool { return s.API == "completions" && s.Profile.Scoring != "none" }

// bind checks the server, and takes from the truth how rows are texts.
func (s Server) bind(truth generate.Source[generate.Tokens]) (texts, error) {
	t, err := textsOf(truth)
	if err != nil {
		return t, err
	}
	return t, s.Validate()
}

// Validate refuses what cannot be called.
func (s Server) Validate() error {
	if s.BaseURL == "" || s.Model == "" {
		return errors.New("base_url and model: both are needed")
	}
	if err := s.Endpoint.Validate(); err != nil {
		return err
	}
	for _, stop := range s.Sampling.Stop {
		if stop == "" {
			return errors.New("sampling.stop: an empty text ends nothing")
		}
	}
	return nil
}

// ask is a call whose answer is one row.
func (s Server) ask(messages []llm.Message, prompt string) llm.Call {
	c := llm.Call{Messages: messages, Prompt: prompt, Sampling: s.Sampling, Logprobs: -1}
	if s.API == "completions" { // a chat may begin with a blank line
		c.Sampling.Stop = append([]string{"\n"}, s.Sampling.Stop...)
	}
	return c
}

// texts are what rows are to a server.
type texts struct{ generate.Textual }

func textsOf(truth generate.Source[generate.Tokens]) (texts, error) {
	t, ok := truth.(generate.Textual)
	if !ok {
		return texts{}, fmt.Errorf("%T does not read texts: use data of kind text or go_docs", truth)
	}
	return texts{t}, nil
}

// row is an answer as a row; why it is one of no tokens.
func (t texts) row(r llm.Reply) (row generate.Tokens, why string) {
	if r.Failed() {
		return generate.Tokens{}, r.Finish
	}
	line, rest, more := strings.Cut(strings.TrimLeft(r.Text, "\r\n\t "), "\n")
	if strings.TrimSpace(line) == "" {
		return generate.Tokens{}, "the answer is empty (finish_reason " + r.Finish + ")"
	}
	row = t.Row(strings.TrimRight(line, "\r"))
	if r.Finish != "stop" && !(more && rest != "") {
		row = row[:len(row)-1]
	}
	return row, ""
}

// lines are rows as texts, one a line, each with its line end.
func (t texts) lines(rows []generate.Tokens) string {
	var b strings.Builder
	for _, row := range rows {
		b.WriteString(t.Text(row))
		b.WriteByte('\n')
	}
	return b.String()
}

// Calls is the model and its server.
func (s Server) Calls() string { return s.Model + " at " + s.BaseURL + " (" + s.API + ")" }
