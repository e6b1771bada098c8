package text

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Repetition says how much of a text repeats itself: the measures of Gopher's filter (Rae et al. 2021, arXiv 2112.11446, table
// A1), shares in [0, 1]. Lines end at line feeds, paragraphs at runs of two or more; both are trimmed, and empty ones are none.
// Words are those without blanks, and the characters of a share of n-grams are the code points of words.
type Repetition struct {
	Lines, Paragraphs                   float64    // share of those that occurred before
	LineCharacters, ParagraphCharacters float64    // characters in those, of the characters in all of them
	Top                                 [3]float64 // of 2-, 3- and 4-grams: characters in the occurrences of the n-gram that covers most; 0 where none occurs twice
	Repeated                            [6]float64 // of 5- … 10-grams: characters in n-grams that occurred before, each counted once
}

// Limits are the largest Repetition that a text may have.
type Limits Repetition

// Gopher are the limits of Rae et al.
func Gopher() Limits {
	return Limits{.30, .30, .20, .20, [3]float64{.20, .18, .16}, [6]float64{.15, .14, .13, .12, .11, .10}}
}

// A Broken limit is one that a text is above.
type Broken struct {
	Name         string // duplicate lines, top 2-gram, repeated 5-grams …
	Value, Limit float64
}

// String is "duplicate lines 0.50 > 0.30".
func (b Broken) String() string { return fmt.Sprintf("%s %.2f > %.2f", b.Name, b.Value, b.Limit) }

// Broken lists the limits that r is above, in the order of table A1.
func (l Limits) Broken(r Repetition) []Broken {
	var out []Broken
	check := func(name string, value, limit float64) {
		if value > limit {
			out = append(out, Broken{name, value, limit})
		}
	}
	check("duplicate lines", r.Lines, l.Lines)
	check("duplicate paragraphs", r.Paragraphs, l.Paragraphs)
	check("characters in duplicate lines", r.LineCharacters, l.LineCharacters)
	check("characters in duplicate paragraphs", r.ParagraphCharacters, l.ParagraphCharacters)
	for i := range r.Top {
		check(fmt.Sprintf("characters in the top %d-gram", i+2), r.Top[i], l.Top[i])
	}
	for i := range r.Repeated {
		check(fmt.Sprintf("characters in repeated %d-grams", i+5), r.Repeated[i], l.Repeated[i])
	}
	return out
}

// A Repeater measures Repetition. The zero value is ready; it is not for concurrent use, for it keeps what it works with.
type Repeater struct {
	words, grams []uint64
	end          []int // by word: characters of the words up to it
	counts       counter
	until        counter // by n-gram: where its last occurrence that top counted ends
}

// Of measures a text.
func (p *Repeater) Of(text string) (r Repetition) {
	r.Lines, r.LineCharacters = p.pieces(text, "\n")
	r.Paragraphs, r.ParagraphCharacters = p.pieces(text, "\n\n")
	p.words, p.end = p.words[:0], append(p.end[:0], 0)
	for start, end := Blanks.next(text, 0); start < len(text); start, end = Blanks.next(text, end) {
		p.words = append(p.words, hashWord(text[start:end], false))
		p.end = append(p.end, p.end[len(p.end)-1]+utf8.RuneCountInString(text[start:end]))
	}
	for i := range r.Top {
		r.Top[i] = p.top(i + 2)
	}
	for i := range r.Repeated {
		r.Repeated[i] = p.repeated(i + 5)
	}
	return r
}

// pieces are the shares of pieces, and of their characters, that occurred before.
func (p *Repeater) pieces(text, by string) (share, characters float64) {
	p.counts.reset(1 + strings.Count(text, by))
	var all, again, width, widthAgain int
	for piece := range strings.SplitSeq(text, by) {
		if piece = strings.TrimSpace(piece); piece == "" {
			continue
		}
		w := utf8.RuneCountInString(piece)
		all, width = all+1, width+w
		if p.counts.add(hashWord(piece, false)) > 1 {
			again, widthAgain = again+1, widthAgain+w
		}
	}
	return ratio(again, all), ratio(widthAgain, width)
}

// top is the share of characters in the occurrences of the n-gram whose occurrences, where they do not overlap, cover most.
func (p *Repeater) top(n int) float64 {
	p.grams = Grams(p.grams[:0], p.words, n)
	p.counts.reset(len(p.grams))
	p.until.reset(len(p.grams))
	best := 0
	for i, g := range p.grams {
		w := p.end[i+n] - p.end[i]
		until := p.until.of(g)
		if i < int(*until) {
			continue
		}
		*until = int32(i + n)
		if times := int(p.counts.add(g)); times > 1 {
			best = max(best, times*w)
		}
	}
	return ratio(best, p.end[len(p.words)])
}

// repeated is the share of characters in n-grams that occurred before.
func (p *Repeater) repeated(n int) float64 {
	p.grams = Grams(p.grams[:0], p.words, n)
	p.counts.reset(len(p.grams))
	sum, done := 0, 0 // words before done are counted
	for i, g := range p.grams {
		if p.counts.add(g) > 1 {
			from := max(i, done)
			sum, done = sum+p.end[i+n]-p.end[from], i+n
		}
	}
	return ratio(sum, p.end[len(p.words)])
}

// ratio is a/b, and 0 of nothing.
func ratio(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}
