package figure

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image/png"
	"io"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgimg"
)

// DPI is the resolution of the PNG.
const DPI = 300

// writePNG draws p at DPI and records that resolution in the file, so that word
// processors and LaTeX place it at its intended size.
func writePNG(out io.Writer, p *page) error {
	c := vgimg.NewWith(vgimg.UseWH(vg.Length(p.width), vg.Length(p.height)), vgimg.UseDPI(DPI))
	p.draw(canvas{Canvas: c, height: p.height})
	var b bytes.Buffer
	enc := png.Encoder{CompressionLevel: png.BestCompression}
	if err := enc.Encode(&b, c.Image()); err != nil {
		return err
	}
	return writeDense(out, b.Bytes(), DPI)
}

// writeDense writes a PNG with its resolution.
func writeDense(out io.Writer, raw []byte, dpi int) error {
	const header = 8 + 25 // signature and IHDR
	for _, part := range [][]byte{raw[:header], density(dpi), raw[header:]} {
		if _, err := out.Write(part); err != nil {
			return err
		}
	}
	return nil
}

// density is a pHYs chunk: pixels per metre in x and y.
func density(dpi int) []byte {
	perMetre := uint32(math.Round(float64(dpi) / 0.0254))
	chunk := []byte{0, 0, 0, 9, 'p', 'H', 'Y', 's'}
	chunk = binary.BigEndian.AppendUint32(chunk, perMetre)
	chunk = binary.BigEndian.AppendUint32(chunk, perMetre)
	chunk = append(chunk, 1)
	return binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(chunk[4:]))
}
