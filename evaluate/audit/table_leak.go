package audit

import (
	"context"
	"math"
	"slices"
)

// leak is what shows that rows were learned from: training rows are candidates, rows of the hold-out references, equally many, and who
// exchanges sides are they; the synthetic set stays as it is. So all three compare a training part with a hold-out of the same
// size: against a smaller hold-out any set is closer to the training rows.
type leak struct {
	score    []float64   // by row: minus the distance to the closest synthetic row, the k-NN attack's confidence that it was trained on
	closest  [][]float64 // of sampled synthetic rows: by row here, unless it is not the closest; several where they are equally close
	inferred [][]float64 // by column and row: 1, the closest synthetic row by all other columns tells the cell
	names    []string
}

// leakRows is how many training rows and rows of the hold-out are attacked.
const leakRows = 1000

// leakFamily has no measures without a hold-out and canaries. Which rows are trained on and which canaries were planted are two draws that
// have nothing to do with each other, so both are exchanged at once.
func (d *table) leakFamily(ctx context.Context, o Options) family {
	f := family{name: "leak", paired: true, units: Units{Real: 1, Synthetic: 1}}
	if d.held > 0 {
		n := min(d.real, d.held, leakRows)
		f.units = Units{Real: n, Synthetic: n}
		r := streamOf(o, "leak")
		held := some(upTo(d.real+d.synth, d.real+d.synth+d.held), n, r)
		rows := slices.Concat(held, some(upTo(0, d.real), n, r)) // references first
		synth := some(upTo(d.real, d.real+d.synth), leakRows, r)
		f.measures = append(f.measures, leakOf(ctx, d, rows, synth, o.Jobs))
	}
	if d.canary > 0 {
		f.measures = append(f.measures, canariesOf(ctx, d, o))
	}
	return f
}

func leakOf(ctx context.Context, d *table, rows, synth []int, jobs int) *leak {
	l := &leak{score: make([]float64, len(rows)), closest: make([][]float64, len(synth))}
	m := metricOf(d)
	near := m.nearestOf(ctx, rows, d.real, d.synth, 1, jobs)
	for k := range rows {
		if l.score[k] = math.Inf(-1); len(near[k]) > 0 {
			l.score[k] = -float64(near[k][0].d)
		}
	}
	var tasks []func()
	for k, i := range synth {
		tasks = append(tasks, func() { l.closest[k] = m.closestOf(i, rows) })
	}
	tasks = append(tasks, l.attributes(d, m, rows)...)
	_ = each(ctx, jobs, tasks) // the caller sees that the context ended
	return l
}

// closestOf are the shares of rows in being the closest to row i: 0 but for those at the least distance.
func (m metric) closestOf(i int, rows []int) []float64 {
	share, least, n := make([]float64, len(rows)), math.Inf(1), 0.0
	d := make([]float64, len(rows))
	for k, row := range rows {
		d[k] = m.between(i, row)
		switch {
		case d[k] < least:
			least, n = d[k], 1
		case d[k] == least:
			n++
		}
	}
	for k := range d {
		if d[k] == least {
			share[k] = 1 / n
		}
	}
	return share
}

// Statistics are closeness, membership and attribute inference.
func (l *leak) Statistics() []Statistic {
	all := []Statistic{
		{Name: "closer_to_training@1000", Part: Copying, What: "synthetic rows closer to training rows than to as many of the hold-out (0.5: as often)", Unit: "share", Worse: More, Threshold: 0.1, limit: leakRows},
		{Name: "membership_auc@1000", Part: Membership, What: "k-NN attack: how well closeness to synthetic rows tells training rows from the hold-out (0.5: it cannot)", Unit: "area", Worse: More, Threshold: 0.1, limit: leakRows},
		{Name: "membership_tpr@1%fpr@1000", Part: Membership, What: "k-NN attack: training rows that it finds while it takes 1 % of the hold-out for such", Unit: "share", Worse: More, Threshold: 0.05, limit: leakRows},
		{Name: "attribute_advantage@1000", Part: Attribute, What: "how much oftener the closest synthetic row tells a cell of a training row than of the hold-out (control), mean of columns", Unit: "share", Worse: More, Threshold: 0.05, limit: leakRows},
	}
	for _, name := range l.names {
		all = append(all, Statistic{Name: "attribute_advantage@1000." + name, Part: Attribute, What: "the same of one column", Unit: "share", Worse: More, Threshold: 0.1, Detail: true, limit: leakRows})
	}
	return all
}

// Measure compares both sides.
func (l *leak) Measure(s Split, to []float64) {
	sum := 0.0
	for _, share := range l.closest {
		for k, x := range share {
			if s.Side[k] == Candidate {
				sum += x
			}
		}
	}
	to[0] = sum / float64(len(l.closest))
	var of [3][]float64
	for k, x := range l.score {
		of[s.Side[k]] = append(of[s.Side[k]], x)
	}
	to[1] = area(of[Reference], of[Candidate])
	to[2] = truePositives(of[Reference], of[Candidate], 0.01)
	advantage := 0.0
	for j, told := range l.inferred {
		var right, n [3]float64
		for k, x := range told {
			right[s.Side[k]] += x
			n[s.Side[k]]++
		}
		to[4+j] = right[Candidate]/n[Candidate] - right[Reference]/n[Reference]
		advantage += to[4+j]
	}
	to[3] = advantage / float64(len(l.inferred))
}

// truePositives is the share of candidates that are scored above the threshold above which a share of references is: the ROC curve at that
// point, a line between thresholds. It needs both sorted, as area leaves them; NaN without references.
func truePositives(reference, candidate []float64, share float64) float64 {
	want := float64(share * float64(len(reference)))
	i, j := len(reference), len(candidate) // from here on all lie above the threshold
	for i > 0 {
		fpr, tpr := len(reference)-i, len(candidate)-j
		t := reference[i-1]
		if j > 0 {
			t = max(t, candidate[j-1])
		}
		for i > 0 && reference[i-1] == t {
			i--
		}
		for j > 0 && candidate[j-1] == t {
			j--
		}
		if now := float64(len(reference) - i); now >= want {
			part := (want - float64(fpr)) / (now - float64(fpr))
			return (float64(tpr) + float64(part*float64(len(candidate)-j-tpr))) / float64(len(candidate))
		}
	}
	return math.NaN()
}
