package figure

import (
	"bytes"
	"cmp"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"maps"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgimg"
)

const (
	thumbPixels = 408  // the width of a thumbnail
	thumbDPI    = 120  // 408 pixels are OneColumn
	thumbPlot   = 44.0 // points; the narrowest plot that is still read when it is small
	thumbBytes  = 40 << 10
)

// thumbnail lays f out as small as it can be read: without caption, in at most two columns; a table keeps its columns
// and shrinks. It returns the resolution at which the page is thumbPixels wide.
func (f *Figure) thumbnail() (p *page, dpi int, err error) {
	g := *f
	g.Caption = ""
	if !f.Table {
		g.Columns = min(2, len(f.Panels))
	}
	for _, dpi = range []int{thumbDPI, 100, 80, 60, 40} {
		g.Width = thumbPixels / float64(dpi)
		if p, err = compose(&g); err == nil && (p.frames[0].box.width() >= thumbPlot || len(g.Panels) == 1) {
			return p, dpi, nil
		}
	}
	if err == nil {
		err = fmt.Errorf("figure %q: %d columns are too many for a thumbnail", f.Title, f.columns())
	}
	return nil, 0, err
}

// writeThumbnail draws p in at most 256 colours, which makes a PNG half as large; in fewer where that exceeds thumbBytes.
func writeThumbnail(out io.Writer, p *page, dpi int) error {
	c := vgimg.NewWith(vgimg.UseWH(vg.Length(p.width), vg.Length(p.height)), vgimg.UseDPI(dpi))
	p.draw(canvas{Canvas: c, height: p.height})
	var b bytes.Buffer
	enc := png.Encoder{CompressionLevel: png.BestCompression}
	for _, colors := range []int{256, 64, 16} {
		b.Reset()
		if err := enc.Encode(&b, paletted(c.Image(), colors)); err != nil {
			return err
		}
		if b.Len() < thumbBytes-100 { // room for the resolution
			break
		}
	}
	return writeDense(out, b.Bytes(), thumbDPI)
}

// paletted keeps the colours that cover most of an image, at most so many and each rounded to 5 bits a channel, and gives
// every other the nearest of them.
func paletted(from image.Image, most int) *image.Paletted {
	area := map[color.NRGBA]int{}
	box := from.Bounds()
	at := func(x, y int) color.NRGBA { return coarser(color.NRGBAModel.Convert(from.At(x, y)).(color.NRGBA)) }
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			area[at(x, y)]++
		}
	}
	order := slices.SortedFunc(maps.Keys(area), func(a, b color.NRGBA) int {
		return cmp.Or(cmp.Compare(area[b], area[a]), cmp.Compare(a.R, b.R), cmp.Compare(a.G, b.G), cmp.Compare(a.B, b.B))
	})
	var colors color.Palette
	for _, c := range order[:min(len(order), most)] {
		colors = append(colors, c)
	}
	out, index := image.NewPaletted(box, colors), map[color.NRGBA]uint8{}
	for i, c := range order {
		if index[c] = uint8(i); i >= len(colors) {
			index[c] = uint8(colors.Index(c))
		}
	}
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			out.SetColorIndex(x, y, index[at(x, y)])
		}
	}
	return out
}

// coarser is c in 5 bits a channel, white and black as they are. A page has no transparency.
func coarser(c color.NRGBA) color.NRGBA {
	step := func(v uint8) uint8 { return uint8((int(v)*31 + 127) / 255 * 255 / 31) }
	return color.NRGBA{step(c.R), step(c.G), step(c.B), 255}
}
