package evaluate

import (
	"context"
	"fmt"
	"math"
	"slices"

	"modelcollapse/generate"
	"modelcollapse/internal/num"
	"modelcollapse/results"
)

// PairDependence is how far pairs of columns of fresh rows depend on each other in another way than those of real rows:
// pair_dependence.correlation is the mean absolute difference of Pearson's correlation over pairs of numeric columns (and
// dates), pair_dependence.information that of the mutual information beyond chance, in nats, over pairs of category columns; .change is
// the difference from generation 0 of the same node, whose value holds the noise of samples.
//
// Real rows are the training rows, or 20,000 fresh ones of a truth without end; for information equally many as the probe has.
// A column of one value depends on nothing: 0. A row that lacks one of two numbers is left out of that pair. NaN without pairs.
type PairDependence struct{}

// Needs are fresh rows.
func (PairDependence) Needs() Needs { return Needs{Probe: true} }

// Can is nil: every model can be drawn from.
func (PairDependence) Can(generate.Fitted[generate.Record]) error { return nil }

// Axes are the two differences and their changes.
func (PairDependence) Axes() (axes []results.Axis) {
	for _, of := range [][2]string{{"correlation", "correlation of numbers"}, {"information", "mutual information of categories (nats)"}} {
		series := "pair_dependence." + of[0]
		axes = append(axes,
			results.Axis{Series: series, Label: "mean error of the " + of[1], Better: -1},
			results.Axis{Series: series + ".change", Label: "mean error, less generation 0's, of the " + of[1], Better: -1})
	}
	return axes
}

// Start measures the real rows.
func (PairDependence) Start(ctx context.Context, r Real[generate.Record]) (Gauge[generate.Record], error) {
	schema, err := generate.SchemaOf(r.Truth)
	if err != nil {
		return nil, fmt.Errorf("pair_dependence: %w", err)
	}
	stream := r.Key.Child("pair_dependence", 0).Stream()
	rows, err := realRows(ctx, nil, r, max(pairRows, r.Probe), stream)
	if err != nil {
		return nil, fmt.Errorf("pair_dependence: %w", err)
	}
	correlation, information := correlations(schema, rows), informations(schema, rows[:min(len(rows), r.Probe)])
	return pairDependence{beginning{}, schema, correlation, information}, nil
}

// pairRows is how many fresh real rows fix the correlations of a truth without end: each to about 0.007.
const pairRows = 20_000

type pairDependence struct {
	beginning
	schema                   generate.Schema
	correlation, information []float64 // of the real rows, a pair each
}

// Measure compares the fresh rows.
func (g pairDependence) Measure(_ context.Context, v View[generate.Record], to Sink) error {
	correlation, information := correlations(g.schema, v.Probe), informations(g.schema, v.Probe)
	for _, of := range []struct {
		series      string
		fresh, real []float64
	}{{"correlation", correlation, g.correlation}, {"information", information, g.information}} {
		series := "pair_dependence." + of.series
		g.since(v.Generation, v.Node, to, series, meanApart(of.fresh, of.real), series+".change")
	}
	return nil
}

// meanApart is the mean of |x − y|; NaN of none.
func meanApart(x, y []float64) float64 {
	sum := 0.0
	for i := range x {
		sum += math.Abs(x[i] - y[i])
	}
	return sum / float64(len(x))
}

// correlations are those of every two columns of numbers.
func correlations(schema generate.Schema, rows []generate.Record) (all []float64) {
	for i, a := range schema {
		for j, b := range schema[:i] {
			if a.Numbers() && b.Numbers() {
				all = append(all, correlationOf(rows, i, j))
			}
		}
	}
	return all
}

// informations are the mutual information of every two category columns.
func informations(schema generate.Schema, rows []generate.Record) (all []float64) {
	for i, a := range schema {
		for j, b := range schema[:i] {
			if !a.Numbers() && !b.Numbers() {
				all = append(all, informationOf(rows, i, j, len(a.Categories), len(b.Categories)))
			}
		}
	}
	return all
}

// correlationOf is Pearson's over the rows that have both numbers; 0 where one of them has no spread.
func correlationOf(rows []generate.Record, i, j int) float64 {
	var x, y []float64
	for _, row := range rows {
		if !math.IsNaN(row[i]) && !math.IsNaN(row[j]) {
			x, y = append(x, row[i]), append(y, row[j])
		}
	}
	if len(x) == 0 || slices.Min(x) == slices.Max(x) || slices.Min(y) == slices.Max(y) {
		return 0
	}
	meanX, meanY := num.Mean(x), num.Mean(y)
	for k := range x {
		x[k], y[k] = x[k]-meanX, y[k]-meanY
	}
	return num.Dot(x, y) / float64(math.Sqrt(num.Dot(x, x))*math.Sqrt(num.Dot(y, y)))
}

// informationOf is the mutual information of category columns i and j, of so many categories, in nats, beyond what columns that
// have nothing to do with each other would show by chance: the plug-in value, Σ n ln n over cells less those over rows and
// columns, and N ln N, over N, less its expectation given both columns (chanceInformation). What is no category counts as
// one more. The chance goes with the categories that are left, so that without the second term their dying out would
// pass for a change of the dependence.
func informationOf(rows []generate.Record, i, j, ofI, ofJ int) float64 {
	both, first, second := map[int]int64{}, map[int]int64{}, map[int]int64{}
	for _, row := range rows {
		a, b := codeOf(row[i], ofI), codeOf(row[j], ofJ)
		both[a*(ofJ+1)+b]++
		first[a]++
		second[b]++
	}
	n := int64(len(rows))
	return (sumOfLogs(both)-sumOfLogs(first)-sumOfLogs(second)+countLog(n))/float64(n) - chanceInformation(first, second, n)
}

// codeOf is a cell of k categories; k, if it is none of them.
func codeOf(x float64, k int) int {
	if x >= 0 && x < float64(k) {
		return int(x)
	}
	return k
}

// sumOfLogs is Σ n ln n, whatever the order of the map.
func sumOfLogs(counts map[int]int64) float64 {
	var sum num.Accumulator
	for _, c := range tallied(counts) {
		sum.Add(float64(float64(c.types) * countLog(c.count)))
	}
	return sum.Sum()
}

// countLog is n ln n.
func countLog(n int64) float64 { return float64(float64(n) * num.Log(float64(n))) }
