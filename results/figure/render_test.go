package figure

import (
	"bytes"
	"compress/zlib"
	"encoding/xml"
	"errors"
	"flag"
	"image/png"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func render(t testing.TB, f *Figure, format string) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := f.Render(&b, format); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// small is a figure of a few points that uses most of what there is to draw.
func small() *Figure {
	inf, zero := math.Inf(1), 1.0
	return &Figure{
		Width: 2.6, Columns: 2, Title: "Small", Caption: "n = 3.",
		Panels: []Panel{
			{X: Axis{Label: "g"}, Y: Axis{Label: "σ^{2}", Log: true}, Curves: []Curve{
				{Name: "a", X: []float64{0, 1, 2}, Mid: []float64{1, .1, 0}, Lo: []float64{.9, .05, 0}, Hi: []float64{1.1, .2, 0}},
				{Name: "a", Law: "law", Theory: true, X: []float64{0, 1, 2}, Mid: []float64{1, .1, .01}}}},
			{X: Axis{Label: "g"}, Y: Axis{Label: "ratio"}, Reference: &zero, Curves: []Curve{
				{Name: "b", X: []float64{0, 1, 2}, Mid: []float64{1, math.NaN(), inf}, Thin: [][]float64{{1, 1.2, 1.1}}}}},
		},
	}
}

// smallTable is a table of few dots, some of them beyond the axes.
func smallTable() *Figure {
	f := scattered(6, 10, 0, 90)
	f.Width = 2.6
	return f
}

func TestGoldenSVG(t *testing.T) {
	for name, f := range map[string]*Figure{"small": small(), "paired": paired(), "table": smallTable()} {
		path := filepath.Join("testdata", name+".svg")
		got := render(t, f, "svg")
		if *update {
			if err := os.WriteFile(path, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s differs from what is drawn now; look at both and run with -update if the new one is right", path)
		}
	}
}

func TestSVGIsWellFormed(t *testing.T) {
	f := fourArms()
	f.Title = `<b> & "quotes"`
	svg := render(t, f, "svg")
	d := xml.NewDecoder(bytes.NewReader(svg))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Contains(svg, []byte("<title>&lt;b&gt; &amp;")) || bytes.Contains(svg, []byte("NaN")) || bytes.Contains(svg, []byte("<text")) {
		t.Error("title not escaped, a NaN coordinate, or text that depends on a font")
	}
}

func TestPNGHasItsSizeAndResolution(t *testing.T) {
	for name, f := range map[string]*Figure{"one column": paired(), "two columns": collapsing()} {
		b := render(t, f, "png")
		img, err := png.Decode(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		if got, want := img.Bounds().Dx(), int(math.Round(f.width()*DPI)); got != want {
			t.Errorf("%s: %d pixels wide, want %d", name, got, want)
		}
		if i := bytes.Index(b, []byte("pHYs\x00\x00\x2e\x23\x00\x00\x2e\x23\x01")); i < 0 || i > bytes.Index(b, []byte("IDAT")) {
			t.Errorf("%s: 300 dpi are not recorded", name)
		}
		if c, _, _, _ := img.At(2, 2).RGBA(); c != 0xffff {
			t.Errorf("%s: the ground is not white", name)
		}
	}
}

// content is the drawing program of a PDF's page.
func content(t *testing.T, pdf []byte) string {
	t.Helper()
	m := regexp.MustCompile(`stream\r?\n`).FindIndex(pdf)
	if m == nil {
		t.Fatal("no stream")
	}
	z, err := zlib.NewReader(bytes.NewReader(pdf[m[1]:]))
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestPDF(t *testing.T) {
	b := render(t, small(), "pdf")
	if !bytes.Equal(b, render(t, small(), "pdf")) {
		t.Error("two renderings differ")
	}
	for _, word := range []string{"CreationDate", "ModDate", "FontFile"} {
		if bytes.Contains(b, []byte(word)) {
			t.Errorf("the document contains %s", word)
		}
	}
	s := content(t, b)
	for _, word := range []string{"NaN", "Inf", " Tj"} {
		if strings.Contains(s, word) {
			t.Errorf("the page contains %s", word)
		}
	}
	if !strings.Contains(s, "0.000 0.447 0.698 rg") { // #0072B2, also for the pale band
		t.Error("the first arm's colour is not written straight")
	}
	if regexp.MustCompile(` v\n`).MatchString(s) {
		t.Error("a quadratic curve went to the PDF library")
	}
	if i := bytes.LastIndex(b, []byte("startxref\n")); i < 0 {
		t.Error("no cross-reference table")
	} else {
		at := 0
		for _, c := range b[i+len("startxref\n"):] {
			if c < '0' || c > '9' {
				break
			}
			at = at*10 + int(c-'0')
		}
		if !bytes.HasPrefix(b[at:], []byte("xref")) {
			t.Error("the cross-reference table is not where it is said to be")
		}
	}
}

func TestRenderingsAreReproducible(t *testing.T) {
	for _, format := range Formats() {
		if !bytes.Equal(render(t, collapsing(), format), render(t, collapsing(), format)) {
			t.Errorf("two renderings as %s differ", format)
		}
	}
}
