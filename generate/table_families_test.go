package generate

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"modelcollapse/internal/num"
	"modelcollapse/internal/rng"
)

// tableModels are the families of tables over a schema.
func tableModels(s Schema) map[string]Model[Record] {
	return map[string]Model[Record]{"independent": Independent{s}, "gaussian_copula": GaussianCopula{s}, "chow_liu": ChowLiu{Bins: 5, schema: s}}
}

// holed is a table of numbers with missing cells, whole numbers with ties, and categories.
func holed(n int, seed uint64) (Schema, []Record) {
	r := rng.Root(seed).Stream()
	s := Schema{{Name: "x", Type: Numeric}, {Name: "n", Type: Numeric, Whole: true}, {Name: "c", Type: Category, Categories: []string{"", "a", "b", "never", "d"}}}
	var rows []Record
	for range n {
		z := rng.Normal(r)
		row := Record{z + rng.Normal(r)/2, math.Floor(2 * z), []float64{0, 1, 1, 2, 4}[r.IntN(5)]}
		if z > 1 || r.IntN(9) == 0 {
			row[0] = math.NaN()
		}
		rows = append(rows, row)
	}
	return s, rows
}

// share is how many of rows have at most x in column j, missing cells above all.
func share(rows []Record, j int, x float64) float64 {
	n := 0
	for _, row := range rows {
		if row[j] <= x || math.IsInf(x, 1) && row[j] == row[j] {
			n++
		}
	}
	return float64(n) / float64(len(rows))
}

// Every family draws every column by its empirical law (Dvoretzky, Kiefer and Wolfowitz), and only cells that were seen.
func TestTableFamiliesKeepColumns(t *testing.T) {
	const n = 20_000
	s, rows := holed(400, 1)
	for name, m := range tableModels(s) {
		drawn := rowsOf[Record](t, fitTo(t, m, rows), n, rng.Root(2))
		for j := range s {
			seen := map[float64]bool{}
			for _, row := range rows {
				seen[row[j]] = true
			}
			worst := math.Abs(share(rows, j, math.Inf(1)) - share(drawn, j, math.Inf(1)))
			for x := range seen {
				worst = max(worst, math.Abs(share(rows, j, x)-share(drawn, j, x)))
			}
			if bound := num.DKW(n, 1e-5); worst > bound {
				t.Errorf("%s: column %s: distance %.4f above %.4f", name, s[j].Name, worst, bound)
			}
			for _, row := range drawn {
				if x := row[j]; x == x && !seen[x] {
					t.Fatalf("%s: column %s: nobody saw %g", name, s[j].Name, x)
				}
			}
		}
	}
}

// A row of weight k is that row k times: the same laws, by their quantiles, correlations and trees. Of weight 0 it is none.
func TestTableWeightsAreRepeatedRows(t *testing.T) {
	s, rows := holed(150, 3)
	var repeated []Record
	var w []float64
	for i, row := range rows {
		k := i * 7 % 5
		w = append(w, float64(k))
		for range k {
			repeated = append(repeated, row)
		}
	}
	for name, m := range tableModels(s) {
		a, err := m.Fit(t.Context(), Task[Record]{Train: weighted(rows, w)})
		if err != nil {
			t.Fatal(err)
		}
		b := fitTo(t, m, repeated)
		drawn := rowsOf[Record](t, a, 5000, rng.Root(4))
		for k, x := range []float64{-1, 0, 1, -1, 0, 1, 0, 1, 2} {
			if d := share(drawn, k/3, x) - share(repeated, k/3, x); math.Abs(d) > num.DKW(5000, 1e-5) {
				t.Errorf("%s: column %d: %.3f more of the drawn rows are up to %g", name, k/3, d, x)
			}
		}
		switch a := a.(type) {
		case Columns:
			sameQuantiles(t, name, a.columns, b.(Columns).columns)
		case Copula:
			near(t, name, a.correlation, b.(Copula).correlation, 1e-12)
			for j, c := range a.columns {
				sameQuantiles(t, name, []marginal{c.marginal}, []marginal{b.(Copula).columns[j].marginal})
				near(t, "missing", []float64{c.missing}, []float64{b.(Copula).columns[j].missing}, 1e-15)
			}
		case Tree:
			near(t, name, []float64{a.information}, []float64{b.(Tree).information}, 1e-12)
			if !slices.Equal(a.Parents(), b.(Tree).Parents()) {
				t.Errorf("another tree: %v, %v", a.Parents(), b.(Tree).Parents())
			}
		}
	}
}

