package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/term"

	"modelcollapse/experiments"
)

// A progress shows what happens. It is told from one goroutine at a time.
type progress interface {
	happened(experiments.Happening)
	end()
}

// newProgress picks how: a bar on a terminal, plain lines elsewhere.
func newProgress(kind string, w io.Writer, s *experiments.Study) (progress, error) {
	t := experiments.Tally{Cells: len(s.Cells)}
	for _, c := range s.Cells {
		t.Generations += c.Runner().Plan().Generations() + 1
	}
	if kind == "auto" {
		kind = "plain"
		if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
			kind = "bar"
		}
	}
	start := time.Now()
	switch kind {
	case "bar":
		return &bar{w: w, tally: t, start: start}, nil
	case "plain":
		return &plain{w: w, tally: t, start: start}, nil
	case "json":
		return &lines{json.NewEncoder(w)}, nil
	case "none":
		return nothing{}, nil
	}
	return nil, usage(fmt.Errorf("--progress %s: auto, bar, plain, json or none", kind))
}

type nothing struct{}

func (nothing) happened(experiments.Happening) {}
func (nothing) end()                           {}

// forget takes a reused cell's generations off what is left to do.
func forget(t *experiments.Tally, h experiments.Happening) {
	if h.What == "reused" {
		t.Generations -= h.Last + 1
	}
	t.Count(h)
}

// A bar is one line that is drawn over.
type bar struct {
	w     io.Writer
	tally experiments.Tally
	start time.Time
	last  time.Time
}

func (b *bar) happened(h experiments.Happening) {
	forget(&b.tally, h)
	if h.What == "failed" {
		fmt.Fprintf(b.w, "\r\x1b[K%s\n", failure(h))
	}
	if now := time.Now(); now.Sub(b.last) >= 100*time.Millisecond {
		b.last = now
		b.draw(h)
	}
}

func (b *bar) draw(h experiments.Happening) {
	const width = 24
	full := 0
	if b.tally.Generations > 0 {
		full = min(width, width*b.tally.Reached/b.tally.Generations)
	}
	fmt.Fprintf(b.w, "\r\x1b[K%s%s %d/%d cells%s  %s", strings.Repeat("█", full), strings.Repeat("░", width-full),
		b.tally.Done, b.tally.Cells, b.eta(), where(h))
}

func (b *bar) eta() string {
	left, ok := b.tally.Left(time.Since(b.start))
	if !ok || time.Since(b.start) < time.Second {
		return ""
	}
	return ", " + short(left) + " left"
}

func (b *bar) end() { fmt.Fprint(b.w, "\r\x1b[K") }

// A plain progress is a line a cell, at most one a second, for pipes and logs.
type plain struct {
	w     io.Writer
	tally experiments.Tally
	start time.Time
	last  time.Time
}

func (p *plain) happened(h experiments.Happening) {
	forget(&p.tally, h)
	if h.What == "failed" {
		fmt.Fprintln(p.w, failure(h))
		return
	}
	if now := time.Now(); h.What == "done" && (now.Sub(p.last) >= time.Second || p.tally.Done == p.tally.Cells) {
		p.last = now
		eta := ""
		if left, ok := p.tally.Left(time.Since(p.start)); ok && p.tally.Done < p.tally.Cells {
			eta = ", " + short(left) + " left"
		}
		fmt.Fprintf(p.w, "%d/%d cells%s  %s\n", p.tally.Done, p.tally.Cells, eta, where(h))
	}
}

func (p *plain) end() {}

// lines are one JSON object a happening.
type lines struct{ to *json.Encoder }

func (l *lines) happened(h experiments.Happening) {
	err := ""
	if h.Err != nil {
		err = h.Err.Error()
	}
	l.to.Encode(struct {
		What       string  `json:"what"`
		Cell       string  `json:"cell"`
		Arm        string  `json:"arm"`
		Replicate  int     `json:"replicate"`
		Generation int     `json:"generation"`
		Last       int     `json:"last"`
		Outcome    string  `json:"outcome,omitempty"`
		Error      string  `json:"error,omitempty"`
		Fitted     float64 `json:"fitted,omitempty"`
		Note       string  `json:"note,omitempty"`
	}{h.What, h.Cell.ID, h.Arm, h.Cell.Replicate, h.Generation, h.Last, h.Outcome, err, h.Done, h.Note})
}

func (l *lines) end() {}

func where(h experiments.Happening) string {
	if h.What == "fit" {
		return fmt.Sprintf("%s, replicate %d, generation %d of %d: %.0f %% %s", h.Arm, h.Cell.Replicate, h.Generation, h.Last, 100*h.Done, h.Note)
	}
	if h.What == "generation" {
		return fmt.Sprintf("%s, replicate %d, generation %d of %d", h.Arm, h.Cell.Replicate, h.Generation, h.Last)
	}
	return fmt.Sprintf("%s, replicate %d", h.Arm, h.Cell.Replicate)
}

func failure(h experiments.Happening) string {
	return fmt.Sprintf("failed: %s: %s", where(h), firstLine(h.Err.Error()))
}

// firstLine leaves the stack of a panic off.
func firstLine(text string) string {
	if first, _, more := strings.Cut(text, "\n"); more {
		return first + " (more in failed.jsonl)"
	}
	return text
}

// short writes a duration as a person would.
func short(d time.Duration) string {
	d = d.Round(time.Second)
	if d < time.Minute {
		return fmt.Sprintf("%d s", int(d.Seconds()))
	}
	if d < time.Hour {
		return fmt.Sprintf("%d min %02d s", int(d.Minutes()), int(d.Seconds())%60)
	}
	return fmt.Sprintf("%d h %02d min", int(d.Hours()), int(d.Minutes())%60)
}
