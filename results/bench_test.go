package results

import (
	"fmt"
	"io"
	"path/filepath"
	"testing"
)

func many(cells int) Manifest {
	m := Manifest{Arms: []ArmInfo{{Name: "replace", Point: [][2]string{{"workflow", "replace"}}}}}
	for r := range cells {
		m.Cells = append(m.Cells, CellInfo{fmt.Sprintf("%08x", r), "replace", r})
	}
	return m
}

func writeMany(b testing.TB, m Manifest, generations int) string {
	dir := filepath.Join(b.TempDir(), "run")
	r, err := openOn(dir, m, cheap, nil)
	must(b, err)
	rec := eight()
	for _, c := range m.Cells {
		w, err := r.Cell(c.ID, nil)
		must(b, err)
		for g := range generations {
			rec.Generation = g
			must(b, w.Put(rec))
		}
		must(b, w.Seal("finished", 0, 0))
	}
	must(b, r.Close())
	return dir
}

// A packed cell of ten generations and eight series: opened, written, sealed.
func BenchmarkPackedCell(b *testing.B) {
	m := many(b.N)
	rec := eight()
	r, err := openOn(filepath.Join(b.TempDir(), "run"), m, cheap, nil)
	must(b, err)
	b.ReportAllocs()
	b.ResetTimer()
	for _, c := range m.Cells {
		w, err := r.Cell(c.ID, oneMetric)
		must(b, err)
		for g := range 10 {
			rec.Generation = g
			must(b, w.Put(rec))
		}
		must(b, w.Seal("finished", 0, 0))
	}
	b.StopTimer()
	must(b, r.Close())
}

// A cell with a folder of its own: what sealing it costs.
func BenchmarkFolderCell(b *testing.B) {
	m := many(b.N)
	r, err := openOn(filepath.Join(b.TempDir(), "run"), m, dear, nil)
	must(b, err)
	b.ResetTimer()
	for _, c := range m.Cells {
		must(b, runCell(r, c.ID, oneMetric, false))
	}
	b.StopTimer()
	must(b, r.Close())
}

// Opening a run of 10,000 packed cells, every byte verified.
func BenchmarkOpen10000(b *testing.B) {
	dir := writeMany(b, many(10_000), 11)
	for b.Loop() {
		r, err := OpenRun(dir)
		must(b, err)
		if s, err := r.Status(); err != nil || s.Done != 10_000 {
			b.Fatal(s, err)
		}
		must(b, r.Close())
	}
}

// The long table of 2,000 cells, 100 generations, 8 series: 1.6 million rows.
func BenchmarkExport(b *testing.B) {
	r, err := OpenRun(writeMany(b, many(2000), 100))
	must(b, err)
	for b.Loop() {
		must(b, r.ExportCSV(io.Discard))
	}
}
