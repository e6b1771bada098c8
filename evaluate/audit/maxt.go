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

// scores are values in deviations from the mean, the worse the larger: row 0 found, then the exchanges. Mean and deviation of a row are those of
// all others, every row being treated alike, so that under exchange each is as likely as any other to hold the largest. The deviation is the
// root mean square of those on the worse side of the mean: it is the plain one of a law that is symmetric, and keeps a skew one
// (counts of rare things) from holding the largest score of most exchanges. A value that is NaN is −Inf.
type scores struct {
	z  [][]float64
	sd []float64 // of each statistic, over the exchanges
}

func scoresOf(v values) scores {
	rows := append([][]float64{v.tested}, v.exchange...)
	s := scores{z: make([][]float64, len(rows))}
	for i := range s.z {
		s.z[i] = make([]float64, len(v.statistics))
	}
	x := make([]float64, len(rows))
	for j, stat := range v.statistics {
		for i, row := range rows {
			x[i] = row[j]
		}
		for i, z := range scored(x, stat) {
			s.z[i][j] = z
		}
		_, sd := worseSide(sumsOf(x[1:]), stat)
		s.sd = append(s.sd, sd)
	}
	return s
}

// scored are the scores of one statistic.
func scored(x []float64, stat Statistic) []float64 {
	z := make([]float64, len(x))
	all := sumsOf(x)
	floor := float64(floorShare * stat.Threshold)
	for i, v := range x {
		if z[i] = math.Inf(-1); v == v {
			mean, sd := worseSide(all.without(v), stat)
			z[i] = stat.Worse.sign(v-mean) / math.Sqrt(float64(sd*sd)+float64(floor*floor))
		}
	}
	return z
}

// sums are sorted values with running sums of them and their squares, about a middle that keeps their digits.
type sums struct {
	x, sum, square []float64 // sum[k] of the first k
	middle         float64
	out            int // the place of a value that is left out; −1: none
}

func sumsOf(x []float64) sums {
	s := sums{out: -1}
	for _, v := range x {
		if v == v {
			s.x = append(s.x, v)
		}
	}
	slices.Sort(s.x)
	s.middle = num.Mean(s.x)
	s.sum, s.square = []float64{0}, []float64{0}
	for i := range s.x {
		s.x[i] -= s.middle
		s.sum = append(s.sum, s.sum[i]+s.x[i])
		s.square = append(s.square, s.square[i]+float64(s.x[i]*s.x[i]))
	}
	return s
}

// without is s less one of its values.
func (s sums) without(v float64) sums {
	s.out, _ = slices.BinarySearch(s.x, v-s.middle)
	return s
}

// from counts and sums values from place k on.
func (s sums) from(k int) (n, sum, square float64) {
	last := len(s.x)
	n, sum, square = float64(last-k), s.sum[last]-s.sum[k], s.square[last]-s.square[k]
	if s.out >= k {
		v := s.x[s.out]
		n, sum, square = n-1, sum-v, square-float64(v*v)
	}
	return n, sum, square
}

// worseSide is the mean, and the root mean square of the distance from it of those that are worse; 0 where none is.
func worseSide(s sums, stat Statistic) (mean, rms float64) {
	n, sum, square := s.from(0)
	if n == 0 {
		return 0, 0
	}
	m := sum / n
	if stat.Worse != Both {
		k, _ := slices.BinarySearch(s.x, m)
		up, upSum, upSquare := s.from(k)
		if stat.Worse == Less {
			up, upSum, upSquare = n-up, sum-upSum, square-upSquare
		}
		n, sum, square = up, upSum, upSquare
	}
	if n == 0 {
		return m + s.middle, 0
	}
	return m + s.middle, math.Sqrt(max(0, (square-float64(2*m)*sum+float64(n*m)*m)/n))
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
