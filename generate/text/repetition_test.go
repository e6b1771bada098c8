package text

import (
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestRepetition(t *testing.T) {
	close := func(name string, got, want float64) {
		t.Helper()
		if math.Abs(got-want) > 1e-15 {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
	var p Repeater
	r := p.Of("ab\ncde\n\nab\n\nab\n")
	close("lines", r.Lines, 2./4)
	close("characters in lines", r.LineCharacters, 4./9)
	close("paragraphs", r.Paragraphs, 1./3)                         // ab⏎cde, ab, ab
	close("characters in paragraphs", r.ParagraphCharacters, 2./10) // the line feed within is one
	r = p.Of("a a a a b")
	close("top 2-gram", r.Top[0], 4./5) // aa twice: overlapping ones are not counted again
	close("top 3-gram", r.Top[1], 0)
	r = p.Of("v w x y z ü v w x y z ü")
	close("repeated 5-grams", r.Repeated[0], 6./12)
	close("repeated 6-grams", r.Repeated[1], 6./12)
	close("repeated 7-grams", r.Repeated[2], 0)
	if r := p.Of(""); r != (Repetition{}) {
		t.Errorf("of nothing: %v", r)
	}
}

func TestGopherLimits(t *testing.T) {
	var p Repeater
	if b := Gopher().Broken(p.Of("a short text of nine words that repeats none")); b != nil {
		t.Errorf("%v", b)
	}
	b := Gopher().Broken(p.Of(strings.Repeat("all work and no play\n", 3)))
	if len(b) != 11 { // both of lines, tops of 2, 3, 4, and 5 … 10-grams
		t.Fatalf("%v", b)
	}
	if b[0].String() != "duplicate lines 0.67 > 0.30" {
		t.Errorf("%v", b[0])
	}
}

// Shares are shares, and a text of different words repeats nothing.
func TestRepetitionLaws(t *testing.T) {
	var p Repeater
	rapid.Check(t, func(t *rapid.T) {
		r := p.Of(rapid.StringMatching(`([ab]{1,2}[ \n]{1,3}){0,60}`).Draw(t, "text"))
		for _, v := range append(append([]float64{r.Lines, r.Paragraphs, r.LineCharacters, r.ParagraphCharacters}, r.Top[:]...), r.Repeated[:]...) {
			if !(v >= 0 && v <= 1) {
				t.Fatalf("%v", r)
			}
		}
		for i := 1; i < 6; i++ {
			if r.Repeated[i] > r.Repeated[i-1] { // an n-gram that occurred before consists of shorter ones that did
				t.Fatalf("repeated %v rises", r.Repeated)
			}
		}
		words := rapid.SliceOfDistinct(rapid.StringMatching(`[a-z]{1,6}`), func(s string) string { return s }).Draw(t, "words")
		if r := p.Of(strings.Join(words, " ")); r != (Repetition{}) {
			t.Fatalf("%v: %v", words, r)
		}
	})
}
