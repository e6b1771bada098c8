package figure

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"image/color"
	"io"
	"math"
	"strconv"
	"strings"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"gonum.org/v1/plot/vg"
)

// svg writes a page as SVG. A glyph's outline is written once and then used by
// reference, which makes a page of text a tenth of the size; title and caption
// are kept as text for screen readers and search.
type svg struct {
	defs, body bytes.Buffer
	known      map[string]bool
}

func newSVG() *svg { return &svg{known: map[string]bool{}} }

// num writes a length with two decimals at most: 1/100 pt is below what any
// printer resolves.
func num(v float64) string {
	s := strconv.FormatFloat(math.Round(v*100)/100, 'f', -1, 64)
	if s == "-0" {
		return "0"
	}
	return s
}

// paint writes a colour as the attributes name and name-opacity.
func paint(name string, c color.NRGBA) string {
	s := fmt.Sprintf(` %s="#%02x%02x%02x"`, name, c.R, c.G, c.B)
	if c.A != 255 {
		s += fmt.Sprintf(` %s-opacity="%s"`, name, strconv.FormatFloat(math.Round(float64(c.A)/255*1000)/1000, 'f', -1, 64))
	}
	return s
}

func pathData(p vg.Path) string {
	var b strings.Builder
	pair := func(op string, qs ...vg.Point) {
		b.WriteString(op)
		for i, q := range qs {
			if i > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(num(float64(q.X)) + "," + num(float64(q.Y)))
		}
	}
	for _, e := range p {
		switch e.Type {
		case vg.MoveComp:
			pair("M", e.Pos)
		case vg.LineComp:
			pair("L", e.Pos)
		case vg.CurveComp:
			pair([]string{"L", "Q", "C"}[len(e.Control)], append(append([]vg.Point(nil), e.Control...), e.Pos)...)
		case vg.CloseComp:
			b.WriteString("Z")
		}
	}
	return b.String()
}

func (s *svg) fill(p vg.Path, c color.NRGBA) {
	fmt.Fprintf(&s.body, "<path d=%q%s/>\n", pathData(p), paint("fill", c))
}

func (s *svg) stroke(p vg.Path, st pen) {
	fmt.Fprintf(&s.body, `<path d=%q fill="none"%s stroke-width="%s"`, pathData(p), paint("stroke", st.color), num(st.width))
	if len(st.dash) > 0 {
		ds := make([]string, len(st.dash))
		for i, d := range st.dash {
			ds[i] = num(d)
		}
		fmt.Fprintf(&s.body, ` stroke-dasharray="%s"`, strings.Join(ds, " "))
	}
	s.body.WriteString("/>\n")
}

// dots are lines of no length with round ends, a tenth of the size of circles.
func (s *svg) dots(ps []vg.Point, r float64, c color.NRGBA) {
	if len(ps) == 0 {
		return
	}
	var b strings.Builder
	for _, q := range ps {
		b.WriteString("M" + num(float64(q.X)) + "," + num(float64(q.Y)) + "h0")
	}
	fmt.Fprintf(&s.body, `<path d=%q fill="none"%s stroke-width="%s" stroke-linecap="round"/>`+"\n",
		b.String(), paint("stroke", c), num(2*r))
}

func (s *svg) text(l line, at vg.Point, size float64, upright bool, c color.NRGBA) {
	turn := ""
	if upright {
		turn = " rotate(-90)"
	}
	scale := func(k float64) string { return strconv.FormatFloat(k*size/em, 'g', 5, 64) }
	fmt.Fprintf(&s.body, `<g transform="translate(%s %s)%s scale(%s)"%s>`,
		num(float64(at.X)), num(float64(at.Y)), turn, scale(1), paint("fill", c))
	for _, g := range l.glyphs {
		if len(g.outline) == 0 { // a blank
			continue
		}
		s.define(g.glyph)
		x, y := math.Round(g.x*em), math.Round(g.y*em)
		switch {
		case g.scale != 1:
			fmt.Fprintf(&s.body, `<use href="#%s" transform="translate(%v %v) scale(%v)"/>`, g.id, x, y, g.scale)
		case x == 0:
			fmt.Fprintf(&s.body, `<use href="#%s"/>`, g.id)
		default:
			fmt.Fprintf(&s.body, `<use href="#%s" x="%v"/>`, g.id, x)
		}
	}
	s.body.WriteString("</g>\n")
}

// define writes a glyph's outline in font units, once.
func (s *svg) define(g *glyph) {
	if s.known[g.id] {
		return
	}
	s.known[g.id] = true
	fmt.Fprintf(&s.defs, "<path id=%q d=%q/>\n", g.id, outlineData(g.outline))
}

// outlineData writes an outline with relative whole coordinates.
func outlineData(segs sfnt.Segments) string {
	var b strings.Builder
	var pen fixed.Point26_6
	n := map[sfnt.SegmentOp]int{sfnt.SegmentOpMoveTo: 1, sfnt.SegmentOpLineTo: 1, sfnt.SegmentOpQuadTo: 2, sfnt.SegmentOpCubeTo: 3}
	op := map[sfnt.SegmentOp]string{sfnt.SegmentOpMoveTo: "M", sfnt.SegmentOpLineTo: "l", sfnt.SegmentOpQuadTo: "q", sfnt.SegmentOpCubeTo: "c"}
	for _, g := range segs {
		from := pen
		if g.Op == sfnt.SegmentOpMoveTo {
			if b.Len() > 0 {
				b.WriteByte('z')
			}
			from = fixed.Point26_6{}
		}
		b.WriteString(op[g.Op])
		for i, q := range g.Args[:n[g.Op]] {
			dx, dy := (q.X - from.X).Round(), (q.Y - from.Y).Round()
			if i > 0 && dx >= 0 {
				b.WriteByte(' ')
			}
			b.WriteString(strconv.Itoa(dx))
			if dy >= 0 {
				b.WriteByte(' ')
			}
			b.WriteString(strconv.Itoa(dy))
			pen = q
		}
	}
	return b.String() + "z"
}

// writeTo writes the document: w by h points.
func (s *svg) writeTo(out io.Writer, w, h float64, title, caption string) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%spt" height="%spt" viewBox="0 0 %s %s" role="img">`+"\n",
		num(w), num(h), num(w), num(h))
	for _, e := range [][2]string{{"title", title}, {"desc", caption}} {
		if e[1] == "" {
			continue
		}
		b.WriteString("<" + e[0] + ">")
		if err := xml.EscapeText(&b, []byte(plainText(e[1]))); err != nil {
			return err
		}
		b.WriteString("</" + e[0] + ">\n")
	}
	b.WriteString("<defs>\n")
	b.Write(s.defs.Bytes())
	fmt.Fprintf(&b, "</defs>\n"+`<rect width="%s" height="%s" fill="#ffffff"/>`+"\n", num(w), num(h))
	b.WriteString(`<g stroke-linejoin="round">` + "\n")
	b.Write(s.body.Bytes())
	b.WriteString("</g>\n</svg>\n")
	_, err := out.Write(b.Bytes())
	return err
}
