package pipeline

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"modelcollapse/generate/llm"
	"modelcollapse/internal/show"
	"modelcollapse/internal/store"
)

// ReadLedger is the ledger of the data set in a folder; nil: there is none.
func ReadLedger(folder string) *Ledger {
	f, err := store.Open(folder)
	if err != nil {
		return nil
	}
	defer f.Close()
	b, err := f.ReadFile(ledgerFile)
	if err != nil {
		return nil
	}
	l := &Ledger{}
	if json.Unmarshal(b, l) != nil || l.Run == "" {
		return nil
	}
	return l
}

// Facts are what the card of a data set says beside what the pipeline knows.
type Facts struct {
	Title    string
	Cite     []string // references, in words
	Config   []byte   // the resolved config, as YAML
	BaseURL  string
	Model    string
	Currency string
	Spent    llm.Spent
}

// Write makes the data set, its ledger and its card of the trail that Run wrote.
func (p *Pipeline) Write(report Report, facts Facts) (*Ledger, error) {
	if err := p.writeDataset(); err != nil {
		return nil, err
	}
	ledger, err := p.ledger(report)
	if err != nil {
		return nil, err
	}
	return ledger, errors.Join(
		p.folder.Put(ledgerFile, func(w io.Writer) error { return indented(w, ledger) }),
		p.folder.PutBytes("pipeline.yaml", facts.Config),
		p.folder.PutBytes(cardFile, []byte(p.card(ledger, facts))))
}

// card is the data set card, in the form of the Hugging Face hub.
func (p *Pipeline) card(l *Ledger, f Facts) string {
	var b strings.Builder
	fmt.Fprintf(&b, "---\nconfigs:\n- config_name: default\n  data_files:\n  - split: train\n    path: %s\n", trainParquet)
	fmt.Fprintf(&b, "tags:\n- synthetic\n# license: name one; the terms of the model and of the seeds decide which you may\n---\n\n# %s\n\n", show.Markdown(show.Line(p.plan.Name, 200)))
	if f.Title != "" {
		fmt.Fprintf(&b, "%s\n\n", show.Markdown(show.Line(f.Title, 500)))
	}
	if len(f.Cite) > 0 {
		fmt.Fprintf(&b, "After %s.\n\n", show.Markdown(show.Line(strings.Join(f.Cite, ", "), 2000)))
	}
	fmt.Fprintf(&b, "%d records by %s at %s, seed %d. Outcome: %s.\n\n", l.Kept, show.Code(show.Line(f.Model, 200)), show.Markdown(show.Line(f.BaseURL, 200)),
		p.plan.Seed, show.Markdown(show.Line(l.Outcome, 500)))
	p.made(&b)
	p.stageTable(&b, l)
	p.costs(&b, l, f)
	fmt.Fprintf(&b, "## What was taken away\n\n%s\n\n", list(l.Lines()))
	if len(l.Stages) > 0 {
		b.WriteString("`ledger.json` has all deciles, `ledger.svg` is a picture of them.\n\n")
	}
	fmt.Fprintf(&b, "## Columns\n\nFields: %s. `%s` names the row in `%s`, `%s` is how many models stand between it and what was read, `%s` how much of what it descends from is real.\n\n",
		strings.Join(ticked(p.columns), ", "), columnID, trailFile, columnGeneration, columnShare)
	fmt.Fprintf(&b, "`%s` has every record, dropped ones too, with parents, prompt and response hashes, seed and cost; `collapse trace ID` walks one back to its seeds. `calls.jsonl` has every call.\n\n", trailFile)
	fence := show.Fence(string(f.Config), 3)
	fmt.Fprintf(&b, "## Config\n\n%syaml\n%s%s\n", fence, f.Config, fence)
	return b.String()
}

