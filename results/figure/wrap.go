package figure

import (
	"slices"
	"strings"
)

// wrap breaks s into lines of at most width points: between words, and within a
// word only where the word alone is too long. Newlines in s break too.
func (t *typesetter) wrap(s string, width, size float64, bold bool) []string {
	var out []string
	for _, par := range strings.Split(strings.TrimRight(s, "\n"), "\n") {
		out = append(out, t.wrapParagraph(t.spell(par, bold), width, size, bold)...)
	}
	return out
}

// spell writes out the characters that the font lacks, so that a line may break
// within them, and leaves those that markup draws in another way.
func (t *typesetter) spell(s string, bold bool) string {
	var b strings.Builder
	for _, r := range s {
		if _, level := unscript(r); level != 0 {
			b.WriteRune(r)
		} else {
			b.WriteString(t.visible(t.face(bold), string(r)))
		}
	}
	return b.String()
}

func (t *typesetter) wrapParagraph(s string, width, size float64, bold bool) []string {
	var out []string
	cur := ""
	for _, w := range words(s) {
		next := w
		if cur != "" {
			next = cur + " " + w
		}
		if t.width(next, size, bold) <= width {
			cur = next
			continue
		}
		if cur != "" {
			out = append(out, cur)
		}
		pieces := t.chop(w, width, size, bold)
		out = append(out, pieces[:len(pieces)-1]...)
		cur = pieces[len(pieces)-1]
	}
	if cur != "" || len(out) == 0 {
		out = append(out, cur)
	}
	return out
}

// chop cuts a word into pieces that fit, after a comma where there is one; each has at least one character.
func (t *typesetter) chop(w string, width, size float64, bold bool) []string {
	var out []string
	cur, used, comma := "", 0.0, 0 // comma: the bytes up to the last one
	for _, a := range atoms(w) {
		aw := t.width(a, size, bold)
		for cur != "" && used+aw > width {
			if comma == 0 || comma == len(cur) {
				comma = len(cur)
			}
			out, cur = append(out, cur[:comma]), cur[comma:]
			used, comma = t.width(cur, size, bold), 0
		}
		if cur, used = cur+a, used+aw; a == "," {
			comma = len(cur)
		}
	}
	return append(out, cur)
}

// words splits at spaces outside of groups; runs of spaces count as one.
// Relations and percent signs stay with their neighbours, as in "n = 5".
func words(s string) []string {
	var out []string
	glue := false
	add := func(w string) {
		relation := slices.Contains([]string{"=", "≤", "≥", "<", ">", "×", "±"}, w)
		if n := len(out); n > 0 && (glue || relation || w == "%") {
			out[n-1] += " " + w
		} else {
			out = append(out, w)
		}
		glue = relation
	}
	cur := ""
	for _, a := range append(atoms(s), " ") {
		switch {
		case a != " ":
			cur += a
		case cur != "":
			add(cur)
			cur = ""
		}
	}
	return out
}
