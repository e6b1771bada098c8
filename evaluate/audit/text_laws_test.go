package audit

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"modelcollapse/evaluate/diversity"
	"modelcollapse/generate/text"
	"modelcollapse/internal/num"
	"modelcollapse/internal/rng"
)

// drawLibrary draws documents of few words, with groups or without, and a split by bundles.
func drawLibrary(t *rapid.T) (*library, Split) {
	set := func(name string) *Documents {
		d := &Documents{Texts: rapid.SliceOfN(rapid.StringMatching(`([a-e]{1,2} ){0,12}`), 3, 12).Draw(t, name)}
		if rapid.Bool().Draw(t, name+" grouped") {
			d.Group = rapid.SliceOfN(rapid.IntRange(0, 3), len(d.Texts), len(d.Texts)).Draw(t, name+" groups")
		}
		return d
	}
	l, err := libraryOf(context.Background(), set("real"), set("synthetic"), Options{}.filled(), rng.Root(1).Stream())
	if err != nil {
		t.Fatal(err)
	}
	s := Split{Side: make([]Side, len(l.texts)), Alone: rapid.Bool().Draw(t, "alone")}
	for _, bundle := range l.bundles {
		side := Side(rapid.IntRange(0, 2).Draw(t, "side"))
		for _, i := range bundle {
			s.Side[i] = side
		}
	}
	s.Whole = s.Side
	return l, s
}

// Counts by bundle, without what occurs once, give what counting the documents of a split gives.
func TestTextCountsAreThoseOfDocuments(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l, s := drawLibrary(t)
		for order := 1; order <= 2; order++ {
			count, n := countNaively(l, s, order)
			if n[1] == 0 || n[2] == 0 {
				return
			}
			c := gramsOf(l, order).compare(s)
			if c.n != [2]float64{n[1], n[2]} || c.types != len(count[2]) {
				t.Fatalf("order %d: %v n-grams, %d types, want %v, %d", order, c.n, c.types, n, len(count[2]))
			}
			js, lost, least := compareNaively(count[1], count[2], n[1], n[2])
			sum := [4]float64{}
			for d := range 10 {
				types, found, mass, part := c.decile(d)
				if math.Abs(mass-.1) > 1e-12 || found > types+1e-12 {
					t.Fatalf("decile %d has mass %v, %v of %v types", d, mass, found, types)
				}
				for k, x := range []float64{types, found, mass, part} {
					sum[k] += x
				}
			}
			for _, x := range [][2]float64{{c.divides, js}, {c.lost(), lost}, {sum[0], float64(len(count[1]))}, {sum[3], least}} {
				if math.Abs(x[0]-x[1]) > 1e-9 {
					t.Fatalf("order %d: %v, want %v", order, x[0], x[1])
				}
			}
		}
	})
}

// countNaively counts n-grams by side.
func countNaively(l *library, s Split, order int) (count [3]map[string]float64, n [3]float64) {
	for k := range count {
		count[k] = map[string]float64{}
	}
	for i, d := range l.texts {
		words := text.Marks.Words(d)
		for k := range max(0, len(words)-order+1) {
			count[s.Side[i]][strings.Join(words[k:k+order], " ")]++
			n[s.Side[i]]++
		}
	}
	return count, n
}

// compareNaively is divergence, lost mass and Σ min(p, q) of counts by their definitions.
func compareNaively(reference, candidate map[string]float64, n1, n2 float64) (js, lost, least float64) {
	pi := n1 / (n1 + n2)
	for w, r := range reference {
		p, q := r/n1, candidate[w]/n2
		js += pi * p * math.Log(p/(pi*p+(1-pi)*q))
		if least += min(p, q); q == 0 {
			lost += p
		}
	}
	for w, k := range candidate {
		p, q := reference[w]/n1, k/n2
		js += (1 - pi) * q * math.Log(q/(pi*p+(1-pi)*q))
	}
	return js, lost, least
}

// isReference says whether document j is one for candidate i.
func isReference(s Split, i, j int) bool {
	return j != i && (s.Side[j] == Reference || s.Alone && s.Side[j] == Candidate)
}

