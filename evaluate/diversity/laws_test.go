package diversity

import (
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"

	"modelcollapse/generate/text"
	"modelcollapse/internal/rng"
)

// k groups of equal texts are k texts, to every order but as far as groups differ in size.
func TestVendiCountsGroups(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k, each := rapid.IntRange(1, 6).Draw(t, "groups"), rapid.IntRange(1, 5).Draw(t, "each")
		q := rapid.SampledFrom([]float64{.5, 1, 2, math.Inf(1)}).Draw(t, "q")
		f := Features{8, nil}
		for i := range k * each {
			row := make([]float64, 8)
			row[i%k] = 1 + float64(i) // cosines know no length
			f.X = append(f.X, row...)
		}
		v, err := VendiCosine(f, q)
		if err != nil || math.Abs(v-float64(k)) > 1e-6 {
			t.Fatalf("%v, %v, want %d", v, err, k)
		}
	})
}

// What is odd is a result or an error.
func TestDegenerate(t *testing.T) {
	if !math.IsNaN(Distinct(nil, 1)) || !math.IsNaN(SelfBLEU([][]uint64{{1}}, 2)) || !math.IsNaN(SelfRepetition(nil, 4)) {
		t.Error("nothing has a diversity")
	}
	if v := SelfBLEU([][]uint64{nil, nil, {1, 2}}, 3); v != 0 {
		t.Errorf("empty texts: self-BLEU %v", v)
	}
	if !math.IsNaN(Mauve([]float64{0, 0}, []float64{1, 0})) {
		t.Error("MAUVE of nothing is a number")
	}
	if v := vendi(t, Features{3, make([]float64, 6)}, 1); v != 0 {
		t.Errorf("vendi of zeros: %v", v)
	}
	if _, err := Vendi(mat.NewSymDense(2, []float64{1, math.NaN(), math.NaN(), 1}), 1); err == nil {
		t.Error("vendi of NaN is no error")
	}
	if r, err := Compression(nil); r != 0 || err != nil {
		t.Errorf("compression of nothing: %v %v", r, err)
	}
	if at := (Clustering{}).Cells(Features{}, 3); len(at) != 0 {
		t.Error("cells of nothing")
	}
}

// MAUVE is symmetric, 1 for equal ones and in (0, 1].
func TestMauveLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 8).Draw(t, "cells")
		draw := func(name string) []float64 {
			x := rapid.SliceOfN(rapid.Float64Range(0, 9), n, n).Draw(t, name)
			x[0]++
			return x
		}
		p, q := draw("p"), draw("q")
		a, b := Mauve(p, q), Mauve(q, p)
		if math.Abs(a-b) > 1e-9 || a <= 0 || a > 1+1e-9 || math.Abs(Mauve(p, p)-1) > 1e-9 {
			t.Fatalf("%v, %v", a, b)
		}
	})
}

// Cells that are far apart are found, and equal keys give equal cells.
func TestCells(t *testing.T) {
	r := rng.Root(1).Child("points", 0).Stream()
	f := Features{2, nil}
	for i := range 90 {
		f.X = append(f.X, 50*float64(i%3)+rng.Normal(r), 20*float64(i%2)+rng.Normal(r))
	}
	for seed := range uint64(20) {
		c := Clustering{Key: rng.Root(seed)}
		at, again := c.Cells(f, 6), c.Cells(f, 6)
		spread := map[int]map[int]bool{}
		for i, cell := range at {
			if again[i] != cell {
				t.Fatal("equal keys, other cells")
			}
			if spread[cell] == nil {
				spread[cell] = map[int]bool{}
			}
			spread[cell][i%6] = true
		}
		for _, s := range spread {
			if len(s) > 3 {
				t.Errorf("seed %d: a cell holds %d of 6 clouds", seed, len(s))
			}
		}
	}
}

// Sets from one source are nearer than those of two, and repeated texts compress.
func TestSetsThatDiffer(t *testing.T) {
	r := rng.Root(2).Child("words", 0).Stream()
	draw := func(from string) []string {
		out := make([]string, 300)
		words := strings.Fields(from)
		for i := range out {
			for range 12 {
				out[i] += words[r.IntN(len(words))] + " "
			}
		}
		return out
	}
	one, two, other := draw("a b c d e f g h"), draw("a b c d e f g h"), draw("e f g h i j k l")
	of := func(x []string) Features { return Hashed(text.Plain.HashAll(x), 64) }
	c := Clustering{Key: rng.Root(3)}
	same, differ := MauveOf(of(one), of(two), 20, c), MauveOf(of(one), of(other), 20, c)
	if same < .8 || differ > .5 {
		t.Errorf("same source %.3f, another %.3f", same, differ)
	}
	random, _ := Compression([]byte(strings.Join(one, "\n")))
	repeated, _ := Compression([]byte(strings.Repeat(one[0], len(one))))
	if !(repeated > 10*random && random > 1) {
		t.Errorf("random %.2f, repeated %.2f", random, repeated)
	}
}

// Cosines of features are those of the counts' square roots, but for what hashing adds at random.
func TestHashedCosines(t *testing.T) {
	f := Hashed(text.Plain.HashAll([]string{"a b c d", "a b x y", "", "a b c d"}), 1<<14)
	dot := func(i, j int) (s float64) {
		for k, x := range f.Row(i) {
			s += x * f.Row(j)[k]
		}
		return s
	}
	near(t, "with itself", dot(0, 0), 1, 1e-12)
	near(t, "equal ones", dot(0, 3), 1, 1e-12)
	near(t, "a, b and a b of seven", dot(0, 1), 3./7, 1e-12)
	near(t, "empty", dot(2, 2), 0, 0)
}
