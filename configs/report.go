package configs

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// A Problem is one mistake in a config and where it stands.
type Problem struct {
	File         string // as it was named; "command line" for an override
	Line, Column int    // from 1; 0: the file as a whole
	Source       string // the line as written
	Message      string // what is wrong and what to do
}

// String is "file:line:column: message", with the line and a caret below it.
func (p Problem) String() string {
	var b strings.Builder
	b.WriteString(p.File)
	if p.Line > 0 && p.File != commandLine {
		fmt.Fprintf(&b, ":%d:%d", p.Line, p.Column)
	}
	b.WriteString(": " + p.Message)
	if p.Line > 0 && p.Source != "" && p.Column <= maxShown {
		number := fmt.Sprint(p.Line)
		if p.File == commandLine {
			number = ""
		}
		fmt.Fprintf(&b, "\n %4s | %s\n      | %s^", number, clip(p.Source), indent(p.Source, p.Column))
	}
	return b.String()
}

// maxShown is the widest piece of a line that an error repeats, in characters.
const maxShown = 160

func clip(line string) string {
	if r := []rune(line); len(r) > maxShown {
		return string(r[:maxShown]) + "…"
	}
	return line
}

// indent is the white space that puts a caret under column col (from 1) of line; tabs stay tabs.
func indent(line string, col int) string {
	var b strings.Builder
	for i, r := range []rune(line) {
		if i == col-1 {
			break
		}
		if r != '\t' {
			r = ' '
		}
		b.WriteRune(r)
	}
	return b.String()
}

// An Error is every mistake that was found in a config, in the order of the files and lines.
type Error struct {
	Problems []Problem
	More     int // how many more there were than Problems holds
}

// maxProblems is how many mistakes one Error spells out.
const maxProblems = 100

// Error lists all problems, one after the other.
func (e *Error) Error() string {
	lines := make([]string, 0, len(e.Problems)+1)
	for _, p := range e.Problems {
		lines = append(lines, p.String())
	}
	if e.More > 0 {
		lines = append(lines, fmt.Sprintf("and %d more", e.More))
	}
	return strings.Join(lines, "\n")
}

// A report collects problems; the same message at the same place counts once.
type report struct {
	problems []placed
	seen     map[seen]bool
	more     int
	hits     int    // problems reported, those known already included
	suffix   string // of every message: which arm it was found in
}

type placed struct {
	Problem
	rank int
}

type seen struct {
	at      position
	message string
}

func (r *report) add(at position, format string, args ...any) {
	r.hits++
	id := seen{at, fmt.Sprintf(format, args...)}
	if r.seen[id] {
		return
	}
	if r.full() {
		r.more++
		return
	}
	if r.seen == nil {
		r.seen = map[seen]bool{}
	}
	r.seen[id] = true
	p := Problem{Line: at.line, Column: at.col, Source: at.sourceLine(), Message: id.message + r.suffix}
	rank := 0
	if at.src != nil {
		p.File, rank = at.src.name, at.src.rank
	}
	r.problems = append(r.problems, placed{p, rank})
}

// full reports whether further problems will only be counted.
func (r *report) full() bool { return len(r.problems) >= maxProblems }

// count is how many problems were reported so far; it grows even where one was known already.
func (r *report) count() int { return r.hits }

// err is nil when nothing was reported.
func (r *report) err() error {
	if len(r.problems) == 0 {
		return nil
	}
	slices.SortStableFunc(r.problems, func(a, b placed) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	e := &Error{More: r.more}
	for _, p := range r.problems {
		e.Problems = append(e.Problems, p.Problem)
	}
	return e
}
