package audit

import "math"

// attributes asks of every row what the closest synthetic row by all other columns says of each cell: right if the category is the
// same, or the number at most a twentieth of the column's span away. A missing cell is right if the other is missing. Giomi et al.
// 2023 (arXiv 2211.10459, Anonymeter) attack so, and take the hold-out as the control: what rows nobody learned from give away too is
// knowledge of the population, not of a row.
func (l *leak) attributes(d *table, m metric, rows []int) (tasks []func()) {
	if len(m.columns) < 2 {
		return nil
	}
	for j := range d.columns {
		l.names = append(l.names, d.part(j))
		l.inferred = append(l.inferred, make([]float64, len(rows)))
	}
	const batch = 50
	for from := 0; from < len(rows); from += batch {
		tasks = append(tasks, func() {
			room, part := make([]float32, d.synth), make([][]float32, len(m.columns))
			for j := range part {
				part[j] = make([]float32, d.synth)
			}
			for k := from; k < min(from+batch, len(rows)); k++ {
				l.attack(d, m, k, rows[k], room, part)
			}
		})
	}
	return tasks
}

// inferShare is the part of a span by which a guess may be off.
const inferShare = 0.05

// attack guesses every cell of one row.
func (l *leak) attack(d *table, m metric, k, row int, all []float32, part [][]float32) {
	m.from(row, d.real, all)
	for j := range m.columns {
		metric{m.columns[j : j+1]}.from(row, d.real, part[j])
		best, least := 0, float32(math.Inf(1))
		for i, x := range all {
			if rest := x - part[j][i]; rest < least {
				best, least = i, rest
			}
		}
		if part[j][best] <= inferShare && least < float32(math.Inf(1)) {
			l.inferred[j][k] = 1
		}
	}
}
