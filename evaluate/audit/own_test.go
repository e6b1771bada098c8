package audit

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"modelcollapse/evaluate"
	"modelcollapse/generate/text"
	"modelcollapse/internal/rng"
)

// records are rows of a number, a category and another number: cells of the first are missing, misspelt, or forbidden with a chance each, and
// numbers are as wide as told.
func records(r *rand.Rand, n int, missing, misspelt, forbidden, wide float64) (rows [][]string) {
	for range n {
		x := fmt.Sprintf("%.6f", float64(wide*r.NormFloat64()))
		switch u := r.Float64(); {
		case u < missing:
			x = ""
		case u < missing+misspelt:
			x = "some"
		case u < missing+misspelt+forbidden:
			x = "1000"
		}
		rows = append(rows, []string{x, string(rune('a' + r.IntN(3))), fmt.Sprintf("%.6f", float64(wide*r.NormFloat64()))})
	}
	return rows
}

func framed(t *testing.T, rows [][]string) *strings.Builder {
	t.Helper()
	b := &strings.Builder{}
	b.WriteString("x,c,y\n")
	for _, row := range rows {
		b.WriteString(strings.Join(row, ",") + "\n")
	}
	return b
}

// resultOf is one statistic of measures of two tables.
func resultOf(t *testing.T, name string, seed uint64, real, synthetic [][]string) Result {
	t.Helper()
	most := 100.0
	d, err := tableOf(Tables{Real: frame(t, framed(t, real).String()), Synthetic: frame(t, framed(t, synthetic).String()), Rules: Rules{"x": {Max: &most}}})
	if err != nil {
		t.Fatal(err)
	}
	f := family{name: "rows", units: Units{Real: d.real, Synthetic: d.synth}, measures: []Measure{validityOf(d), sameRowsOf(d)}}
	if strings.HasPrefix(name, "vendi") {
		f.chosen = func(found Split, _ int) ([]Measure, error) {
			return []Measure{kernelOf(d, fewOf(found, f.units, fewAtOnce, streamOf(Options{Seed: seed}, "few")))}, nil
		}
		f.measures = nil
	}
	return resultIn(t, f, name, seed)
}

func resultIn(t *testing.T, f family, name string, seed uint64) Result {
	t.Helper()
	o := Options{Seed: seed, Splits: 20, Exchanges: 199, Alpha: 0.05}.filled()
	v, err := f.run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	all, _ := decide(v, 1, o)
	k := slices.IndexFunc(all, func(x Result) bool { return x.Name == name })
	return all[k]
}

