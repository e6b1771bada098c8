package audit

import (
	"bytes"
	"context"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"modelcollapse/generate/read"
	"modelcollapse/internal/rng"
)

// What is said to be the largest effect that is possible is less than the true one no oftener than alpha, of counts and of means.
func TestAtMost(t *testing.T) {
	r := rng.Root(4).Child("at most", 0).Stream()
	const draws, alpha = 4000, 0.01
	for name, c := range map[string]struct {
		of   tested
		draw func() float64
		true float64
	}{
		"mean": {tested{sd: 0.02}, func() float64 { return 0.1 + 0.02*r.NormFloat64() }, 0.1},
		"count": {tested{Statistic: Statistic{leak: 3000}}, func() float64 {
			n := 0.0
			for range 3000 {
				if r.Float64() < 0.005 {
					n++
				}
			}
			return n / 3000
		}, 0.005},
	} {
		below := 0
		for range draws {
			if c.of.atMost(c.draw(), alpha) < c.true {
				below++
			}
		}
		if below > 66 { // 40 expected, and four deviations
			t.Errorf("%s: %d of %d bounds lie below the truth", name, below, draws)
		}
	}
}

// An effect that found leaves no room for is decided, though the exchanges could not have shown it.
func TestAlikeByBound(t *testing.T) {
	v := values{statistics: []Statistic{{Worse: More, Threshold: 0.1}}, found: []float64{0}, tested: []float64{0}, size: 50}
	r := rng.Root(5).Stream()
	for range 400 {
		v.null, v.exchange = append(v.null, []float64{0.035 * r.NormFloat64()}), append(v.exchange, []float64{0.035 * r.NormFloat64()})
	}
	all, _ := decide(v, 1, Options{}.filled())
	if x := all[0]; x.Answer != Alike || float64(x.Detectable) <= 0.1 {
		t.Errorf("%s, seen from %g, at most %g", x.Answer, float64(x.Detectable), float64(x.AtMost))
	}
	v.found[0], v.tested[0] = 0.06, 0.06
	if all, _ = decide(v, 1, Options{}.filled()); all[0].Answer != Undecided || all[0].Decides <= 50 {
		t.Errorf("%s, needs %d", all[0].Answer, all[0].Decides)
	}
}

// Only what differs, and is closer, is called copying.
func TestCopyingWords(t *testing.T) {
	result := func(name string, a Answer) Result {
		return Result{Statistic: Statistic{Name: name, Part: Copying}, Answer: a, Found: 0.0123, Detectable: 1}
	}
	for _, c := range []struct {
		all  []Result
		want string
	}{
		{[]Result{result("copies.exact", Slight)}, "No evidence of copying; a leak of ≥ 100 % of the rows"},
		{[]Result{result("copies.exact", Alike), result("closest_distance@500", Slight)}, "No evidence"},
		{[]Result{result("copies.exact", Alike), result("closest_ratio@500", Differs)}, "No evidence"},
		{[]Result{result("copies.exact", Alike), result("closest_distance@500", Differs)}, "Copying: no more exact copies"},
		{[]Result{result("copies.exact", Differs)}, "Copying: 1.2 % of the synthetic rows"},
	} {
		r := Report{Results: c.all}
		if got := r.copyingWords(); !strings.HasPrefix(got[0], c.want) {
			t.Errorf("%q, want %q", got[0], c.want)
		}
	}
	for x, want := range map[float64]string{1: "100 %", 0.0123: "1.2 %", -0.000095: "0 %", -0.02: "−2.0 %", math.NaN(): "–"} {
		if got := percent(x); got != want {
			t.Errorf("%g is %q, want %q", x, got, want)
		}
	}
}

