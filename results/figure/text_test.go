package figure

import (
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func newSet(t testing.TB) *typesetter {
	t.Helper()
	set, err := newTypesetter()
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func TestMarkup(t *testing.T) {
	for in, want := range map[string][]span{
		"plain":        {{"plain", 0}},
		"10^{−3}":      {{"10", 0}, {"−3", 1}},
		"σ^{2}_{t} x":  {{"σ", 0}, {"2", 1}, {"t", -1}, {" x", 0}},
		"10⁻³ and x₂":  {{"10", 0}, {"−3", 1}, {" and x", 0}, {"2", -1}},
		"ten_percent":  {{"ten_percent", 0}},
		"open ^{brace": {{"open ^{brace", 0}},
		"":             nil,
	} {
		if got := parse(in); !slices.Equal(got, want) {
			t.Errorf("parse(%q) = %v, want %v", in, got, want)
		}
	}
}

// The font must have every character that the package itself writes.
func TestOwnCharactersAreInTheFont(t *testing.T) {
	set := newSet(t)
	for _, r := range "0123456789−×∞≤≥±–—σμαβγδελθπρτχ…·°²³½éü ,.:;%()[]{}/|<>=+_^" {
		if set.regular.glyph(r) == nil || set.bold.glyph(r) == nil {
			t.Errorf("no glyph for %q (U+%04X)", r, r)
		}
	}
}

func TestNothingIsDroppedSilently(t *testing.T) {
	f := paired()
	f.Title, f.Caption = "漢 and σ", "a bell: \a"
	got, err := f.Missing()
	if err != nil || !slices.Equal(got, []rune{'\a', '漢'}) {
		t.Errorf("missing %q, %v", got, err)
	}
	set := newSet(t)
	if a, b := set.set("漢", false), set.set("[U+6F22]", false); len(a.glyphs) != len(b.glyphs) || a.width != b.width {
		t.Error("a missing character is not shown by its code point")
	}
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "text")
		for _, r := range s {
			if l := set.set(string(r), false); r != '\n' && len(l.glyphs) == 0 {
				t.Fatalf("%q leaves no glyph", r)
			}
		}
	})
}

func TestWrapKeepsTextAndWidth(t *testing.T) {
	set := newSet(t)
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringMatching(`([a-z=%]{1,12}|σ\^\{2\}| ){0,40}`).Draw(t, "text")
		width := rapid.Float64Range(20, 200).Draw(t, "width")
		lines := set.wrap(s, width, 7, false)
		strip := func(s string) string { return strings.ReplaceAll(s, " ", "") }
		if strip(strings.Join(lines, "")) != strip(s) {
			t.Fatalf("wrap lost text: %q from %q", lines, s)
		}
		for _, l := range lines {
			if w := set.width(l, 7, false); w > width+1e-9 && len(atoms(l)) > 1 {
				t.Fatalf("%q is %v wide, room %v", l, w, width)
			}
		}
	})
}

func TestRelationsStayWithTheirNeighbours(t *testing.T) {
	got := newSet(t).wrap("measured on N = 20 rows and 95 % intervals", 45, 7, false)
	for _, l := range got {
		if strings.HasPrefix(l, "=") || strings.HasSuffix(l, "=") || strings.HasPrefix(l, "%") {
			t.Errorf("broken at a relation: %q", got)
		}
	}
}

func TestNaturalOrder(t *testing.T) {
	names := []string{"n = 100", "n = 9", "b", "n = 10", "a", "n = 09"}
	slices.SortFunc(names, natural)
	if want := []string{"a", "b", "n = 09", "n = 9", "n = 10", "n = 100"}; !slices.Equal(names, want) {
		t.Errorf("%q", names)
	}
}

// A quadratic curve and the cubic that replaces it are the same curve.
func TestCubicIsTheQuadratic(t *testing.T) {
	p, q, r := at(0, 0), at(30, 60), at(90, 0)
	c := cubic(p, q, r)
	for _, s := range []float64{.25, .5, .75} {
		u := 1 - s
		quad := u*u*0 + 2*u*s*60 + s*s*0
		cube := 3*u*u*s*float64(c[0].Y) + 3*u*s*s*float64(c[1].Y)
		if math.Abs(quad-cube) > 0.02 {
			t.Errorf("at %v: %v and %v", s, quad, cube)
		}
	}
}
