package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"sort"
	"strings"
	"text/tabwriter"
	"time"

	"golang.org/x/term"

	"modelcollapse/experiments/pipelines"
	"modelcollapse/internal/show"
)

// A making shows how far a data set is: a line that is drawn over, plain lines, or lines of JSON.
type making struct {
	w      io.Writer
	kind   string
	prices pipelines.Prices
	start  time.Time
	last   time.Time
	noted  time.Time // the last note was shown
}

func newMaking(kind string, w io.Writer, prices pipelines.Prices) (*making, error) {
	if kind == "auto" {
		kind = "plain"
		if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
			kind = "bar"
		}
	}
	switch kind {
	case "bar", "plain", "json", "none":
		return &making{w: w, kind: kind, prices: prices, start: time.Now()}, nil
	}
	return nil, usage(fmt.Errorf("--progress %s: auto, bar, plain, json or none", kind))
}

func (m *making) happened(p pipelines.Progress) {
	every := time.Second
	if m.kind == "bar" {
		every = 100 * time.Millisecond
	}
	now, since := time.Now(), m.last
	if p.Note != "" { // while something is waited for nothing else is said
		since = m.noted
	}
	if m.kind == "none" || now.Sub(since) < every {
		return
	}
	if m.last = now; p.Note != "" {
		m.noted = now
	}
	switch m.kind {
	case "bar":
		fmt.Fprintf(m.w, "\r\x1b[K%s", m.line(p, now))
	case "plain":
		fmt.Fprintln(m.w, m.line(p, now))
	case "json":
		json.NewEncoder(m.w).Encode(p)
	}
}

// line says what there is, how fast it comes, what it cost and how long it will take.
func (m *making) line(p pipelines.Progress, now time.Time) string {
	var b strings.Builder
	if p.Wanted > 0 {
		fmt.Fprintf(&b, "%d/%d records", p.Kept, p.Wanted)
	} else {
		fmt.Fprintf(&b, "%d/%d of the source, %s", p.Tried, p.Tries, plural(p.Kept, "record"))
	}
	spent := now.Sub(m.start)
	fmt.Fprintf(&b, ", %s", plural(p.Calls, "call"))
	if s := spent.Seconds(); s >= 1 {
		fmt.Fprintf(&b, " (%.3g/s)", float64(p.Calls)/s)
	}
	if m.prices.Input != nil || m.prices.Output != nil {
		fmt.Fprintf(&b, ", %.4g %s", p.Cost, m.prices.Currency)
	}
	if done := p.Done(); done > 0 && done < 1 && spent >= time.Second {
		fmt.Fprintf(&b, ", %s left", short(time.Duration(float64(spent)*(1-done)/done)))
	}
	if p.Stage != "" {
		fmt.Fprintf(&b, "  %s", p.Stage)
	}
	if p.Note != "" {
		fmt.Fprintf(&b, ": %s", show.Line(p.Note, 100))
	}
	return b.String()
}

func (m *making) end() {
	if m.kind == "bar" {
		fmt.Fprint(m.w, "\r\x1b[K")
	}
}

// printTallies is a table of what became of records and answers.
func printTallies(w io.Writer, all []*pipelines.Tally) error {
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	fmt.Fprintln(t, "stage\tentered\tmade\tdropped\twhy\tanswers")
	for _, s := range all {
		answers := ""
		if a := s.Answers; a != nil {
			answers = answersLine(*a)
		}
		fmt.Fprintf(t, "%s\t%d\t%d\t%d\t%s\t%s\n", s.Stage, s.Entered, s.Made, s.Dropped, strings.Join(s.Reasons(), ", "), answers)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintln(w)
	return err
}

// answersLine says how answers came into form; a count of 0 says nothing.
func answersLine(a pipelines.Answers) string {
	var parts []string
	for _, p := range []struct {
		n    int
		what string
	}{{a.Valid, "valid"}, {a.Repaired, "repaired"}, {a.Reasked, "re-asked"}, {a.Invalid, "invalid"}, {a.Failed, "failed"}, {a.Cut, "cut short"}} {
		if p.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", p.n, p.what))
		}
	}
	return strings.Join(parts, ", ")
}

// printRecord shows one record of a preview.
func printRecord(w io.Writer, r pipelines.Record) error {
	head := r.Stage + " " + r.ID[:8]
	if len(r.Parents) > 0 {
		head += " of " + r.Parents[0][:8]
		if len(r.Parents) > 1 {
			head += fmt.Sprintf(" and %d more", len(r.Parents)-1)
		}
	}
	if r.Why != "" {
		head += fmt.Sprintf(": dropped by %s: %s", r.Left, show.Line(r.Why, 200))
	} else if r.Left == "" {
		head += ": kept"
	}
	fmt.Fprintln(w, head)
	var names []string
	for name := range r.Fields {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		text, _ := r.Fields.Text(name)
		fmt.Fprintf(w, "  %s: %s\n", name, show.Line(text, 300))
	}
	_, err := fmt.Fprintln(w)
	return err
}

// printEstimate says what a pipeline would cost.
func printEstimate(w io.Writer, l *pipelines.Loaded, e pipelines.Costs) error {
	fmt.Fprintf(w, "%s: %s\n%s at %s\n\n", l.Name(), show.Line(l.Config.Title, 200), l.Config.Endpoint.Model, l.Config.Endpoint.BaseURL)
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	fmt.Fprintln(t, "stage\tcalls\ttokens of prompts\tof answers\tat most\t\t")
	for _, s := range append(e.Stages, e.Total()) {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", s.Stage, thousands(s.Expected.Calls), thousands(s.Expected.Prompt), thousands(s.Expected.Answer),
			thousands(s.Most.Calls), thousands(s.Most.Prompt), thousands(s.Most.Answer))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	fmt.Fprintln(w)
	if expected, most, ok := pipelines.Money(l, e); ok {
		fmt.Fprintf(w, "%.4g %s expected, %.4g at most\n", expected, l.Config.Endpoint.Prices.Currency, most)
	} else {
		fmt.Fprintln(w, "no prices are given: endpoint.prices.input and .output, per million tokens")
	}
	_, err := fmt.Fprintln(w, wrap(e.Assumes(), 96, ""))
	return err
}
