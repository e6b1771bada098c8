package audit

import "modelcollapse/internal/num"

// kernel is the diversity of a side: the Vendi score of order 2 (Friedman and Dieng 2023, arXiv 2210.02410; of orders:
// Pasarkar and Dieng 2023, arXiv 2310.12952), n² / Σ k(x, y)² over all pairs: how many rows that have nothing in common would be as
// diverse. k is e^−distance.
type kernel struct {
	few
	square    map[bool][][]float32 // by Alone: k² of every two rows, the lower triangle
	threshold float64
}

func kernelOf(d *table, f few) *kernel {
	m := metricOf(d)
	k := &kernel{few: f, square: map[bool][][]float32{}}
	for _, alone := range []bool{false, true} {
		rows := f.rows(Split{Alone: alone})
		for i, a := range rows {
			line := make([]float32, i)
			for j, b := range rows[:i] {
				line[j] = float32(num.Exp(-2 * m.between(a, b)))
			}
			k.square[alone] = append(k.square[alone], line)
		}
	}
	side := make([]Side, len(f.joined))
	for i := range side {
		side[i] = Candidate
	}
	k.threshold = max(1e-9, 0.2*vendi(k.square[false], side))
	return k
}

// between is the distance of two rows.
func (m metric) between(a, b int) float64 {
	var one [1]float32
	m.from(a, b, one[:])
	return float64(one[0])
}

// Statistics is the score.
func (k *kernel) Statistics() []Statistic {
	return []Statistic{{Name: "vendi2@1000", Part: Diversity, What: "Vendi score of order 2: rows without anything in common that are as diverse", Unit: "rows", Worse: Both, Threshold: k.threshold, limit: fewAtOnce, own: ofSide}}
}

// Measure scores the candidate side.
func (k *kernel) Measure(s Split, to []float64) { to[0] = vendi(k.square[s.Alone], k.sides(s)) }

// vendi is n² / Σ k² of the candidates; NaN of none.
func vendi(square [][]float32, side []Side) float64 {
	var in []int
	for i, s := range side {
		if s == Candidate {
			in = append(in, i)
		}
	}
	sum := 0.0
	for a, i := range in {
		line, part := square[i], float32(0)
		for _, j := range in[:a] {
			part += line[j]
		}
		sum += float64(part)
	}
	n := float64(len(in))
	return float64(n*n) / (n + 2*sum)
}