// A hold-out that cannot tell anything is refused, one that overlaps the training rows is said to.
func TestHoldOut(t *testing.T) {
	rows := people(200, 1)
	audit := func(held [][]string) (*Report, error) {
		return Table(t.Context(), Tables{Real: frame(t, csvOf(rows)), Synthetic: frame(t, csvOf(people(100, 2))), HoldOut: frame(t, csvOf(held))}, Options{Splits: 20, Exchanges: 300})
	}
	for want, held := range map[string][][]string{"--holdout: 9 rows: want at least 10": people(9, 3), "all 200 rows are in the real set": rows} {
		if _, err := audit(held); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
	r, err := audit(slices.Concat(rows[:5], people(40, 4)))
	if err != nil || !slices.ContainsFunc(r.Words, func(s string) bool { return strings.HasPrefix(s, "5 rows of the hold-out (of 45) are in the real set") }) {
		t.Errorf("%v, %q", err, r.Words)
	}
	w := writerOf(rng.Root(6).Stream(), 100)
	real := w.documents(30)
	for want, held := range map[string]*Documents{"--holdout: 0 documents with words (of 20)": {Texts: make([]string, 20)}, "all 30 documents are in the real set": real} {
		if _, err := Text(t.Context(), Texts{Real: real, Synthetic: w.documents(20), HoldOut: held}, Options{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

// Rules that could not work are errors, and so is an unreadable set, by its flag.
func TestRulesAndFiles(t *testing.T) {
	low, high := 5.0, 1.0
	f := frame(t, "x,c,d\n"+strings.Repeat("1.5,a,2024-01-02\n2.5,b,2024-03-04\n", 20))
	for want, rules := range map[string]Rules{
		"x: values are of categories, and it holds numbers": {"x": {Values: []string{"1"}}},
		"c: min and max are of numbers":                     {"c": {Min: &low}},
		"x: min lies above max":                             {"x": {Min: &low, Max: &high}},
		"d: it holds dates":                                 {"d": {Min: &low}},
		"x: it holds numbers, and min":                      {"x": {Min: &low, Dates: true}},
	} {
		if _, err := tableOf(Tables{Real: f, Synthetic: f, Rules: rules}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
	dir := t.TempDir()
	put := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	empty, whole := put("empty.csv", ""), put("real.csv", csvOf(people(40, 1)))
	if (Files{Real: empty}).Text(t.Context()) {
		t.Error("an empty file is text")
	}
	for want, files := range map[string]Files{"--real: ": {Real: empty, Synthetic: whole}, "the synthetic set: ": {Real: whole, Synthetic: empty}, "--holdout: ": {Real: whole, Synthetic: whole, HoldOut: empty}} {
		if _, err := files.Tables(t.Context(), nil); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
	// A column less is the same of a file and of standard input.
	part := strings.Repeat("1,2.5,j1,t2\n3,4.5,j2,t3\n", 20)
	less := "age,income,job,town\n" + part
	a, err := Files{Real: whole, Synthetic: put("less.csv", less)}.Tables(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	b, err := Files{Real: whole, Synthetic: "-", Stdin: strings.NewReader(less)}.Tables(t.Context(), nil)
	if err != nil || len(a.Synthetic.Columns) != len(b.Synthetic.Columns) || a.Synthetic.Rows != b.Synthetic.Rows {
		t.Errorf("standard input: %v", err)
	}
}

// A report says how many exchanges there were, holds null where there is no number, and counts a missing column once.
func TestReportOfNumbers(t *testing.T) {
	real, synthetic := frame(t, csvOf(people(300, 1))), frame(t, csvOf(people(300, 2)))
	synthetic.Columns = slices.DeleteFunc(synthetic.Columns, func(c read.Column) bool { return c.Name == "town" })
	r, err := Table(context.Background(), Tables{Real: real, Synthetic: synthetic}, Options{Splits: 40})
	if err != nil {
		t.Fatal(err)
	}
	var md bytes.Buffer
	if err := r.WriteMarkdown(&md, []string{"figures/columns.png"}); err != nil {
		t.Fatal(err)
	}
	if r.Exchanges != 200 || !strings.Contains(md.String(), "exchanged at random 200 times") || !strings.Contains(md.String(), "](figures/columns.png)") {
		t.Errorf("%d exchanges", r.Exchanges)
	}
	if x, _ := r.Result("unseen_categories"); x.Found > 0.1 {
		t.Errorf("cells of a missing column are %g unseen categories", float64(x.Found))
	}
	raw, err := json.Marshal(Result{Found: Number(math.NaN()), P: 0.5})
	if err != nil || !bytes.Contains(raw, []byte(`"found":null`)) || bytes.Contains(raw, []byte("NaN")) {
		t.Errorf("%s, %v", raw, err)
	}
	var back Result
	if err := json.Unmarshal(raw, &back); err == nil && (back.Found == back.Found || back.P != 0.5) {
		t.Errorf("%v", back)
	}
	if err := enough(2, 200, Options{Alpha: 1e-7}); err == nil || strings.Contains(err.Error(), "splits") {
		t.Errorf("%v: more splits than are taken", err)
	}
}
