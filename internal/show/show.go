// Package show makes text that others wrote (rows, servers, configs) fit to be shown: on a terminal, which would obey control
// characters, and in Markdown and HTML, which would obey marks.
package show

import (
	"html"
	"strings"
	"unicode"
)

// Line is text on one line of at most n characters, and without those that cannot be seen: what is longer ends with …
func Line(text string, n int) string {
	s := strings.Join(strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }), " ")
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}

// Code is text of one line as code of Markdown, whatever backquotes it has.
func Code(text string) string {
	fence := Fence(text, 1)
	if len(fence) > 1 || text == "" {
		text = " " + text + " "
	}
	return fence + text + fence
}

// Fence is the shortest run of backquotes, of n at least, that a text does not have.
func Fence(text string, n int) string {
	fence := strings.Repeat("`", n)
	for strings.Contains(text, fence) {
		fence += "`"
	}
	return fence
}

// Markdown is text of one line as Markdown and HTML show it as it is.
func Markdown(text string) string {
	var b strings.Builder
	for _, r := range text {
		if strings.ContainsRune("\\`*_{}[]()#+!|~@", r) {
			b.WriteByte('\\')
		}
		b.WriteString(html.EscapeString(string(r)))
	}
	return b.String()
}
