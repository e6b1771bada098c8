package figure

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"strings"
	"testing"
)

// A thumbnail is one file of 408 pixels' width and at most 40 KiB, so that sixty of them make a page.
func TestThumbnail(t *testing.T) {
	for name, f := range map[string]*Figure{"one panel": fourArms(), "six panels": sixPanels(), "a table": scattered(400, 60, 0, 1, 5, 10, 50), "small": paired()} {
		files, caption := map[string][]byte{}, f.Caption
		if err := f.Save(memory(files), "t", Options{Thumbnail: true}); err != nil {
			t.Fatal(err)
		}
		b := files["t.png"]
		if len(files) != 1 || len(b) > 40<<10 || len(b) < 3<<10 {
			t.Errorf("%s: %d files, t.png of %d bytes", name, len(files), len(b))
		}
		img, err := png.Decode(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		if w := img.Bounds().Dx(); w != 408 {
			t.Errorf("%s: %d pixels wide", name, w)
		}
		if p, ok := img.(*image.Paletted); !ok || len(p.Palette) < 8 {
			t.Errorf("%s: %T", name, img)
		}
		if !bytes.Contains(b, []byte("pHYs\x00\x00\x12\x74\x00\x00\x12\x74\x01")) {
			t.Errorf("%s: 120 dpi are not recorded", name)
		}
		if c, _, _, _ := img.At(1, 1).RGBA(); c != 0xffff {
			t.Errorf("%s: the ground is not white", name)
		}
		if f.Caption != caption || f.Width != 0 {
			t.Errorf("%s: the figure was changed", name)
		}
	}
}

func TestThumbnailLayout(t *testing.T) {
	table := scattered(5, 10, 0, 1, 5, 10, 50)
	p, dpi, err := table.thumbnail()
	if err != nil || p.frames[4].column != 4 || len(p.caption) > 0 || p.frames[0].box.width() < thumbPlot {
		t.Errorf("%v: column %d, caption %q, plots of %.0f pt", err, p.frames[4].column, p.caption, p.frames[0].box.width())
	}
	if dpi < 80 {
		t.Errorf("a table of five columns at %d dpi: its text cannot be read", dpi)
	}
	if p, dpi, err = sixPanels().thumbnail(); err != nil || p.frames[2].row != 1 || dpi != thumbDPI {
		t.Errorf("%v: six panels at %d dpi", err, dpi)
	}
	wide := scattered(2, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24)
	wide.Panels = wide.Panels[:25]
	if _, _, err := wide.thumbnail(); err == nil || !strings.Contains(err.Error(), "columns") {
		t.Errorf("error %v", err)
	}
	if err := (&Figure{}).Save(nil, "x", Options{Thumbnail: true}); err == nil {
		t.Error("an empty figure has a thumbnail")
	}
}

// The palette is the image's own where it has few colours, and gives every other pixel the nearest.
func TestPaletted(t *testing.T) {
	img := image.NewNRGBA(image.Rect(0, 0, 4, 1))
	for i, c := range []uint8{0, 255, 255, 8} {
		img.Pix[4*i], img.Pix[4*i+1], img.Pix[4*i+2], img.Pix[4*i+3] = c, c, c, 255
	}
	if p := paletted(img, 256); len(p.Palette) != 3 || fmt.Sprint(p.Pix) != "[1 0 0 2]" {
		t.Errorf("palette %v, pixels %v", p.Palette, p.Pix)
	}
	if p := paletted(img, 2); len(p.Palette) != 2 || fmt.Sprint(p.Pix) != "[1 0 0 1]" {
		t.Errorf("palette %v, pixels %v", p.Palette, p.Pix)
	}
}