// What is said to be seen with 90 % is seen as often, of statistics that look at one side alone: under exchange half of the candidates
// stand on the other side, so that such a statistic itself would lie half of the way to what was found. A binomial bound: of 24 audits at least 17
// (chance of fewer: 0.2 %) see an effect of that size.
func TestPowerOfOneSide(t *testing.T) {
	const rows = 240
	for _, c := range []struct {
		name  string
		seed  uint64
		real  int
		up    float64                                                               // direction of the effect
		plant func(r *rand.Rand, n int, x float64) [][]string                       // x: the effect in what
		of    func(t *testing.T, plant func(float64) [][]string, x float64) float64 // the x of an effect; nil: itself
	}{
		{name: "nulls.x", seed: 1, real: rows, up: 1, plant: func(r *rand.Rand, n int, x float64) [][]string { return records(r, n, 0.15+x, 0, 0, 1) }},
		{name: "nulls.x", seed: 2, real: rows, up: -1, plant: func(r *rand.Rand, n int, x float64) [][]string { return records(r, n, 0.15+x, 0, 0, 1) }},
		{name: "nulls.x", seed: 3, real: rows / 2, up: 1, plant: func(r *rand.Rand, n int, x float64) [][]string { return records(r, n, 0.15+x, 0, 0, 1) }},
		{name: "wrong_type", seed: 4, real: rows, up: 1, plant: func(r *rand.Rand, n int, x float64) [][]string { return records(r, n, 0.15, 3*x, 0, 1) }},
		{name: "broken_rules", seed: 5, real: rows, up: 1, plant: func(r *rand.Rand, n int, x float64) [][]string { return records(r, n, 0.15, 0, x, 1) }},
		{name: "vendi2@1000", seed: 6, real: rows, up: -1, plant: func(r *rand.Rand, n int, x float64) [][]string { return records(r, n, 0.15, 0, 0, 1+x) }, of: widthOf},
		{name: "duplicates", seed: 7, real: rows, up: 1, plant: func(r *rand.Rand, n int, x float64) [][]string {
			all := records(r, n, 0, 0, 0, 1)
			for i := range int(x * float64(n)) { // twins survive halving with half a chance: a share x of rows has one left
				all[2*i+1] = all[2*i]
			}
			return all
		}},
	} {
		stream := rng.Root(c.seed).Child("power", 0).Stream()
		real := func() [][]string { return c.plant(stream, c.real, 0) }
		sum := 0.0
		for i := range 3 {
			sum += float64(resultOf(t, c.name, uint64(i), real(), c.plant(stream, rows, 0)).Detectable) / 3
		}
		x := float64(c.up * sum)
		if c.of != nil {
			x = c.of(t, func(x float64) [][]string { return c.plant(stream, rows, x) }, x)
		}
		seen := 0
		for i := range trials {
			if r := resultOf(t, c.name, uint64(100+i), real(), c.plant(stream, rows, x)); float64(r.Adjusted) <= 0.05 {
				seen++
			}
		}
		if t.Logf("%s: %+.3g (plant %.3g) is seen %d of %d times", c.name, c.up*sum, x, seen, trials); seen < fewestSeen {
			t.Errorf("%s: an effect of %+.3g is seen %d of %d times, not 90 %%", c.name, c.up*sum, seen, trials)
		}
	}
}

// widthOf is by how much numbers are narrower where the Vendi score is lower by an effect.
func widthOf(t *testing.T, plant func(float64) [][]string, effect float64) float64 {
	score := func(x float64) float64 {
		d, err := tableOf(Tables{Real: frame(t, framed(t, plant(0)).String()), Synthetic: frame(t, framed(t, plant(x)).String())})
		if err != nil {
			t.Fatal(err)
		}
		rows := few{joined: upTo(d.real, d.real+d.synth/2), alone: []int{0}}
		return vendi(kernelOf(d, rows).square[false], slices.Repeat([]Side{Candidate}, d.synth/2))
	}
	at := func(x float64) (s float64) {
		for range 4 {
			s += (score(x) - score(0)) / 4
		}
		return s
	}
	low, high := -0.95, 0.0
	for range 7 {
		if mid := (low + high) / 2; at(mid) < effect {
			low = mid
		} else {
			high = mid
		}
	}
	return low
}

// The same of texts: documents without words, of whatever size the sets are.
func TestPowerOfOneSideInTexts(t *testing.T) {
	w := writerOf(rng.Root(8).Stream(), 200)
	r := rng.Root(9).Stream()
	set := func(n int, empty float64) *Documents {
		d := w.documents(n)
		for i := range d.Texts {
			if r.Float64() < empty {
				d.Texts[i] = ""
			}
		}
		return d
	}
	result := func(seed uint64, share float64) Result {
		l, err := libraryOf(t.Context(), set(120, 0.1), set(120, 0.1+share), Options{Jobs: 2}, rng.Root(seed).Stream())
		if err != nil {
			t.Fatal(err)
		}
		m := &flags{all: flagsOf(l, make([]text.Repetition, len(l.texts))).all[:1], flag: [][]bool{nil}}
		for _, words := range l.marks {
			m.flag[0] = append(m.flag[0], len(words) == 0)
		}
		return resultIn(t, family{name: "documents", units: l.units(), measures: []Measure{m}}, "empty", seed)
	}
	x := float64(result(1, 0).Detectable+result(2, 0).Detectable+result(3, 0).Detectable) / 3
	seen := 0
	for i := range trials {
		if float64(result(uint64(10+i), x).Adjusted) <= 0.05 {
			seen++
		}
	}
	if t.Logf("empty: %+.3g is seen %d of %d times", x, seen, trials); seen < fewestSeen {
		t.Errorf("empty: an effect of %+.3g is seen %d of %d times, not 90 %%", x, seen, trials)
	}
}

