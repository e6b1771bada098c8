package read

import (
	"bytes"
	"io"
	"regexp"
)

var (
	rule     = regexp.MustCompile(`^\s{0,3}[-=*_|:+ \t]{2,}$`)                        // rules, underlines of headings, frames of tables
	opening  = regexp.MustCompile(`^\s*(?:(?:>|#{1,6}|[-*+]|\d{1,9}[.)])(?:\s+|$))+`) // quotes, headings, items of lists
	link     = regexp.MustCompile(`!?\[([^\[\]]*)\](?:\([^()]*\)|\[[^\[\]]*\])`)
	address  = regexp.MustCompile(`^\s{0,3}\[[^\[\]]+\]:\s`) // where a link leads
	emphasis = regexp.MustCompile(`(\*{1,3}|\b_{1,3})([^\s*_](?:[^*_]*[^\s*_])?)(?:\*{1,3}|_{1,3}\b)`)
	remark   = regexp.MustCompile(`<!--.*?-->`)
)

// markdown reads prose, a text a line: front matter and fenced code are dropped, and lightly the marks of headings, lists, quotes,
// rules, links, emphasis and inline code. Nothing else is understood: indented code and HTML stay as they are.
func (t *textReader) markdown(r io.Reader) error {
	lines := newLineReader(r)
	var fence []byte // what closes the code or front matter we are in
	for {
		line, err := lines.text()
		if err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		trimmed := bytes.TrimSpace(line)
		switch {
		case fence != nil:
			if bytes.HasPrefix(trimmed, fence) && len(bytes.Trim(trimmed, string(fence[:1]))) == 0 {
				fence = nil
			}
			continue
		case lines.number == 1 && string(trimmed) == "---":
			fence = []byte("---")
			continue
		case bytes.HasPrefix(trimmed, []byte("```")), bytes.HasPrefix(trimmed, []byte("~~~")):
			n := len(trimmed) - len(bytes.TrimLeft(trimmed, string(trimmed[:1])))
			fence = bytes.Clone(trimmed[:n])
			continue
		case rule.Match(line), address.Match(line):
			continue
		}
		if err := t.yield(prose(line)); err != nil {
			return err
		}
	}
}

// prose is a line of Markdown without its marks.
func prose(line []byte) []byte {
	line = opening.ReplaceAll(line, nil)
	line = remark.ReplaceAll(line, nil)
	line = link.ReplaceAll(line, []byte("$1"))
	line = emphasis.ReplaceAll(line, []byte("$2"))
	return bytes.ReplaceAll(line, []byte("`"), nil)
}
