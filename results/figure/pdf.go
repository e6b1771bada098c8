package figure

import (
	"bytes"
	"io"
	"regexp"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgpdf"
)

// stamps are the dates that the PDF library writes into every document.
var stamps = regexp.MustCompile(`/(CreationDate|ModDate) \([^)]*\)`)

// writePDF draws p as one page of vectors without fonts. The dates are blanked,
// not cut out, so that the offsets in the file's table stay right and equal
// figures are equal bytes.
func writePDF(out io.Writer, p *page) error {
	c := vgpdf.New(vg.Length(p.width), vg.Length(p.height))
	p.draw(canvas{Canvas: c, height: p.height, pdf: true})
	var b bytes.Buffer
	if _, err := c.WriteTo(&b); err != nil {
		return err
	}
	raw := stamps.ReplaceAllFunc(b.Bytes(), func(s []byte) []byte {
		return bytes.Repeat([]byte{' '}, len(s))
	})
	_, err := out.Write(raw)
	return err
}
