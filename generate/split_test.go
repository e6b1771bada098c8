package generate_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"modelcollapse/generate"
	"modelcollapse/internal/rng"
)

func stream(seed uint64) *rand.Rand { return rng.Root(seed).Child("split", 0).Stream() }

func numbers(n int) []int {
	rows := make([]int, n)
	for i := range rows {
		rows[i] = i
	}
	return rows
}

// cuts draws a cut that can be checked: shares in hundredths.
func cuts(t *rapid.T) (c generate.Cut, held, tune int) {
	held = rapid.IntRange(0, 60).Draw(t, "held")
	tune = rapid.IntRange(0, 99-held).Draw(t, "tune")
	c = generate.Cut{HeldOut: float64(held) / 100, Tune: float64(tune) / 100, Tail: rapid.Bool().Draw(t, "tail")}
	return c, held, tune
}

// ceil is ⌈percent · n / 100⌉ in whole numbers.
func ceil(percent, n int) int { return (percent*n + 99) / 100 }

func TestSplitLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		group := rapid.SliceOfN(rapid.Uint32Range(0, 40), 1, 200).Draw(t, "group")
		c, held, tune := cuts(t)
		seed := rapid.Uint64().Draw(t, "seed")
		rows := numbers(len(group))
		p, err := generate.Split(rows, group, c, stream(seed))
		if err != nil {
			if !strings.Contains(err.Error(), fmt.Sprintf("%d rows", len(rows))) {
				t.Fatalf("%v does not say how many rows there were", err)
			}
			return
		}
		all := slices.Concat(p.Train, p.HeldOut, p.Tune)
		if slices.Sort(all); !slices.Equal(all, rows) {
			t.Fatalf("not disjoint and exhaustive: %v", all)
		}
		if h := len(p.HeldOut); h < ceil(held, len(rows)) || c.Tail && h != ceil(held, len(rows)) {
			t.Fatalf("%d held out of %d at %d %%", h, len(rows), held)
		}
		if len(p.Tune) < ceil(tune, len(rows)) {
			t.Fatalf("%d to tune of %d at %d %%", len(p.Tune), len(rows), tune)
		}
		whole(t, p, group, c.Tail)
		again, _ := generate.Split(rows, group, c, stream(seed))
		if !slices.Equal(again.Train, p.Train) || !slices.Equal(again.HeldOut, p.HeldOut) {
			t.Fatal("the same stream, another split")
		}
	})
}

// whole fails unless every group lies in one part (but for those that a tail cuts), together and in order, and no part
// has a group more than it needs.
func whole(t *rapid.T, p generate.Parts[int], group []uint32, tail bool) {
	seen := map[uint32]int{}
	for part, rows := range [][]int{p.HeldOut, p.Tune, p.Train} {
		if tail && part == 0 {
			if !slices.IsSorted(rows) || len(rows) > 0 && rows[len(rows)-1] != len(group)-1 {
				t.Fatalf("not the tail: %v", rows)
			}
			continue
		}
		for i, row := range rows {
			g := group[row]
			if at, ok := seen[g]; ok && at != part {
				t.Fatalf("group %d stands in two parts", g)
			}
			fresh := i == 0 || group[rows[i-1]] != g
			if _, ok := seen[g]; ok && fresh {
				t.Fatalf("group %d is torn apart", g)
			}
			if !fresh && rows[i-1] > row {
				t.Fatalf("group %d is out of order", g)
			}
			seen[g] = part
		}
	}
}

func TestSplitShares(t *testing.T) {
	for n := 1; n <= 400; n++ {
		for percent := 0; percent < 100; percent++ {
			want := ceil(percent, n)
			if want == n {
				continue
			}
			p, err := generate.Split(numbers(n), nil, generate.Cut{HeldOut: float64(percent) / 100}, stream(1))
			if err != nil || len(p.HeldOut) != want {
				t.Fatalf("%d %% of %d: %d held out, want %d (%v)", percent, n, len(p.HeldOut), want, err)
			}
		}
	}
}

// The first row dealt to training is any row with the same chance: chi-square, 9 degrees of freedom, p < 1e-6 fails.
func TestSplitIsUniform(t *testing.T) {
	const n, draws = 10, 20_000
	count := [n]float64{}
	for i := range draws {
		p, err := generate.Split(numbers(n), nil, generate.Cut{}, stream(uint64(i)))
		if err != nil {
			t.Fatal(err)
		}
		count[p.Train[0]]++
	}
	chi := 0.0
	for _, c := range count {
		chi += (c - draws/n) * (c - draws/n) / (draws / n)
	}
	if chi > 46 {
		t.Fatalf("chi-square %.1f: %v", chi, count)
	}
}

func TestSplitRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		cut   generate.Cut
		rows  int
		group []uint32
		want  string
	}{
		"one group":  {generate.Cut{HeldOut: 0.1}, 3, []uint32{7, 7, 7}, "3 rows in 1 groups"},
		"no rows":    {generate.Cut{HeldOut: 0.1}, 0, nil, "0 rows"},
		"all":        {generate.Cut{HeldOut: 0.6, Tune: 0.4}, 9, nil, "heldout 0.6 and tune 0.4 leave nothing"},
		"negative":   {generate.Cut{HeldOut: -0.1}, 9, nil, "heldout: -0.1"},
		"many":       {generate.Cut{Tune: 2}, 9, nil, "tune: 2"},
		"short list": {generate.Cut{}, 9, []uint32{1}, "9 rows with 1 group ids"},
		"tail":       {generate.Cut{HeldOut: 0.9, Tail: true}, 5, nil, "5 rows"},
	} {
		_, err := generate.Split(numbers(c.rows), c.group, c.cut, stream(1))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

func ExampleSplit() {
	lines := []string{"a1", "a2", "b1", "c1", "c2", "d1"}
	article := []uint32{0, 0, 1, 2, 2, 3}
	p, err := generate.Split(lines, article, generate.Cut{HeldOut: 0.3}, rng.Root(1).Child("data", 0).Stream())
	fmt.Println("train", p.Train, "held out", p.HeldOut, err)
	// Output: train [a1 a2 b1] held out [d1 c1 c2] <nil>
}
