package pipeline

import (
	"encoding/json"
	"strings"
)

// repaired cuts an answer to the JSON value in it: code fences and talk around it are left out, and so are commas before a
// closing bracket; of several values it is the longest. Changed says whether anything had to be; what is no JSON after it comes back as it is.
func repaired(answer string) (value string, changed bool) {
	text := strings.TrimSpace(answer)
	if json.Valid([]byte(text)) {
		return text, false
	}
	best, from := "", 0
	for range maxCandidates {
		next := strings.IndexAny(text[from:], "{[")
		if next < 0 {
			break
		}
		from += next
		whole := outermost(text[from:])
		candidate := withoutCommas(whole)
		if !json.Valid([]byte(candidate)) {
			from++
			continue
		}
		if len(candidate) > len(best) {
			best = candidate
		}
		from += len(whole)
	}
	if best == "" {
		return text, false
	}
	return best, true
}

// maxCandidates bounds how many brackets of an answer are tried as the beginning of its value.
const maxCandidates = 64

// outermost is the value that begins with the bracket at the start of a text, up to the bracket that closes it; the whole
// text where none does.
func outermost(text string) string {
	depth, quoted := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			if depth--; depth == 0 {
				return text[:i+1]
			}
		}
	}
	return text
}

// withoutCommas leaves out commas outside of texts that only white space parts from a closing bracket.
func withoutCommas(text string) string {
	var b strings.Builder
	quoted := false
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case quoted && c == '\\' && i+1 < len(text):
			b.WriteByte(c)
			i++
			c = text[i]
		case c == '"':
			quoted = !quoted
		case c == ',' && !quoted:
			rest := strings.TrimLeft(text[i+1:], " \t\r\n")
			if strings.HasPrefix(rest, "}") || strings.HasPrefix(rest, "]") {
				continue
			}
		}
		b.WriteByte(c)
	}
	return b.String()
}
