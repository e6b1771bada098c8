package generate

import (
	"encoding/json"
	"math"
	"os"
	"slices"
	"testing"
)

// A referenceTable is what testdata/table.py wrote.
type referenceTable struct {
	Rows                               []Record
	Categories                         []int
	Weights                            []float64
	Bins                               int
	Correlation, Weighted, Information [][]float64
	Edges                              [][2]int
}

func reference(t *testing.T) (r referenceTable, s Schema) {
	t.Helper()
	text, err := os.ReadFile("testdata/table.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &r); err != nil {
		t.Fatal(err)
	}
	for j, k := range r.Categories {
		c := Column{Name: string(rune('a' + j)), Type: Numeric}
		if k > 0 {
			c.Type, c.Categories = Category, make([]string, k)
		}
		s = append(s, c)
	}
	return r, s
}

// weighted is rows with a factor each.
func weighted(rows []Record, w []float64) Sample[Record] {
	return Sample[Record]{{Rows: rows, Weight: 1, Weights: w}}
}

// Correlations of normal scores are numpy's, and those of weighted rows numpy's of repeated ones.
func TestCopulaAgainstScipy(t *testing.T) {
	r, s := reference(t)
	for name, c := range map[string]struct {
		train Sample[Record]
		want  [][]float64
	}{"plain": {Sample[Record]{{Rows: r.Rows, Weight: 1}}, r.Correlation}, "weighted": {weighted(r.Rows, r.Weights), r.Weighted}} {
		f, err := GaussianCopula{schema: s}.Fit(t.Context(), Task[Record]{Train: c.train})
		if err != nil {
			t.Fatal(err)
		}
		near(t, name, f.(Copula).Correlation(), slices.Concat(c.want...), 1e-12)
	}
}

// Mutual information is scikit-learn's, and the tree that of scipy's graphs.
func TestChowLiuAgainstScipy(t *testing.T) {
	r, s := reference(t)
	c, err := columnsOfSample(s, Sample[Record]{{Rows: r.Rows, Weight: 1}})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "information", mutualInformation(c, c.binned(r.Bins)), slices.Concat(r.Information...), 1e-12)
	f, err := ChowLiu{Bins: r.Bins, schema: s}.Fit(t.Context(), Task[Record]{Train: Sample[Record]{{Rows: r.Rows, Weight: 1}}})
	if err != nil {
		t.Fatal(err)
	}
	if got := edges(f.(Tree)); !slices.Equal(got, r.Edges) {
		t.Errorf("branches %v, want %v", got, r.Edges)
	}
	sum := 0.0
	for _, e := range r.Edges {
		sum += r.Information[e[0]][e[1]]
	}
	near(t, "of the tree", []float64{f.(Tree).Information()}, []float64{sum}, 1e-12)
}

// edges are the branches of a tree, the lower column first.
func edges(f Tree) (all [][2]int) {
	for j, p := range f.Parents() {
		if p >= 0 {
			all = append(all, [2]int{min(j, p), max(j, p)})
		}
	}
	slices.SortFunc(all, func(a, b [2]int) int { return 100*(a[0]-b[0]) + a[1] - b[1] })
	return all
}

// Clipping leaves a correlation matrix alone, and moves one that is none to a matrix that has Cholesky's factor; by hand:
// the eigenvalues of [[1, .9, .9], [.9, 1, −.9], [.9, −.9, 1]] are 1.9, 1.9 and −0.8.
func TestDefinite(t *testing.T) {
	good := []float64{1, .5, .5, 1}
	f := definite(good, 2)
	near(t, "factor", []float64{f.row(0)[0], f.row(0)[1], f.row(1)[0]}, []float64{1, .5, math.Sqrt(.75)}, 1e-15)
	bad := []float64{1, .9, .9, .9, 1, -.9, .9, -.9, 1}
	values, _ := eigen(bad, 3)
	slices.Sort(values)
	near(t, "eigenvalues", values, []float64{-.8, 1.9, 1.9}, 1e-14)
	f = definite(bad, 3)
	back := make([]float64, 9)
	f.addGram(back, 1)
	near(t, "near", []float64{back[0], back[1], back[2], back[4], back[5], back[8]}, []float64{1, .5, .5, 1, -.5, 1}, 1e-12)
}
