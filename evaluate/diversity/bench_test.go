package diversity

import (
	"testing"

	"modelcollapse/internal/rng"
)

// BenchmarkThousand times what is dear, at the 1000 texts of 100 words that names carry.
func BenchmarkThousand(b *testing.B) {
	r := rng.Root(5).Child("words", 0).Stream()
	texts := make([][]uint64, 1000)
	for i := range texts {
		for range 100 {
			texts[i] = append(texts[i], uint64(r.IntN(5000)*r.IntN(5000)/5000))
		}
	}
	b.Run("self-BLEU", func(b *testing.B) {
		for b.Loop() {
			SelfBLEU(texts, 4)
		}
	})
	b.Run("features", func(b *testing.B) {
		for b.Loop() {
			Hashed(texts, 256)
		}
	})
	f := Hashed(texts, 256)
	b.Run("vendi", func(b *testing.B) {
		for b.Loop() {
			vendi(b, f, 1)
		}
	})
	b.Run("cells", func(b *testing.B) {
		for b.Loop() {
			Clustering{Key: rng.Root(1)}.Cells(f, 100)
		}
	})
}
