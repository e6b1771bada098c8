package audit

import (
	"cmp"
	"math"
	"slices"

	"modelcollapse/internal/num"
)

// floorShare is the part of a threshold that a standard deviation counts as at least. It keeps a number that is nearly always
// the same (no copies in any exchange but two) from deciding the largest value of an exchange, and hides nothing that matters.
const floorShare = 1.0 / 16

// scores are values in standard deviations from their mean, the worse the larger: row 0 found, then the exchanges. Mean and deviation are over all
// rows, found among them, so that under exchange every row is as likely as any other to hold the largest. A value that is NaN is −Inf.
type scores struct {
	z        [][]float64
	sd, each []float64 // of each statistic: the deviation, and that with its floor
}

func scoresOf(v values) scores {
	rows := append([][]float64{v.found}, v.exchange...)
	s := scores{z: make([][]float64, len(rows))}
	for i := range s.z {
		s.z[i] = make([]float64, len(v.statistics))
	}
	for j, stat := range v.statistics {
		x := make([]float64, 0, len(rows))
		for _, row := range rows {
			if row[j] == row[j] {
				x = append(x, row[j])
			}
		}
		mean, variance := num.Variance(x)
		sd := math.Sqrt(max(0, variance))
		if len(x) < 2 {
			sd = 0
		}
		floor := float64(floorShare * stat.Threshold)
		s.sd = append(s.sd, sd)
		s.each = append(s.each, math.Sqrt(float64(sd*sd)+float64(floor*floor)))
		for i, row := range rows {
			if s.z[i][j] = stat.Worse.sign(row[j]-mean) / s.each[j]; row[j] != row[j] {
				s.z[i][j] = math.Inf(-1)
			}
		}
	}
	return s
}

// alone is the p-value of statistic j by itself: how many of all rows are at least as bad as found.
func (s scores) alone(j int) float64 {
	n := 0
	for _, row := range s.z {
		if row[j] >= s.z[0][j] {
			n++
		}
	}
	return float64(n) / float64(len(s.z))
}

// adjusted are the p-values of all statistics by step-down maxT (Westfall and Young 1993, algorithm 4.1), times the number of
// families that share the error rate.
func (s scores) adjusted(families int) []float64 {
	m := len(s.z[0])
	order := upTo(0, m)
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(s.z[0][b], s.z[0][a]) })
	worse := make([]int, m)
	for _, row := range s.z {
		most := math.Inf(-1)
		for k, j := range slices.Backward(order) {
			if most = max(most, row[j]); most >= s.z[0][j] {
				worse[k]++
			}
		}
	}
	p, running := make([]float64, m), 0.0
	for k, j := range order {
		running = max(running, min(1, float64(families*worse[k])/float64(len(s.z))))
		p[j] = running
	}
	return p
}

// critical is the least score that the first step rejects at a level: as many exchanges as the level allows lie above.
func (s scores) critical(alpha float64) float64 {
	most := make([]float64, 0, len(s.z))
	for _, row := range s.z[1:] {
		most = append(most, slices.Max(row))
	}
	slices.Sort(most)
	above := int(float64(alpha*float64(len(s.z)))) - 1 // rows as bad as found that still reject, found itself not counted
	return most[max(0, len(most)-1-max(0, above))]
}
