package generate

import (
	"testing"

	"modelcollapse/internal/rng"
)

// 100,000 rows of 20 columns: fifteen of numbers, five of categories.
func BenchmarkCopula(b *testing.B) {
	const n, columns = 100_000, 20
	schema, rows := wideTable(n, columns, 7)
	m := GaussianCopula{schema: schema}
	train := Sample[Record]{{Rows: rows, Weight: 1}}
	b.Run("fit and draw", func(b *testing.B) {
		b.ReportAllocs()
		for range b.N {
			f, err := m.Fit(b.Context(), Task[Record]{Train: train})
			if err != nil {
				b.Fatal(err)
			}
			if _, err = f.Draw(b.Context(), nil, n, rng.Root(1).Stream()); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("fit", func(b *testing.B) {
		for range b.N {
			if _, err := m.Fit(b.Context(), Task[Record]{Train: train}); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// wideTable is correlated columns, every fourth of them of 50 categories.
func wideTable(n, columns int, seed uint64) (s Schema, rows []Record) {
	r := rng.Root(seed).Stream()
	for j := range columns {
		c := Column{Name: string(rune('a' + j)), Type: Numeric}
		if j%4 == 3 {
			c.Type, c.Categories = Category, make([]string, 50)
		}
		s = append(s, c)
	}
	for range n {
		row, shared := make(Record, columns), rng.Normal(r)
		for j := range row {
			if row[j] = shared + rng.Normal(r); j%4 == 3 {
				row[j] = float64(min(49, int(5*max(row[j], -row[j]))))
			}
		}
		rows = append(rows, row)
	}
	return s, rows
}

// The same rows, a tree.
func BenchmarkChowLiu(b *testing.B) {
	schema, rows := wideTable(100_000, 20, 7)
	train := Sample[Record]{{Rows: rows, Weight: 1}}
	for range b.N {
		f, err := ChowLiu{Bins: 10, schema: schema}.Fit(b.Context(), Task[Record]{Train: train})
		if err != nil {
			b.Fatal(err)
		}
		if _, err = f.Draw(b.Context(), nil, 100_000, rng.Root(1).Stream()); err != nil {
			b.Fatal(err)
		}
	}
}
