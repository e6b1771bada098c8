package figure

import (
	"fmt"
	"strings"
	"unicode"

	"codeberg.org/go-fonts/liberation/liberationsansbold"
	"codeberg.org/go-fonts/liberation/liberationsansregular"
	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// em is the resolution at which glyphs are read: Liberation's own units, so
// outlines come out as whole numbers.
const em = 2048

// Metrics of Liberation Sans in ems, and the geometry of raised text.
const (
	capHeight   = 0.69
	descent     = 0.21
	lineStep    = 1.22 // baseline to baseline
	scriptScale = 0.7
	raise       = 0.36
	lower       = 0.14
)

// glyph is one outline; it is shared by all places that show it.
type glyph struct {
	id      string // unique within a typesetter, usable as an XML id
	index   sfnt.GlyphIndex
	advance float64 // ems
	outline sfnt.Segments
}

// placed is a glyph on a line: position and scale in ems of the line, y down.
type placed struct {
	*glyph
	x, y, scale float64
}

// line is one line of text, set. Lengths are ems.
type line struct {
	glyphs []placed
	width  float64
}

// face is a font with the glyphs read so far.
type face struct {
	prefix string
	font   *sfnt.Font
	buf    sfnt.Buffer
	seen   map[rune]*glyph
}

// typesetter turns marked-up text into glyphs. It is not safe for concurrent
// use; every rendering has its own.
type typesetter struct {
	regular, bold *face
	missing       map[rune]bool
}

func newTypesetter() (*typesetter, error) {
	regular, err := sfnt.Parse(liberationsansregular.TTF)
	if err != nil {
		return nil, fmt.Errorf("liberation sans: %w", err)
	}
	bold, err := sfnt.Parse(liberationsansbold.TTF)
	if err != nil {
		return nil, fmt.Errorf("liberation sans bold: %w", err)
	}
	return &typesetter{
		regular: &face{prefix: "r", font: regular, seen: map[rune]*glyph{}},
		bold:    &face{prefix: "b", font: bold, seen: map[rune]*glyph{}},
		missing: map[rune]bool{},
	}, nil
}

// glyph reads the outline of r; nil means that the font has none.
func (f *face) glyph(r rune) *glyph {
	if g, ok := f.seen[r]; ok {
		return g
	}
	f.seen[r] = nil
	i, err := f.font.GlyphIndex(&f.buf, r)
	if err != nil || i == 0 || !unicode.IsPrint(r) && r != '\u00a0' {
		return nil
	}
	adv, err := f.font.GlyphAdvance(&f.buf, i, fixed.I(em), font.HintingNone)
	if err != nil {
		return nil
	}
	segs, err := f.font.LoadGlyph(&f.buf, i, fixed.I(em), nil)
	if err != nil {
		return nil
	}
	g := &glyph{
		id: fmt.Sprintf("%s%d", f.prefix, i), index: i, advance: float64(adv) / 64 / em,
		outline: append(sfnt.Segments(nil), segs...), // the buffer is used again
	}
	f.seen[r] = g
	return g
}

func (f *face) kern(a, b *glyph) float64 {
	k, err := f.font.Kern(&f.buf, a.index, b.index, fixed.I(em), font.HintingNone)
	if err != nil { // the pair is not in the font's table
		return 0
	}
	return float64(k) / 64 / em
}

func (t *typesetter) face(bold bool) *face {
	if bold {
		return t.bold
	}
	return t.regular
}

// set lays s out on one line.
func (t *typesetter) set(s string, bold bool) line {
	f := t.face(bold)
	var l line
	for _, sp := range parse(s) {
		scale, y := 1.0, 0.0
		switch sp.level {
		case 1:
			scale, y = scriptScale, -raise
		case -1:
			scale, y = scriptScale, lower
		}
		var prev *glyph
		for _, r := range t.visible(f, sp.text) {
			g := f.glyph(r)
			if prev != nil {
				l.width += f.kern(prev, g) * scale
			}
			l.glyphs = append(l.glyphs, placed{g, l.width, y, scale})
			l.width += g.advance * scale
			prev = g
		}
	}
	return l
}

// visible replaces what f cannot show by its code point.
func (t *typesetter) visible(f *face, s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case f.glyph(r) != nil:
			b.WriteRune(r)
		case r == '\t' || r == '\u2009' || r == '\u202f': // blanks that the font may lack
			b.WriteByte(' ')
		default:
			t.missing[r] = true
			fmt.Fprintf(&b, "[U+%04X]", r)
		}
	}
	return b.String()
}

// width of s in points at the given size.
func (t *typesetter) width(s string, size float64, bold bool) float64 {
	return t.set(s, bold).width * size
}
