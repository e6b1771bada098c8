package figure

import (
	"cmp"
	"image/color"
	"slices"
	"strings"
	"unicode/utf8"
)

// Sizes in points.
const (
	titleSize   = 9.0
	panelSize   = 8.5
	labelSize   = 8.0
	tickSize    = 7.5
	legendSize  = 7.5
	captionSize = 7.0

	curveWidth  = 1.3
	theoryWidth = 0.9
	thinWidth   = 0.45
	spineWidth  = 0.6
	gridWidth   = 0.5
	markerSize  = 1.9 // half the height of a marker
	tickLength  = 2.5
	laneHeight  = 13.0 // beyond a broken axis, for 0 and infinity
	margin      = 4.0  // around everything
)

func ink(v uint8) color.NRGBA { return color.NRGBA{v, v, v, 255} }

func faded(c color.NRGBA, alpha uint8) color.NRGBA {
	c.A = alpha
	return c
}

const (
	bandAlpha = 50
	thinAlpha = 90
)

// look is what tells an arm from the others, in colour and without.
type look struct {
	color  color.NRGBA
	dash   []float64
	marker marker
	rank   int
}

// palette is that of Okabe and Ito (2008), which colour-blind readers can tell
// apart; its yellow is darkened to be seen on white.
func palette() []color.NRGBA {
	return []color.NRGBA{
		{0x00, 0x72, 0xB2, 255}, {0xD5, 0x5E, 0x00, 255}, {0x00, 0x9E, 0x73, 255}, {0xCC, 0x79, 0xA7, 255},
		{0x56, 0xB4, 0xE9, 255}, {0xE6, 0x9F, 0x00, 255}, {0xA8, 0x9A, 0x00, 255}, {0x00, 0x00, 0x00, 255},
	}
}

func dashes() [][]float64 {
	return [][]float64{
		nil, {6, 1.6}, {4, 1.4, 1, 1.4}, {2.4, 1.2},
		{9, 1.8}, {1.2, 1.2}, {6, 1.4, 1, 1.4, 1, 1.4}, {4, 1.2, 2, 1.2},
	}
}

// lookOf gives the look of the arm of the given rank. Beyond eight arms colours
// repeat with another dash and marker.
func lookOf(rank int) look {
	p, d := palette(), dashes()
	round := rank / len(p)
	return look{p[rank%len(p)], d[(rank+round)%len(d)], marker((rank + 3*round) % int(markers)), rank}
}

// theoryPen strokes the line of the n-th law of a figure.
func theoryPen(n int) pen {
	d := [][]float64{{4, 2}, {1.4, 1.4}, {6, 1.6, 1.4, 1.6}, {8, 2.5}}
	return pen{theoryWidth, ink(0x33), d[n%len(d)]}
}

// looks gives every arm of f its look: listed arms by their place in f.Arms, the
// others after them in natural order.
func (f *Figure) looks() map[string]look {
	order := slices.Clone(f.Arms)
	var rest []string
	add := func(name string) {
		if !slices.Contains(order, name) && !slices.Contains(rest, name) {
			rest = append(rest, name)
		}
	}
	for _, p := range f.Panels {
		for _, c := range p.Points {
			if !c.Ground {
				add(c.Name)
			}
		}
		for _, c := range p.Contours {
			add(c.Name)
		}
		for _, c := range p.Curves {
			if !c.Theory {
				add(c.Name)
			}
		}
	}
	slices.SortFunc(rest, natural)
	out := map[string]look{}
	for i, name := range append(order, rest...) {
		if _, ok := out[name]; !ok {
			out[name] = lookOf(i)
		}
	}
	return out
}

// natural orders names with numbers in them by the numbers' values.
func natural(a, b string) int {
	x, y := a, b
	for x != "" && y != "" {
		nx, ny := digits(x), digits(y)
		if nx > 0 && ny > 0 {
			p, q := strings.TrimLeft(x[:nx], "0"), strings.TrimLeft(y[:ny], "0")
			if c := cmp.Or(cmp.Compare(len(p), len(q)), strings.Compare(p, q)); c != 0 {
				return c
			}
			x, y = x[nx:], y[ny:]
			continue
		}
		r, n := utf8.DecodeRuneInString(x)
		s, m := utf8.DecodeRuneInString(y)
		if r != s {
			return cmp.Compare(r, s)
		}
		x, y = x[n:], y[m:]
	}
	return cmp.Or(cmp.Compare(len(x), len(y)), strings.Compare(a, b))
}

// digits is the length of the run of digits that s starts with.
func digits(s string) int {
	return len(s) - len(strings.TrimLeft(s, "0123456789"))
}
