package figure

import (
	"fmt"
	"io"
	"slices"
)

// Formats are the image formats that Render knows.
func Formats() []string { return []string{"svg", "png", "pdf"} }

// Render writes f to w as "svg", "png" (at DPI) or "pdf". Equal figures give
// equal bytes. Nothing is written where f cannot be drawn; see Check.
func (f *Figure) Render(w io.Writer, format string) error {
	if !slices.Contains(Formats(), format) {
		return fmt.Errorf("figure %q: format %q: one of %v", f.Title, format, Formats())
	}
	p, err := compose(f)
	if err != nil {
		return err
	}
	return p.render(w, format, f)
}

func (p *page) render(w io.Writer, format string, f *Figure) error {
	switch format {
	case "png":
		return writePNG(w, p)
	case "pdf":
		return writePDF(w, p)
	}
	s := newSVG()
	p.draw(s)
	return s.writeTo(w, p.width, p.height, f.Title, f.Caption)
}

// Missing lists the characters of f's texts that the font lacks, in order of
// their code points. They are drawn as code points.
func (f *Figure) Missing() ([]rune, error) {
	p, err := compose(f)
	if err != nil {
		return nil, err
	}
	for i := range p.frames { // labels that a neighbour shows are not composed
		for _, s := range []string{p.frames[i].panel.X.text(), p.frames[i].panel.Y.text()} {
			p.set.set(s, false)
		}
	}
	var out []rune
	for r := range p.set.missing {
		out = append(out, r)
	}
	slices.Sort(out)
	return out, nil
}
