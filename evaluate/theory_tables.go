package evaluate

import (
	"context"
	"slices"

	"modelcollapse/generate"
	"modelcollapse/results"
)

// TableCounts are the exact lines of tail_loss of tables, of every column and of their mean, for families that draw every
// column by its empirical law, whatever they say of two columns together: the count of a category is then CountChain's, that of
// the values in a bin of a tail too, and the probe one more generation of it. Our own. There is no line where it would
// cost more than about half a second.
type TableCounts struct{}

// Predict follows every column of a truth that knows them.
func (TableCounts) Predict(_ context.Context, r Real[generate.Record]) (lines []results.Prediction, _ error) {
	schema, err := generate.SchemaOf(r.Truth)
	known, ok := r.Truth.(knownTable)
	if err != nil || !ok || len(r.Interventions) > 0 || r.Probe < 1 || !keepsColumns(r) {
		return nil, nil
	}
	steps, ok := countSteps(r.Plan, false)
	if !ok {
		return nil, nil
	}
	mean, columns := make([]float64, len(steps)), 0.0
	for j, c := range schema {
		t := numericTails()
		if !c.Numbers() {
			t = categoryTails(known.Probabilities(j))
		}
		if living(t.p) < 2 {
			continue
		}
		kept, ok := t.kept(steps, r.Probe)
		if !ok {
			return nil, nil
		}
		loss := affine(kept, 1, -1/t.mass)
		columns++
		for g, x := range loss {
			mean[g] += x
		}
		lines = append(lines, tableLine("tail_loss."+columnParts(schema)[j], loss)...)
	}
	if columns > 0 {
		line := tableLine("tail_loss", affine(mean, 0, 1/columns))
		lines = append(append(lines, line...), excess(line, "tail_loss.excess")...)
	}
	return lines, nil
}

func tableLine(series string, x []float64) []results.Prediction {
	return lineOf(series, "binomial counts", "exact chain of binomial counts (Wright–Fisher; Ewens 2004, §3.2), column by column", x)
}

// keepsColumns reports that tail_loss is measured, of families that draw every column by its empirical law.
func keepsColumns(r Real[generate.Record]) bool {
	for _, f := range r.Fits {
		switch f.(type) {
		case generate.Columns, generate.Copula, generate.Tree:
		default:
			return false
		}
	}
	return slices.ContainsFunc(r.Metrics, func(m Metric[generate.Record]) bool { return m == TableTailLoss{} })
}

// columnTails is the probabilities of a column's categories, or of the bins of its numbers, and which are its tails.
type columnTails struct {
	p    []float64
	in   []bool
	mass float64 // of the tails
}

func categoryTails(p []float64) columnTails {
	t := columnTails{p: p, in: make([]bool, len(p))}
	limit, mass := tailLimit(p)
	for i, x := range p {
		t.in[i] = x <= limit
	}
	t.mass = mass
	return t
}

// numericTails are the bins of quantileEdges and the rest.
func numericTails() columnTails {
	t := columnTails{mass: 2 * tailShare}
	for range 2 * tailBins {
		t.p, t.in = append(t.p, tailShare/tailBins), append(t.in, true)
	}
	t.p, t.in = append(t.p, 1-t.mass), append(t.in, false)
	return t
}

// kept is E Σ_A min(p, q) by generation, q the shares of a probe; false: it costs too much.
func (t columnTails) kept(steps []CountStep, probe int) (kept []float64, ok bool) {
	last := CountStep{Drawn: probe}
	chain := func(g int) countPlan {
		return countPlan{CountChain: CountChain{Steps: append(slices.Clone(steps[:g]), last), Categories: len(t.p)}}
	}
	sum := []categorySum{{series: "tail_loss", in: t.in, of: func(p float64, c categoryCount) float64 { return min(p, c.q) }}}
	if !slices.ContainsFunc(steps[1:], func(s CountStep) bool { return s != last }) {
		x, ok := chain(len(steps)).expectations(t.p, sum) // every generation is what a probe of the one before is
		if !ok {
			return nil, false
		}
		return x[0][1:], true
	}
	work := 0.0
	for g := range steps {
		work += chain(g+1).work(len(t.p), 1)
	}
	if work > chainWork {
		return nil, false
	}
	for g := range steps {
		x, ok := chain(g+1).expectations(t.p, sum)
		if !ok {
			return nil, false
		}
		kept = append(kept, x[0][g+1])
	}
	return kept, true
}
