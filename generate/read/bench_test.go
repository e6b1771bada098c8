package read_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"

	"modelcollapse/generate/read"
)

// A wide is a row of eight numbers.
type wide struct {
	A, B, C, D, E, F, G, H float64
}

func wides(n int, digits int) []wide {
	r := rand.New(rand.NewPCG(5, 6))
	x := func() float64 {
		if digits == 17 {
			return r.NormFloat64()
		}
		return float64(r.IntN(2_000_000)-1_000_000) / 1000
	}
	rows := make([]wide, n)
	for i := range rows {
		rows[i] = wide{x(), x(), x(), x(), x(), x(), x(), x()}
	}
	return rows
}

func (w wide) each() []float64 { return []float64{w.A, w.B, w.C, w.D, w.E, w.F, w.G, w.H} }

func benchmark(b *testing.B, name, content string) {
	path := file(b, name, content)
	b.SetBytes(int64(len(content)))
	b.ResetTimer()
	for b.Loop() {
		f, err := read.Table(b.Context(), read.Source{Path: read.Paths{path}}, read.Options{})
		if err != nil || f.Rows == 0 {
			b.Fatal(err)
		}
	}
}

func BenchmarkTable(b *testing.B) {
	const n = 200_000
	for _, digits := range []int{6, 17} {
		rows := wides(n, digits)
		b.Run(fmt.Sprintf("csv/digits=%d", digits), func(b *testing.B) {
			var s strings.Builder
			s.WriteString("A,B,C,D,E,F,G,H\n")
			for _, r := range rows {
				s.WriteString(strings.ReplaceAll(strings.Trim(fmt.Sprint(r.each()), "[]"), " ", ",") + "\n")
			}
			benchmark(b, "a.csv", s.String())
		})
		b.Run(fmt.Sprintf("jsonl/digits=%d", digits), func(b *testing.B) {
			var s strings.Builder
			for _, r := range rows {
				x := r.each()
				fmt.Fprintf(&s, `{"A":%v,"B":%v,"C":%v,"D":%v,"E":%v,"F":%v,"G":%v,"H":%v}`+"\n", x[0], x[1], x[2], x[3], x[4], x[5], x[6], x[7])
			}
			benchmark(b, "a.jsonl", s.String())
		})
		b.Run(fmt.Sprintf("parquet/digits=%d", digits), func(b *testing.B) {
			var s strings.Builder
			if err := parquet.Write(&s, rows, parquet.Compression(&parquet.Snappy)); err != nil {
				b.Fatal(err)
			}
			benchmark(b, "a.parquet", s.String())
		})
	}
	b.Run("csv/quoted", func(b *testing.B) {
		benchmark(b, "a.csv", "id,kind,text\n"+strings.Repeat("12,\"red, or green\",\"she said \"\"no\"\" and went\"\n", n))
	})
}

// BenchmarkTexts streams so many gigabytes as it is told to (COLLAPSE_GIGABYTES=10), else 64 MB.
func BenchmarkTexts(b *testing.B) {
	size := 64 << 20
	if n, err := strconv.Atoi(os.Getenv("COLLAPSE_GIGABYTES")); err == nil {
		size = n << 30
	}
	line := "a line of some words, as long as lines of prose are wont to be, or a little longer\n"
	b.Run("parquet", func(b *testing.B) {
		type said struct {
			ID   int64  `parquet:"id"`
			Text string `parquet:"text"`
		}
		rows := make([]said, size/16/len(line))
		for i := range rows {
			rows[i] = said{int64(i), fmt.Sprint(line, i)}
		}
		path := file(b, "a.parquet", parquetOf(b, rows))
		b.SetBytes(int64(len(rows) * len(line)))
		b.ResetTimer()
		for b.Loop() {
			if _, err := read.Texts(b.Context(), read.Source{Path: read.Paths{path}}, "", func([]byte, read.Place) error { return nil }); err != nil {
				b.Fatal(err)
			}
		}
	})
	for name, line := range map[string]string{"txt": line, "jsonl": `{"id":7,"text":"` + strings.TrimSpace(line) + `"}` + "\n", "csv": "7,\"" + strings.TrimSpace(line) + "\"\n"} {
		b.Run(name, func(b *testing.B) {
			path := file(b, "a."+name, "")
			f, err := os.OpenFile(path, os.O_WRONLY, 0)
			if err != nil {
				b.Fatal(err)
			}
			if name == "csv" {
				f.WriteString("id,text\n")
			}
			block := []byte(strings.Repeat(line, 1<<13))
			for done := 0; done < size; done += len(block) {
				f.Write(block)
			}
			f.Close()
			b.SetBytes(int64(size))
			b.ResetTimer()
			for b.Loop() {
				bytes := 0
				_, err := read.Texts(b.Context(), read.Source{Path: read.Paths{path}}, "", func(text []byte, _ read.Place) error {
					bytes += len(text)
					return nil
				})
				if err != nil || bytes == 0 {
					b.Fatal(err)
				}
			}
		})
	}
}
