package audit

import (
	"encoding/binary"
	"math"
)

// sameRows are the statistics of equal rows: distinct ones, repeated ones, and copies of real ones.
type sameRows struct {
	class  []int32 // equal rows have equal numbers; real rows, then synthetic ones
	of     int     // classes
	side   int     // rows that Even has of a side, at least
	copied int     // candidates among whom copies are looked for
}

func sameRowsOf(d *table) sameRows {
	t := sameRows{side: even(d.real, d.synth), copied: min(d.real, d.synth)}
	t.class, t.of = d.classes(upTo(0, d.real+d.synth))
	return t
}

// classes are numbers of rows, equal for equal rows, and how many there are.
func (d *table) classes(rows []int) (class []int32, of int) {
	at := make(map[string]int32, len(rows))
	key := make([]byte, 8*len(d.columns))
	for _, i := range rows {
		for j, x := range d.rows[i] {
			bits := math.Float64bits(x)
			if x == 0 || x != x {
				bits = math.Float64bits(x + 0) // −0 is 0
				if x != x {
					bits = math.MaxUint64
				}
			}
			binary.LittleEndian.PutUint64(key[8*j:], bits)
		}
		c, ok := at[string(key)]
		if !ok {
			c = int32(len(at))
			at[string(key)] = c
		}
		class = append(class, c)
	}
	return class, len(at)
}

// Statistics are distinct rows, duplicates and copies.
func (t sameRows) Statistics() []Statistic {
	return []Statistic{
		{Name: "distinct", Part: Diversity, What: "distinct rows of a side", Unit: "share", Worse: Less, Threshold: 0.02, own: ofSide, leak: t.side},
		{Name: "duplicates", Part: Duplicates, What: "rows that have a twin on their own side", Unit: "share", Worse: More, Threshold: 0.01, own: ofSide, leak: max(1, t.side/2)},
		{Name: "copies.exact", Part: Copying, What: "synthetic rows that are a real row, to the cell", Unit: "share", Worse: More, Threshold: 0.005, leak: t.copied},
	}
}

// Measure counts classes.
func (t sameRows) Measure(s Split, to []float64) {
	n, distinct, alone := 0, 0, 0
	count := make([]int32, t.of)
	for i, side := range s.Even {
		if side == Candidate {
			if n++; count[t.class[i]] == 0 {
				distinct++
			}
			count[t.class[i]]++
		}
	}
	for _, k := range count {
		if k == 1 {
			alone++
		}
	}
	to[0], to[1] = float64(distinct)/float64(n), float64(n-alone)/float64(n)
	if !s.own {
		to[2] = t.copies(s, count)
	}
}

// copies is the share of candidates that equal a reference; of the null, another real row. It overwrites count.
func (t sameRows) copies(s Split, count []int32) float64 {
	clear(count)
	for i, side := range s.Whole {
		if side == Reference || s.Alone && side == Candidate {
			count[t.class[i]]++
		}
	}
	own := int32(0)
	if s.Alone {
		own = 1
	}
	n, copied := 0, 0
	for i, side := range s.Whole {
		if side == Candidate {
			if n++; count[t.class[i]] > own {
				copied++
			}
		}
	}
	return float64(copied) / float64(n)
}
