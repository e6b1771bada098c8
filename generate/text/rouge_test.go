package text

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// longest is the textbook recursion.
func longest(a, b []uint64) int {
	row := make([]int, len(b)+1)
	for _, x := range a {
		left := 0 // of the row before
		for j, y := range b {
			up := row[j+1]
			if x == y {
				row[j+1] = left + 1
			} else {
				row[j+1] = max(row[j], up)
			}
			left = up
		}
	}
	return row[len(b)]
}

func TestRougeL(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want float64
	}{
		{"police killed the gunman", "police kill the gunman", .75},   // Lin 2004, S1 and S2
		{"police killed the gunman", "the gunman kill police", .5},    // S1 and S3
		{"police killed the gunman", "the gunman police killed", .5},  // S1 and S4
		{"The quick brown fox", "the quick brown FOX jumps", 8. / 9.}, // 2·4/(4+5)
		{"", "", 0},
		{"a", "", 0},
	} {
		if got := RougeL(Plain.Hash(nil, c.a), Plain.Hash(nil, c.b)); math.Abs(got-c.want) > 1e-15 {
			t.Errorf("%q, %q: %v, want %v", c.a, c.b, got, c.want)
		}
	}
}

func drawWords(t *rapid.T, name string) []uint64 {
	letters := rapid.Uint64Range(0, rapid.SampledFrom([]uint64{1, 5, 40}).Draw(t, name+" of"))
	return rapid.SliceOfN(letters, 0, 200).Draw(t, name)
}

func TestBitParallelIsTheRecursion(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawWords(t, "a"), drawWords(t, "b")
		if got, want := LCS(a, b), longest(a, b); got != want {
			t.Fatalf("%d, want %d", got, want)
		}
	})
}

// Passing over what cannot be changes no answer.
func TestFirstIsThatOfComparingAll(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var o Overlaps
		var kept [][]uint64
		for range rapid.IntRange(0, 12).Draw(t, "texts") {
			w := drawWords(t, "kept")
			kept = append(kept, w)
			o.Keep(w)
		}
		for range 3 {
			w, limit := drawWords(t, "new"), rapid.Float64Range(0, 1).Draw(t, "limit")
			m, ok := o.First(w, limit)
			want, found := Match{}, false
			for i, k := range kept {
				if n := len(w) + len(k); !found && n > 0 && float64(2*longest(w, k))/float64(n) > limit {
					want, found = Match{i, float64(2*longest(w, k)) / float64(n)}, true
				}
			}
			if ok != found || m != want {
				t.Fatalf("%v %v, want %v %v", m, ok, want, found)
			}
		}
	})
}