// Sets that have the same share of rows twice, each its own, differ by nothing, whatever their sizes: an exchange tears twins apart, and so
// does a side that is a part of its set.
func TestTwinsOfBothSets(t *testing.T) {
	for _, n := range [][2]int{{800, 800}, {1600, 500}, {800, 1600}} {
		twins := func(n int, seed uint64) [][]string {
			rows := people(n, seed)
			for i := range n / 5 {
				rows[2*i+1] = rows[2*i]
			}
			return rows
		}
		r := auditOf(t, twins(n[0], 91), twins(n[1], 92), Tables{})
		for _, x := range r.with(Differs) {
			t.Errorf("%v: %s differs: %.3g, null %.3g [%.3g, %.3g]", n, x.Name, float64(x.Found), float64(x.Null.Mean), float64(x.Null.Low), float64(x.Null.High))
		}
	}
}

// The verdict is where found falls in the null: inside its middle 95 % nothing differs, whatever the exchange says.
func TestInsideTheNull(t *testing.T) {
	v := values{statistics: []Statistic{{Worse: More, Threshold: 0.01}}, found: []float64{0.5}, tested: []float64{0.5}, size: 50}
	for i := range 200 {
		v.null, v.exchange = append(v.null, []float64{float64(i) / 200}), append(v.exchange, []float64{0.1 + 1e-4*float64(i)})
	}
	v.null[0][0] = -30 // a lower mean
	all, _ := decide(v, 1, Options{}.filled())
	if x := all[0]; x.Answer == Differs || float64(x.Adjusted) > 0.01 || float64(x.Effect) < 0.01 {
		t.Errorf("%s: found %g in [%g, %g]", x.Answer, float64(x.Found), float64(x.Null.Low), float64(x.Null.High))
	}
	v.found[0], v.tested[0] = 2, 2
	if all, _ = decide(v, 1, Options{}.filled()); all[0].Answer != Differs {
		t.Errorf("%s outside the null", all[0].Answer)
	}
}

// One row of a large synthetic set that breaks a rule, is of another type or lacks a cell is counted: validity looks at all of them.
func TestValidityOfAllRows(t *testing.T) {
	real, synthetic := people(200, 93), people(1000, 94)
	for i := range synthetic {
		if i%100 == 7 {
			synthetic[i][0] = "-5"
		}
	}
	least := 0.0
	r, err := Table(t.Context(), Tables{Real: frame(t, csvOf(real)), Synthetic: frame(t, csvOf(synthetic)), Rules: Rules{"age": {Min: &least}}}, Options{Splits: 20, Exchanges: 200})
	if err != nil {
		t.Fatal(err)
	}
	if x, _ := r.Result("broken_rules"); float64(x.Found) != 0.01 {
		t.Errorf("broken rules: %g, want 10 of 1000", float64(x.Found))
	}
}

// A set of documents without words is rejected, be it as few as it wants.
func TestEmptyDocuments(t *testing.T) {
	w := writerOf(rng.Root(12).Stream(), 300)
	r, err := Text(t.Context(), Texts{Real: w.documents(200), Synthetic: &Documents{Texts: make([]string, 100)}}, Options{Splits: 40, Exchanges: 200})
	if err != nil {
		t.Fatal(err)
	}
	if x, _ := r.Result("empty"); r.Outcome != evaluate.Rejected || x.Answer != Differs || x.Found != Number(1) {
		t.Errorf("%s: empty %s, found %g, p %g, critical %g", r.Outcome, x.Answer, float64(x.Found), float64(x.Adjusted), math.Abs(float64(r.Critical)))
	}
}