func sameQuantiles(t *testing.T, name string, a, b []marginal) {
	t.Helper()
	for j := range a {
		for u := 0.0; u < 1; u += 1.0 / 1024 {
			u := u + 1e-6
			if x, y := a[j].at(u), b[j].at(u); x != y && (x == x || y == y) {
				t.Fatalf("%s: column %d at %g: %g weighted, %g repeated", name, j, u, x, y)
			}
		}
	}
}

// Columns in another order give the same law in that order.
func TestTablePermuted(t *testing.T) {
	s, rows := holed(300, 5)
	to := []int{2, 0, 1}
	var moved Schema
	var turned []Record
	for _, j := range to {
		moved = append(moved, s[j])
	}
	for _, row := range rows {
		turned = append(turned, Record{row[to[0]], row[to[1]], row[to[2]]})
	}
	f := fitTo[Record](t, GaussianCopula{s}, rows).(Copula)
	g := fitTo[Record](t, GaussianCopula{moved}, turned).(Copula)
	for a, i := range to {
		for b, j := range to {
			near(t, "correlation", []float64{g.correlation[a*g.factor.dim+b]}, []float64{f.correlation[i*f.factor.dim+j]}, 1e-12)
		}
	}
	tree, other := fitTo[Record](t, ChowLiu{Bins: 5, schema: s}, rows).(Tree), fitTo[Record](t, ChowLiu{Bins: 5, schema: moved}, turned).(Tree)
	for a, p := range other.Parents() {
		if want := tree.Parents()[to[a]]; p < 0 != (want < 0) || p >= 0 && to[p] != want {
			t.Errorf("above column %s stands another one", moved[a].Name)
		}
	}
	near(t, "information", []float64{other.information}, []float64{tree.information}, 1e-12)
}

// Tables as nobody wants them give fits that say why, and rows; a table of no rows is an error.
func TestOddTables(t *testing.T) {
	nan := math.NaN()
	num, cat := Column{Name: "x", Type: Numeric}, Column{Name: "c", Type: Category, Categories: []string{"only"}}
	wide, row := Schema{}, Record{}
	for j := range 30 {
		wide, row = append(wide, Column{Name: fmt.Sprint("x", j), Type: Numeric}), append(row, float64(j))
	}
	for name, c := range map[string]struct {
		s    Schema
		rows []Record
		why  string
	}{
		"one row":           {Schema{num, cat}, []Record{{3, 0}}, "every column is constant"},
		"constant":          {Schema{num, {Name: "y", Type: Numeric}}, []Record{{3, 1}, {3, 2}, {3, 5}}, "column x is constant"},
		"all missing":       {Schema{num, {Name: "y", Type: Numeric}}, []Record{{nan, 1}, {nan, 2}}, "column x is constant"},
		"one category":      {Schema{num, cat}, []Record{{1, 0}, {2, 0}}, "column c is constant"},
		"more columns":      {wide, []Record{row, make(Record, 30), slices.Repeat(Record{2}, 30)}, ""},
		"missing in turns":  {Schema{num, {Name: "y", Type: Numeric}}, []Record{{nan, 1}, {1, nan}, {nan, 2}, {2, nan}}, ""},
		"one missing of it": {Schema{num, cat}, []Record{{nan, 0}}, "every column is constant"},
	} {
		for family, m := range tableModels(c.s) {
			f := fitTo(t, m, c.rows)
			if why := f.(Degenerate).Degenerate(); why != c.why {
				t.Errorf("%s, %s: %q, want %q", name, family, why, c.why)
			}
			for _, row := range rowsOf[Record](t, f, 50, rng.Root(4)) {
				for j, x := range row {
					if x == x != slices.ContainsFunc(c.rows, func(r Record) bool { return r[j] == x }) {
						t.Fatalf("%s, %s: column %d: %g was not there", name, family, j, x)
					}
				}
			}
		}
	}
	for family, m := range tableModels(Schema{num, cat}) {
		for _, rows := range [][]Record{nil, {{1}}, {{1, 7}}, {{1, .5}}, {{1, nan}}} {
			if _, err := m.Fit(t.Context(), Task[Record]{Train: Sample[Record]{{Rows: rows, Weight: 1}}}); err == nil {
				t.Errorf("%s learns from %v", family, rows)
			}
		}
	}
}