// made says what the records were made of, and how answers were drawn.
func (p *Pipeline) made(b *strings.Builder) {
	for _, o := range p.sources {
		fmt.Fprintf(b, "- %s: %s\n", o.env.Name, show.Markdown(show.Line(o.env.about, 500)))
	}
	for _, o := range p.stages {
		for _, c := range o.env.calls {
			s := c.sampling
			if s.MaxTokens == 0 { // an embedding is not drawn
				continue
			}
			sampler := Sampler{s.Temperature, s.TopP, s.TopK, s.MinP, s.MaxTokens, s.Stop, o.env.Servers[c.server].Body}
			fmt.Fprintf(b, "- %s: sampler %s\n", o.env.Name, show.Code(show.Line(string(asJSON(sampler)), 1000)))
		}
	}
	b.WriteString("\nWhat a sampler does not say was left to the server.\n\n")
}

func (p *Pipeline) stageTable(b *strings.Builder, l *Ledger) {
	b.WriteString("## Stages\n\n| stage | entered | made | dropped | why | answers: valid, repaired, re-asked, invalid, failed; cut short |\n|---|---:|---:|---:|---|---|\n")
	for _, t := range l.Tallies {
		answers := ""
		if a := t.Answers; a != nil {
			answers = fmt.Sprintf("%d, %d, %d, %d, %d; %d", a.Valid, a.Repaired, a.Reasked, a.Invalid, a.Failed, a.Cut)
		}
		fmt.Fprintf(b, "| %s | %d | %d | %d | %s | %s |\n", t.Stage, t.Entered, t.Made, t.Dropped, show.Markdown(strings.Join(t.Reasons(), ", ")), answers)
	}
	b.WriteString("\n")
	for _, line := range l.Judgements() {
		fmt.Fprintf(b, "%s\n\n", line)
	}
}

// Judgements says how far judges can be believed.
func (l *Ledger) Judgements() (lines []string) {
	for _, t := range l.Tallies {
		if r := t.Retest; r != nil && r.Pairs > 0 {
			lines = append(lines, fmt.Sprintf("%s, asked again about %d records, gave the same score to %.0f %%; the scores differ by %.2g on average.",
				t.Stage, r.Pairs, 100*float64(r.Equal)/float64(r.Pairs), r.Spread))
		}
		if o := t.Order; o != nil && o.Pairs > 0 {
			lines = append(lines, fmt.Sprintf("%s, shown %d pairs both ways round: in %.0f %% the first place won both times, in %.0f %% the second (order bias %+.2f).",
				t.Stage, o.Pairs, 100*float64(o.First)/float64(o.Pairs), 100*float64(o.Second)/float64(o.Pairs), o.Bias()))
		}
	}
	return lines
}

func (p *Pipeline) costs(b *strings.Builder, l *Ledger, f Facts) {
	b.WriteString("## Cost\n\n")
	s := f.Spent
	fmt.Fprintf(b, "%d calls, %d tokens of prompts, %d of answers.", s.Calls, s.Prompt, s.Answer)
	if s.Money != nil {
		fmt.Fprintf(b, " %.4g %s", *s.Money, f.Currency)
		if l.Kept > 0 {
			fmt.Fprintf(b, ", %.3g a kept record", *s.Money/float64(l.Kept))
		}
		b.WriteString(".")
	}
	if s.WattHours != nil {
		fmt.Fprintf(b, " %.3g Wh", *s.WattHours)
		if s.Carbon != nil {
			fmt.Fprintf(b, ", %.3g kg CO2", *s.Carbon)
		}
		b.WriteString(".")
	}
	b.WriteString("\n\n")
}

func list(lines []string) string {
	if len(lines) == 0 {
		return "Nothing."
	}
	var b strings.Builder
	for _, line := range lines {
		indent := line[:len(line)-len(strings.TrimLeft(line, " "))]
		fmt.Fprintf(&b, "%s- %s\n", indent, strings.TrimLeft(line, " "))
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func ticked(names []string) (out []string) {
	for _, name := range names {
		out = append(out, "`"+name+"`")
	}
	return out
}
