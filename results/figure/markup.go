package figure

import (
	"strings"
	"unicode/utf8"
)

// span is a piece of text at one level: 0 on the line, 1 raised, −1 lowered.
type span struct {
	text  string
	level int
}

// parse splits the markup ^{...} and _{...}. A brace that is not closed is
// text. Unicode superscripts and subscripts, which few fonts have, become
// raised and lowered plain characters.
func parse(s string) []span {
	var out []span
	add := func(t string, level int) {
		if t == "" {
			return
		}
		if n := len(out); n > 0 && out[n-1].level == level {
			out[n-1].text += t
			return
		}
		out = append(out, span{t, level})
	}
	for s != "" {
		i := strings.IndexAny(s, "^_")
		if i < 0 {
			break
		}
		inner, rest, ok := group(s[i:])
		if !ok {
			addPlain(s[:i+1], add)
			s = s[i+1:]
			continue
		}
		addPlain(s[:i], add)
		level := 1
		if s[i] == '_' {
			level = -1
		}
		add(inner, level)
		s = rest
	}
	addPlain(s, add)
	return out
}

// group reads "^{inner}rest"; ok is false where s does not start with a group.
func group(s string) (inner, rest string, ok bool) {
	if len(s) < 2 || s[1] != '{' {
		return "", s, false
	}
	return strings.Cut(s[2:], "}")
}

func addPlain(s string, add func(string, int)) {
	for _, r := range s {
		if p, level := unscript(r); level != 0 {
			add(string(p), level)
		} else {
			add(string(r), 0)
		}
	}
}

// unscript gives the plain character and the level of a superscript or
// subscript; level 0 means that r is neither. ¹ ² ³ are in the font but sit
// lower than raised digits, so they are raised too.
func unscript(r rune) (rune, int) {
	const super, sub, plain = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎", "0123456789+−=()ni"
	if i := strings.IndexRune(super, r); i >= 0 {
		return nth(plain, utf8.RuneCountInString(super[:i])), 1
	}
	if i := strings.IndexRune(sub, r); i >= 0 {
		return nth(plain, utf8.RuneCountInString(sub[:i])), -1
	}
	return r, 0
}

// nth is the n-th character of s.
func nth(s string, n int) rune {
	for _, r := range s {
		if n == 0 {
			return r
		}
		n--
	}
	return utf8.RuneError
}

// atoms splits s into the pieces that a line break may not cut: single
// characters and whole groups.
func atoms(s string) []string {
	var out []string
	for s != "" {
		if s[0] == '^' || s[0] == '_' {
			if _, rest, ok := group(s); ok {
				out = append(out, s[:len(s)-len(rest)])
				s = rest
				continue
			}
		}
		n := 1
		for n < len(s) && s[n]&0xC0 == 0x80 {
			n++
		}
		out = append(out, s[:n])
		s = s[n:]
	}
	return out
}

// plainText is s without its markup: raised and lowered parts are written as
// ^x and _x.
func plainText(s string) string {
	var b strings.Builder
	for _, sp := range parse(s) {
		switch sp.level {
		case 1:
			b.WriteByte('^')
		case -1:
			b.WriteByte('_')
		}
		b.WriteString(sp.text)
	}
	return b.String()
}
