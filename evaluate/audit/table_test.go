package audit

import (
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
		row := []string{fmt.Sprint(age), fmt.Sprintf("%.2f", income), "j" + fmt.Sprint(job), town, fmt.Sprintf("%.3f", rng.Normal(r))}
		if r.IntN(20) == 0 {
			row[1] = ""
		}
		rows = append(rows, row)
	}
	return rows
}

func csvOf(rows [][]string) string {
	var b strings.Builder
	b.WriteString("age,income,job,town,score\n")
	for _, row := range rows {
		b.WriteString(strings.Join(row, ",") + "\n")
	}
	return b.String()
}
