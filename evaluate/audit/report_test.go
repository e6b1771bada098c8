package audit

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"modelcollapse/generate/read"
	"modelcollapse/results/figure"
)

func small(t *testing.T, jobs int, more Tables) *Report {
	t.Helper()
	more.Real, more.Synthetic = frame(t, csvOf(people(150, 1))), frame(t, csvOf(people(150, 2)))
	r, err := Table(t.Context(), more, Options{Name: "small", Seed: 3, Splits: 25, Exchanges: 200, Jobs: jobs})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// The same audit gives the same bytes, however many splits are measured at once.
func TestSameBytes(t *testing.T) {
	var all [][]byte
	for _, jobs := range []int{1, 3} {
		r := small(t, jobs, Tables{HoldOut: frame(t, csvOf(people(60, 3))), Canaries: frame(t, csvOf(people(3, 4))), Target: "job"})
		var b bytes.Buffer
		if err := json.NewEncoder(&b).Encode(r); err != nil {
			t.Fatal(err)
		}
		for _, write := range []func() error{func() error { return r.WriteMarkdown(&b, nil) }, func() error { return r.WriteText(&b) }, func() error { return r.WriteGaps(&b) }} {
			if err := write(); err != nil {
				t.Fatal(err)
			}
		}
		all = append(all, b.Bytes())
	}
	if !bytes.Equal(all[0], all[1]) {
		t.Error("two audits differ")
	}
}

// What a user calls columns and categories stays text, in Markdown, on a terminal and in figures.
func TestHostileNames(t *testing.T) {
	rename := func(seed uint64) *read.Frame {
		f := frame(t, csvOf(people(150, seed)))
		f.Column("age").Name = "a|b <script>alert(1)</script>\n# h"
		f.Column("job").Name = "x\x1b[31m`c`](javascript:1)"
		f.Column("score").Name = "worst"
		return f
	}
	r, err := Table(t.Context(), Tables{Real: rename(1), Synthetic: rename(2), Canaries: rename(5)}, Options{Name: "<b>*x*", Splits: 20, Exchanges: 200})
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, x := range r.Results {
		if seen[x.Name] {
			t.Errorf("two statistics are called %s", x.Name)
		}
		seen[x.Name] = true
	}
	var md, text bytes.Buffer
	if err := r.WriteMarkdown(&md, []string{"figures/columns"}); err != nil {
		t.Fatal(err)
	}
	if err := r.WriteText(&text); err != nil {
		t.Fatal(err)
	}
	if s := md.String(); strings.ContainsAny(s, "\x1b<>") || strings.Contains(s, "\n# h") || strings.Contains(s, "](javascript") {
		t.Error("a name is markup in Markdown")
	}
	if strings.Contains(text.String(), "\x1b") {
		t.Error("a name moves the cursor")
	}
	for _, d := range r.Figures() {
		if err := d.Figure.Render(&md, "svg"); err != nil && !strings.Contains(err.Error(), figure.ErrNoData.Error()) {
			t.Error(err)
		}
	}
}

// Small cells are hidden unless asked for, gaps that chance explains are none, and the list is the largest first.
func TestGaps(t *testing.T) {
	cells := []Gap{{Name: "large", Expected: 100, Found: 20, Real: 100}, {Name: "chance", Expected: 100, Found: 85, Real: 100},
		{Name: "rare", Expected: 40, Found: 0, Real: 4}, {Name: "more", Expected: 5, Found: 9, Real: 5}, {Name: "gone", Expected: 30, Found: 0, Real: 30}}
	for _, small := range []bool{false, true} {
		var r Report
		r.setGaps(cells, small)
		var names []string
		for _, g := range r.Gaps {
			names = append(names, g.Name)
		}
		want, hidden := []string{"large", "gone"}, 1
		if small {
			want, hidden = []string{"large", "rare", "gone"}, 0
		}
		if !slices.Equal(names, want) || r.Hidden != hidden {
			t.Errorf("%v and %d hidden, want %v and %d", names, r.Hidden, want, hidden)
		}
		var b bytes.Buffer
		if err := r.WriteGaps(&b); err != nil {
			t.Fatal(err)
		}
		lines, err := csv.NewReader(&b).ReadAll()
		if err != nil || strings.Join(lines[0], " ") != "kind name value expected found missing low high" || lines[1][5] != "80" {
			t.Errorf("%v, %v", lines, err)
		}
	}
}

// What the audit says a column lacks is listed, be each cell of it as rare as chance could have it.
func TestGapsOfWhatDiffers(t *testing.T) {
	cells := []Gap{{Kind: "category", Name: "job", Expected: 5, Found: 0, Real: 5}, {Kind: "category", Name: "job", Expected: 60, Found: 55, Real: 60}}
	for answer, want := range map[Answer]int{Differs: 1, Undecided: 0} {
		r := Report{Results: []Result{{Statistic: Statistic{Name: "lost_categories"}, Answer: answer}}}
		if r.setGaps(cells, false); len(r.Gaps) != want {
			t.Errorf("%s: %v", answer, r.Gaps)
		}
	}
}

// Canaries that the synthetic set holds are exposed by as many bits as decoys allow; fresh ones are not.
func TestCanaries(t *testing.T) {
	real, synthetic := people(400, 61), people(400, 62)
	planted := people(6, 63)
	for i, row := range planted {
		row[1], row[4] = "123456.5", "9.5"
		synthetic[10*i] = row
	}
	r, err := Table(t.Context(), Tables{Real: frame(t, csvOf(append(real, planted...))), Synthetic: frame(t, csvOf(synthetic)), Canaries: frame(t, csvOf(planted))}, Options{Splits: 20, Exchanges: 200})
	if err != nil {
		t.Fatal(err)
	}
	if x, _ := r.Result(canaryName); x.Answer != Differs || x.Found < 9 {
		t.Errorf("%s: %.3g bits", x.Answer, float64(x.Found))
	}
	if x, _ := small(t, 1, Tables{Canaries: frame(t, csvOf(people(6, 64)))}).Result(canaryName); x.Answer == Differs {
		t.Errorf("fresh rows are exposed by %.3g bits", float64(x.Found))
	}
}

// A set of other types, of columns it lacks, and of values that a rule forbids is invalid, by how many.
func TestValidity(t *testing.T) {
	real, synthetic := people(1000, 71), people(1000, 72)
	for i := range 100 {
		synthetic[10*i][0] = "old"
		synthetic[10*i+1][3] = "atlantis"
		synthetic[10*i+2][4] = "1e9"
	}
	most := 100.0
	o := Options{Splits: 20, Exchanges: 200}
	sets := Tables{Real: frame(t, csvOf(real)), Synthetic: frame(t, csvOf(synthetic)), Rules: Rules{"score": {Max: &most}}}
	r, err := Table(t.Context(), sets, o)
	if err != nil {
		t.Fatal(err)
	}
	differs(t, r, "wrong_type", "unseen_categories", "out_of_range", "broken_rules")
	x, _ := r.Result("wrong_type")
	near(t, "wrong", float64(x.Found), 0.02, 0.012)
	sets.Synthetic.Columns = sets.Synthetic.Columns[1:]
	if r, err = Table(t.Context(), sets, o); err != nil {
		t.Fatal(err)
	}
	x, _ = r.Result("wrong_type")
	near(t, "a column less", float64(x.Found), 0.2, 1e-9)
	if !slices.Contains(r.Words, "the synthetic set has no column age") {
		t.Errorf("%q", r.Words)
	}
}

// Rows that belong together stay together, and their column is not compared. What nobody can audit is an error that says why.
func TestGroupsAndErrors(t *testing.T) {
	r := small(t, 1, Tables{Group: "age"})
	if _, ok := r.Result("ks.age"); ok {
		t.Error("the column of groups is compared")
	}
	tiny := frame(t, csvOf(people(8, 1)))
	whole := frame(t, csvOf(people(60, 1)))
	for why, c := range map[string]Tables{
		"rows: want at least": {Real: tiny, Synthetic: tiny},
		"no column \"wage\"":  {Real: whole, Synthetic: whole, Target: "wage"},
		"group: there is no":  {Real: whole, Synthetic: whole, Group: "wage"},
		"has 6 values among":  {Real: frame(t, "a,g\n"+strings.Repeat("1,x\n2,y\n3,z\n4,u\n5,v\n6,w\n", 5)), Synthetic: whole, Group: "g"},
		"a synthetic set are": {Real: whole},
	} {
		if _, err := Table(t.Context(), c, Options{}); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%v, want %q", err, why)
		}
	}
	if _, err := Table(t.Context(), Tables{Real: whole, Synthetic: whole}, Options{Splits: 20, Alpha: 0.001}); err == nil {
		t.Error("too few splits are taken")
	}
}

// A dependence that is gone is named: the columns are shuffled by themselves.
func TestBrokenPair(t *testing.T) {
	real, synthetic := people(1500, 81), people(1500, 82)
	for i := range synthetic {
		synthetic[i][2] = real[(i*7+3)%len(real)][2]
	}
	r := auditOf(t, real, synthetic, Tables{})
	differs(t, r, "pairs.information@10000", "pairs.information.worst@10000")
	if !slices.ContainsFunc(r.Words, func(s string) bool {
		return strings.Contains(s, "town and job differ most") || strings.Contains(s, "job and town differ most")
	}) {
		t.Errorf("%q", r.Words)
	}
}
