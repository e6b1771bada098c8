package audit

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"

	"modelcollapse/generate/read"
	"modelcollapse/internal/rng"
)

// frame reads a table that stands in memory.
func frame(t testing.TB, text string) *read.Frame {
	t.Helper()
	f, err := read.Table(t.Context(), read.Source{Path: read.Paths{"-"}, Stdin: strings.NewReader(text)}, read.Options{Header: "yes"})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// people is rows of a law with a dependence, ties, missing cells and rare categories.
func people(n int, seed uint64) (rows [][]string) {
	r := rng.Root(seed).Child("people", 0).Stream()
	for range n {
		age := math.Round(20 + rng.Gamma(r, 3)*8)
		income := math.Exp(9 + age/60 + rng.Normal(r)*0.5)
		job := int(rng.Exponential(r) * 3)
		town := "t" + fmt.Sprint(min(job, 3)+r.IntN(6))
		row := []string{fmt.Sprint(age), fmt.Sprintf("%.2f", income), "j" + fmt.Sprint(job), town}
		if r.IntN(20) == 0 {
			row[1] = ""
		}
		rows = append(rows, row)
	}
	return rows
}

func csvOf(rows [][]string) string {
	var b strings.Builder
	b.WriteString("age,income,job,town\n")
	for _, row := range rows {
		b.WriteString(strings.Join(row, ",") + "\n")
	}
	return b.String()
}

func TestLook(t *testing.T) {
	for _, n := range []int{500, 4000} {
		r, err := Table(context.Background(), Tables{Real: frame(t, csvOf(people(n, 1))), Synthetic: frame(t, csvOf(people(n, 2))),
			HoldOut: frame(t, csvOf(people(n/4, 3))), Target: "income"}, Options{Name: "x"})
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range r.Results {
			t.Logf("%-20s %-45s %9.4g null %9.4g [%9.4g %9.4g] effect %9.4g p %.3f adj %.3f det %.3g (%.3g) %s %d", x.Part, x.Name, float64(x.Found), float64(x.Null.Mean), float64(x.Null.Low), float64(x.Null.High),
				float64(x.Effect), float64(x.P), float64(x.Adjusted), float64(x.Detectable), x.Threshold, x.Answer, x.Decides)
		}
		t.Log(r.Outcome, r.Why, r.Words, r.Gaps, r.Hidden, r.Critical)
	}
}