// The copula that is the truth is found: normals behind numbers correlate by the truth's correlation, to five standard errors; a
// column of two categories by less.
func TestCopulaRecovers(t *testing.T) {
	truth, err := MixedTable{Categories: 100, Exponent: 1.1, Correlation: .5, Owners: .3}.Open(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	m, err := GaussianCopula{}.Bind(truth)
	if err != nil {
		t.Fatal(err)
	}
	const n = 40_000
	f := fitTo(t, m, rowsOf(t, truth, n, rng.Root(8))).(Copula)
	r := f.Correlation()
	if sd := .75 / math.Sqrt(n); math.Abs(r[ageColumn*4+incomeColumn]-.5) > 5*sd {
		t.Errorf("correlation %g, want 0.5", r[ageColumn*4+incomeColumn])
	}
	if x := r[ageColumn*4+ownerColumn]; !(x > .3 && x < .45) {
		t.Errorf("correlation with two categories %g, want less than that of normals by a factor of about 0.76", x)
	}
}

// What families say that they keep between columns, their rows have: nothing, the correlation of scores, the joint law of bins
// along every branch; to five standard errors.
func TestTableFamiliesJoinColumns(t *testing.T) {
	truth, err := MixedTable{Categories: 6, Exponent: 1, Correlation: .6, Owners: .4}.Open(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	const n = 40_000
	rows, s := rowsOf(t, truth, 500, rng.Root(6)), truth.(MixedTruth).Schema()
	scores := func(rows []Record) float64 {
		return fitTo[Record](t, GaussianCopula{s}, rows).(Copula).correlation[ageColumn*4+incomeColumn]
	}
	drawn := func(m Model[Record]) []Record { return rowsOf[Record](t, fitTo(t, m, rows), n, rng.Root(7)) }
	if r := scores(drawn(Independent{s})); math.Abs(r) > 5/math.Sqrt(n) {
		t.Errorf("independent columns correlate by %g", r)
	}
	want := scores(rows)
	if r := scores(drawn(GaussianCopula{s})); math.Abs(r-want) > 5/math.Sqrt(n) {
		t.Errorf("copula: correlation %g, want %g", r, want)
	}
	m := ChowLiu{Bins: 5, schema: s}
	parents := fitTo[Record](t, m, rows).(Tree).Parents()
	c, err := columnsOfSample(s, Sample[Record]{{Rows: rows, Weight: 1}})
	if err != nil {
		t.Fatal(err)
	}
	bins, binOf := c.binned(5), make([]map[float64]int32, len(s))
	for j := range s {
		binOf[j] = map[float64]int32{}
		for i, row := range rows {
			binOf[j][row[j]] = bins[j].of[i]
		}
	}
	joint := func(rows []Record, j, p int) map[[2]int32]float64 {
		share := map[[2]int32]float64{}
		for _, row := range rows {
			share[[2]int32{binOf[j][row[j]], binOf[p][row[p]]}] += 1 / float64(len(rows))
		}
		return share
	}
	fresh := drawn(m)
	for j, p := range parents {
		if p < 0 {
			continue
		}
		got := joint(fresh, j, p)
		for cell, want := range joint(rows, j, p) {
			if math.Abs(got[cell]-want) > 5*math.Sqrt(want/n) {
				t.Errorf("tree: %s under %s: cell %v has %.4f of the rows, want %.4f", s[j].Name, s[p].Name, cell, got[cell], want)
			}
		}
	}
}
