package audit

import (
	"context"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"modelcollapse/evaluate/diversity"
	"modelcollapse/generate/read"
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
			var count [3]map[string]float64
			var n [3]float64
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
			if n[1] == 0 || n[2] == 0 {
				return
			}
			c := gramsOf(l, order).compare(s)
			if c.n != [2]float64{n[1], n[2]} || c.types != len(count[2]) {
				t.Fatalf("order %d: %v n-grams, %d types, want %v, %d", order, c.n, c.types, n, len(count[2]))
			}
			js, lost, least, pi := 0.0, 0.0, 0.0, n[1]/(n[1]+n[2])
			for w, r := range count[1] {
				p, q := r/n[1], count[2][w]/n[2]
				js += pi * p * math.Log(p/(pi*p+(1-pi)*q))
				if least += min(p, q); q == 0 {
					lost += p
				}
			}
			for w, k := range count[2] {
				p, q := count[1][w]/n[1], k/n[2]
				js += (1 - pi) * q * math.Log(q/(pi*p+(1-pi)*q))
			}
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

// Copied n-grams are those that comparing all documents finds.
func TestTextSharedIsThatOfComparingAll(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l, s := drawLibrary(t)
		n := rapid.IntRange(1, 4).Draw(t, "n")
		has := func(i int, gram []string) bool {
			return strings.Contains(" "+strings.Join(text.Plain.Words(l.texts[i]), " ")+" ", " "+strings.Join(gram, " ")+" ")
		}
		exact := func(a, b int) bool { return slices.Equal(l.plain[a], l.plain[b]) }
		copies, candidates := 0, 0
		for i, got := range sharedOf(l.plain, n).longest(s) {
			if s.Side[i] != Candidate {
				continue
			}
			words, want, run, same := text.Plain.Words(l.texts[i]), 0, 0, false
			reference := func(j int) bool { return j != i && (s.Side[j] == Reference || s.Alone && s.Side[j] == Candidate) }
			for k := range max(0, len(words)-n+1) {
				found := false
				for j := range l.texts {
					found = found || reference(j) && has(j, words[k:k+n])
				}
				if run++; !found {
					run = 0
				}
				if run > 0 {
					want = max(want, run+n-1)
				}
			}
			if int(got) != want {
				t.Fatalf("document %d: %d words, want %d", i, got, want)
			}
			for j := range l.texts {
				same = same || len(words) >= l.telling && reference(j) && exact(i, j)
			}
			if len(words) > 0 {
				candidates++
				if same {
					copies++
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

// What decides no number: how many splits are measured at once.
func TestTextReportsAreEqual(t *testing.T) {
	w := writerOf(rng.Root(9).Stream(), 300)
	sets := Texts{Real: w.documents(60), Synthetic: w.documents(40), HoldOut: w.documents(30), Canaries: []string{"pin 1234"}}
	var first []byte
	for _, jobs := range []int{1, 3} {
		r, err := Text(context.Background(), sets, Options{Splits: 20, Alpha: .1, Jobs: jobs})
		if err != nil {
			t.Fatal(err)
		}
		raw, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = raw
		} else if string(raw) != string(first) {
			t.Errorf("%d at once: another report", jobs)
		}
	}
}

// Odd sets are results or errors.
func TestTextsThatAreOdd(t *testing.T) {
	repeat := func(s string, n int) *Documents { return &Documents{Texts: slices.Repeat([]string{s}, n)} }
	long := repeat("a b c", 30)
	long.Texts[3] = strings.Repeat("word ", 5000)
	w := writerOf(rng.Root(10).Stream(), 50)
	for name, sets := range map[string]Texts{
		"empty":     {Real: repeat("", 30), Synthetic: repeat(" \n", 20)},
		"equal":     {Real: repeat("a b c", 30), Synthetic: repeat("a b c", 20), HoldOut: repeat("a b c", 20)},
		"bytes":     {Real: repeat("\xff\x00\xfe!", 30), Synthetic: repeat("\u00a0\u2028", 20)},
		"one large": {Real: long, Synthetic: w.documents(10), HoldOut: long},
		"canaries":  {Real: w.documents(20), Synthetic: w.documents(10), Canaries: []string{"", "1", "ü"}},
	} {
		r, err := Text(context.Background(), sets, Options{Splits: 20, Alpha: .1})
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if _, err := json.Marshal(r); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, c := range []struct {
		sets Texts
		want string
	}{
		{Texts{}, "audit: the real set: none is given"},
		{Texts{Real: w.documents(30), Synthetic: w.documents(3)}, "audit: the synthetic set: 3 documents: want at least 10"},
	} {
		if _, err := Text(context.Background(), c.sets, Options{}); err == nil || err.Error() != c.want {
			t.Errorf("%v, want %s", err, c.want)
		}
	}
}

// Records are documents, and so are paragraphs of plain text.
func TestReadDocuments(t *testing.T) {
	dir := t.TempDir()
	put := func(name, s string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(s), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for _, c := range []struct {
		path string
		want []string
	}{
		{put("a.txt", "\none\ntwo\n \n\nthree\n"), []string{"one\ntwo", "three"}},
		{put("a.jsonl", "{\"text\": \"one\\n\\ntwo\"}\n{\"text\": \"\"}\n"), []string{"one\n\ntwo", ""}},
	} {
		d, err := ReadDocuments(context.Background(), "real", read.Source{Path: read.Paths{c.path}}, "")
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(d.Texts, c.want) || d.Read.SHA256 == "" {
			t.Errorf("%s: %q, want %q", c.path, d.Texts, c.want)
		}
	}
	if _, err := ReadDocuments(context.Background(), "real", read.Source{Path: read.Paths{filepath.Join(dir, "b.txt")}}, ""); err == nil || !strings.HasPrefix(err.Error(), "real: ") {
		t.Errorf("no file: %v", err)
	}
}
