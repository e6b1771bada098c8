package corpus

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// abbreviations do not end a sentence although they end in a point.
var abbreviations = []string{"e.g.", "i.e.", "etc.", "cf.", "vs.", "viz.", "resp.", "approx.", "incl.", "no.", "fig.", "sec.", "eq.", "et al.", "al.", "dr.", "mr.", "st."}

const (
	openers = "([{\"'“‘`"
	closers = ")]}\"'”’`"
)

// appendSentences appends the sentences of a paragraph, a line each, with single spaces between words. A word ends one
// if it ends in . ! or ? (brackets and quotes behind it aside) and is no abbreviation, no initial and no quoted point;
// an ellipsis does so only before a capital. In Go a sentence may well start in lower case: with a name.
func appendSentences(e extract, paragraph string) extract {
	words := strings.Fields(paragraph)
	for i, w := range words {
		e = append(e, w...)
		if i == len(words)-1 || ends(w, words[i+1]) {
			e = append(e, '\n')
		} else {
			e = append(e, ' ')
		}
	}
	return e
}

// ends reports whether a word ends a sentence, given the word that follows.
func ends(word, next string) bool {
	core := strings.TrimRight(word, closers)
	if core == "" || !strings.ContainsRune(".!?", rune(core[len(core)-1])) {
		return false
	}
	if strings.HasSuffix(core, "...") {
		return unicode.IsUpper(first(next))
	}
	if !strings.HasSuffix(core, ".") {
		return true
	}
	bare := strings.ToLower(strings.TrimLeft(core, openers))
	if slices.Contains(abbreviations, bare) {
		return false
	}
	switch {
	case bare == "." && word != ".": // a quoted one
		return false
	case utf8.RuneCountInString(bare) == 2: // an initial is a capital, a variable is not
		return !unicode.IsUpper(first(strings.TrimLeft(core, openers)))
	}
	return true
}

func first(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}