// Copied n-grams are those that comparing all documents finds.
func TestTextSharedIsThatOfComparingAll(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l, s := drawLibrary(t)
		n := rapid.IntRange(1, 4).Draw(t, "n")
		plain := func(words []string) string { return " " + strings.Join(words, " ") + " " }
		for i, got := range sharedOf(l.plain, n).longest(s) {
			if s.Side[i] != Candidate {
				continue
			}
			want := longestRun(text.Plain.Words(l.texts[i]), n, func(gram []string) bool {
				for j, other := range l.texts {
					if isReference(s, i, j) && strings.Contains(plain(text.Plain.Words(other)), plain(gram)) {
						return true
					}
				}
				return false
			})
			if int(got) != want {
				t.Fatalf("document %d: %d words, want %d", i, got, want)
			}
		}
	})
}

// Copies are those that comparing all documents finds.
func TestTextCopiesAreThoseOfComparingAll(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l, s := drawLibrary(t)
		copies, candidates := 0, 0
		for i, words := range l.plain {
			if s.Side[i] != Candidate || len(words) == 0 {
				continue
			}
			candidates++
			for j, other := range l.plain {
				if isReference(s, i, j) && len(words) >= l.telling && slices.Equal(words, other) {
					copies++
					break
				}
			}
		}
		like, err := likenessOf(context.Background(), l)
		if err != nil {
			t.Fatal(err)
		}
		got := like.copies(like.exact, like.classes[0], s)
		if want := float64(copies) / float64(candidates); got != want && (got == got || want == want) {
			t.Fatalf("share of copies %v, want %v", got, want)
		}
	})
}

// The area is the share of pairs that are in order, and what is caught lies above all but so many references.
func TestTextRanked(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		score := rapid.SliceOfN(rapid.SampledFrom([]float64{0, 1, 2, 3, 4, 5}), 2, 40).Draw(t, "scores")
		sides := rapid.SliceOfN(rapid.SampledFrom([]Side{Out, Reference, Candidate}), len(score), len(score)).Draw(t, "sides")
		pairs, above, n := 0.0, 0.0, [3]float64{}
		for i, a := range score {
			n[sides[i]]++
			for j, b := range score {
				if sides[i] == Reference && sides[j] == Candidate {
					pairs++
					if b > a {
						above++
					} else if b == a {
						above += .5
					}
				}
			}
		}
		r, side := rankedOf(score), func(i int) Side { return sides[i] }
		if got := r.area(side); pairs > 0 && math.Abs(got-above/pairs) > 1e-12 {
			t.Fatalf("area %v, want %v", got, above/pairs)
		}
		share := rapid.Float64Range(0, 1).Draw(t, "share")
		best := 0.0
		for _, cut := range []float64{-1, 0, 1, 2, 3, 4, 5} {
			var over [3]float64
			for i, x := range score {
				if x > cut {
					over[sides[i]]++
				}
			}
			if over[Reference] <= math.Floor(share*n[Reference]) {
				best = max(best, over[Candidate]/n[Candidate])
			}
		}
		if got := r.caught(side, share); n[Candidate] > 0 && math.Abs(got-best) > 1e-12 {
			t.Fatalf("caught %v, want %v", got, best)
		}
	})
}

// At the weights the slope is nearly 0, and what can be told apart is.
func TestTextLogistic(t *testing.T) {
	r := rng.Root(1).Stream()
	var x, y []float64
	for i := range 400 {
		label := float64(i % 2)
		x, y = append(x, 1, rng.Normal(r)+label, rng.Normal(r)-label), append(y, label)
	}
	w := logistic(x, y, 1)
	for k := range w {
		slope := -w[k]
		for i := range y {
			slope += (y[i] - 1/(1+num.Exp(-num.Dot(x[3*i:3*i+3], w)))) * x[3*i+k]
		}
		if math.Abs(slope) > .5 { // of 400 rows
			t.Errorf("slope %d is %v", k, slope)
		}
	}
	if w[1] < .5 || w[2] > -.5 {
		t.Errorf("weights %v", w)
	}
	same := diversity.Features{Dim: 2, X: make([]float64, 200)}
	if a := tellApart(same, same); a != .5 {
		t.Errorf("equal rows: area %v", a)
	}
}

// longestRun is the words of the longest run of n-grams that are in.
func longestRun(words []string, n int, in func(gram []string) bool) (longest int) {
	run := 0
	for k := range max(0, len(words)-n+1) {
		if run++; !in(words[k : k+n]) {
			run = 0
		}
		if run > 0 {
			longest = max(longest, run+n-1)
		}
	}
	return longest
}
