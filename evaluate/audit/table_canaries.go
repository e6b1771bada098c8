package audit

import (
	"context"
	"math"
	"slices"

	"modelcollapse/internal/num"
	"modelcollapse/internal/rng"
)

// canaries is the exposure of planted rows (Carlini et al. 2019, The Secret Sharer, arXiv 1802.08232): log2 of how many rows could
// have been planted, less log2 of the canary's rank among them by the distance to the closest synthetic row. Rows that could have
// been planted are made of real cells, every column shuffled by itself. The null is that of ranks drawn at random.
type canaries struct {
	rank []float64 // of each canary, from 1; of equals the middle
	of   int       // rows that could have been planted, and one
}

const (
	canaryName = "canary_exposure"
	decoys     = 1000
)

func canariesOf(ctx context.Context, d *table, o Options) canaries {
	r := streamOf(o, "canaries")
	with := d.withDecoys(decoys, func(n int) int { return r.IntN(n) })
	m := metricOf(with)
	first := d.real + d.synth + d.held
	rows := upTo(first, first+d.canary+decoys)
	near := m.nearestOf(ctx, rows, d.real, d.synth, 1, o.Jobs)
	c := canaries{of: decoys + 1}
	for k := range d.canary {
		below, equal := 0.0, 0.0
		for _, other := range near[d.canary:] {
			switch {
			case len(other) == 0 || len(near[k]) == 0:
			case other[0].d < near[k][0].d:
				below++
			case other[0].d == near[k][0].d:
				equal++
			}
		}
		c.rank = append(c.rank, 1+below+equal/2)
	}
	return c
}

// withDecoys is the table with n rows more, behind all, whose cells are real ones.
func (d *table) withDecoys(n int, pick func(int) int) *table {
	out := *d
	out.columns = slices.Clone(d.columns)
	for j := range out.columns {
		c := &out.columns[j]
		c.x, c.code = slices.Clone(c.x), slices.Clone(c.code)
		for range n {
			i := pick(d.real)
			if c.x = append(c.x, c.x[i]); c.code != nil {
				c.code = append(c.code, c.code[i])
			}
		}
	}
	return &out
}

// Statistics is the mean exposure.
func (c canaries) Statistics() []Statistic {
	return []Statistic{{Name: canaryName, Part: Membership, What: "mean exposure of planted rows (log2 of 1001 over their rank among decoys)", Unit: "bits", Worse: More, Threshold: 1}}
}

// Measure looks at the ranks, or draws some.
func (c canaries) Measure(s Split, to []float64) {
	rank := c.rank
	if !s.Found {
		rank = randomRanks(s.Key, len(c.rank), c.of)
	}
	sum := 0.0
	for _, k := range rank {
		sum += num.Log(float64(c.of) / k)
	}
	to[0] = sum / math.Ln2 / float64(len(rank))
}

func randomRanks(k rng.Key, n, of int) []float64 {
	r := k.Child("ranks", 0).Stream()
	rank := make([]float64, n)
	for i := range rank {
		rank[i] = float64(1 + r.IntN(of))
	}
	return rank
}
