package audit

import (
	"math"
	"slices"
	"strconv"
	"testing"

	"modelcollapse/evaluate"
	"modelcollapse/generate/read"
)

// plantRows is how many rows a set has.
const plantRows = 3000

func auditOf(t *testing.T, real, synthetic [][]string, more Tables) *Report {
	t.Helper()
	more.Real, more.Synthetic = frame(t, csvOf(real)), frame(t, csvOf(synthetic))
	r, err := Table(t.Context(), more, Options{Seed: 5, Splits: 60, Exchanges: 300})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// kept are the first n rows that pass.
func kept(rows [][]string, n int, pass func([]string) bool) (out [][]string) {
	for _, row := range rows {
		if len(out) < n && pass(row) {
			out = append(out, row)
		}
	}
	return out
}

// complements are SDMetrics' KSComplement of a column of numbers (1 − KS, missing cells left out) and TVComplement of categories
// (1 − total variation), of whole sets.
func complements(t *testing.T, real, synthetic *read.Frame, column string) float64 {
	t.Helper()
	a, b := real.Column(column), synthetic.Column(column)
	if a.Type == read.Numeric {
		present := func(x []float64) []float64 {
			return slices.DeleteFunc(slices.Clone(x), math.IsNaN)
		}
		return 1 - evaluate.KolmogorovSmirnov2(present(a.Numbers), present(b.Numbers)).D
	}
	share := map[string][2]float64{}
	for side, c := range []*read.Column{a, b} {
		for _, k := range c.Codes {
			s := share[c.Categories[k]]
			s[side] += 1 / float64(len(c.Codes))
			share[c.Categories[k]] = s
		}
	}
	apart := 0.0
	for _, s := range share {
		apart += math.Abs(s[0]-s[1]) / 2
	}
	return 1 - apart
}

func differs(t *testing.T, r *Report, names ...string) {
	t.Helper()
	for _, name := range names {
		if x, _ := r.Result(name); x.Answer != Differs {
			t.Errorf("%s is %s: found %.3g, null %.3g, p %.3g, seen from %.3g", name, x.Answer, float64(x.Found), float64(x.Null.Mean), float64(x.Adjusted), float64(x.Detectable))
		}
	}
	if r.Outcome != evaluate.Rejected {
		t.Errorf("the verdict is %s: %s", r.Outcome, r.Why)
	}
}

// Both 1 % tails of a column are cut: KSComplement says 0.99.
func TestCutTails(t *testing.T) {
	real, pool := people(plantRows, 11), people(2*plantRows, 12)
	var income []float64
	for _, row := range real {
		if x, err := strconv.ParseFloat(row[1], 64); err == nil {
			income = append(income, x)
		}
	}
	slices.Sort(income)
	low, high := income[len(income)/100], income[len(income)-1-len(income)/100]
	cut := kept(pool, plantRows, func(row []string) bool {
		x, err := strconv.ParseFloat(row[1], 64)
		return err != nil || x >= low && x <= high
	})
	r := auditOf(t, real, cut, Tables{})
	differs(t, r, "tail_loss.income", "tail_loss.worst")
	score := complements(t, frame(t, csvOf(real)), frame(t, csvOf(cut)), "income")
	x, _ := r.Result("tail_loss.income")
	t.Logf("KSComplement %.3f; tail_loss.income %.3f beside %.3f", score, float64(x.Found), float64(x.Null.Mean))
	if whole := complements(t, frame(t, csvOf(real)), frame(t, csvOf(kept(pool, plantRows, func([]string) bool { return true }))), "income"); score < whole-0.015 {
		t.Errorf("KSComplement %.3f, %.3f of uncut rows: the plant shows in it", score, whole)
	}
	if !slices.ContainsFunc(r.Gaps, func(g Gap) bool { return g.Kind == "tail" && g.Name == "income" && g.Found < 3 }) {
		t.Errorf("the tails are no gap: %v", r.Gaps)
	}
}

// Categories worth 5 % are deleted: TVComplement says 0.95.
func TestDeletedCategories(t *testing.T) {
	real, pool := people(plantRows, 21), people(2*plantRows, 22)
	count := map[string]int{}
	for _, row := range real {
		count[row[2]]++
	}
	gone, mass := map[string]bool{}, 0
	for k := 40; k >= 0; k-- { // rare ones have large numbers
		if name := "j" + strconv.Itoa(k); mass+count[name] <= plantRows/20 {
			gone[name], mass = true, mass+count[name]
		}
	}
	left := kept(pool, plantRows, func(row []string) bool { return !gone[row[2]] })
	r := auditOf(t, real, left, Tables{})
	differs(t, r, "lost_categories", "lost_categories.rare", "tail_loss.job")
	score := complements(t, frame(t, csvOf(real)), frame(t, csvOf(left)), "job")
	x, _ := r.Result("lost_categories")
	t.Logf("TVComplement %.3f; lost_categories %.3f beside %.3f; %.3f of the rows were deleted", score, float64(x.Found), float64(x.Null.Mean), float64(mass)/plantRows)
	if score < 0.93 {
		t.Errorf("TVComplement %.3f: the plant shows in it", score)
	}
}

// 1 % of the rows are copied.
func TestCopiedRows(t *testing.T) {
	real, synthetic := people(plantRows, 31), people(plantRows, 32)
	for i := range plantRows / 100 {
		synthetic[97*i] = real[(41*i+7)%plantRows]
	}
	r := auditOf(t, real, synthetic, Tables{})
	differs(t, r, "copies.exact")
	score := complements(t, frame(t, csvOf(real)), frame(t, csvOf(synthetic)), "income")
	x, _ := r.Result("copies.exact")
	t.Logf("KSComplement %.3f; copies.exact %.4f beside %.4f", score, float64(x.Found), float64(x.Null.Mean))
}

// A leak-free set beside 80 % of the real rows and 20 % as hold-out: the plain share of rows closer to the training rows is about
// 0.8, and nothing alarms.
func TestLeakFree(t *testing.T) {
	rows := people(2500, 41)
	r := auditOf(t, rows[:2000], people(2000, 42), Tables{HoldOut: frame(t, csvOf(rows[2000:]))})
	for _, x := range r.Results {
		if x.Answer == Differs {
			t.Errorf("%s differs: %.3g, null %.3g", x.Name, float64(x.Found), float64(x.Null.Mean))
		}
	}
	x, _ := r.Result("closer_to_training@1000")
	near(t, "closer to training", float64(x.Found), 0.5, 0.1)
	if !slices.ContainsFunc(r.Words, func(s string) bool { return len(s) > 23 && s[:23] == "No evidence of copying;" }) {
		t.Errorf("words: %q", r.Words)
	}
	d, err := tableOf(Tables{Real: frame(t, csvOf(rows[:2000])), Synthetic: frame(t, csvOf(people(300, 43))), HoldOut: frame(t, csvOf(rows[2000:]))})
	if err != nil {
		t.Fatal(err)
	}
	m, closer := metricOf(d), 0.0
	all := slices.Concat(upTo(0, d.real), upTo(d.real+d.synth, d.real+d.synth+d.held))
	for i := range d.synth {
		for k, share := range m.closestOf(d.real+i, all) {
			if k < d.real {
				closer += share / float64(d.synth)
			}
		}
	}
	near(t, "the unequal comparison", closer, 0.8, 0.08)
}

// Most rows are training rows, slightly moved: near copies, membership and attribute inference say so.
func TestMovedCopies(t *testing.T) {
	rows := people(2500, 51)
	var moved [][]string
	for _, row := range rows[:2000] {
		x, err := strconv.ParseFloat(row[1], 64)
		if row = slices.Clone(row); err == nil {
			row[1] = strconv.FormatFloat(x*1.0001, 'f', 2, 64)
		}
		moved = append(moved, row)
	}
	r := auditOf(t, rows[:2000], moved, Tables{HoldOut: frame(t, csvOf(rows[2000:]))})
	differs(t, r, "copies.near@500", "closest_distance@500", "closer_to_training@1000", "membership_auc@1000", "membership_tpr@1%fpr@1000", "attribute_advantage@1000")
}
