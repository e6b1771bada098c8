package diversity

import (
	"math"
	"slices"

	"modelcollapse/generate/text"
	"modelcollapse/internal/num"
)

// HashedNGrams is what Hashed makes features of; it is part of the names of what is measured on them.
const HashedNGrams = "hashed n-grams"

// Features are rows of Dim numbers, one an item.
type Features struct {
	Dim int
	X   []float64 // item × Dim
}

// Row is the features of item i; it shares memory.
func (f Features) Row(i int) []float64 { return f.X[i*f.Dim : (i+1)*f.Dim] }

// Len is the number of items.
func (f Features) Len() int {
	if f.Dim == 0 {
		return 0
	}
	return len(f.X) / f.Dim
}

// Hashed makes features of texts: the square roots of the counts of its words and bigrams, each added with a random sign to
// one of dim places by its hash (Weinberger et al. 2009), so that cosines are those of the counts in expectation; then
// scaled to length 1. A text without words has zeros.
func Hashed(texts [][]uint64, dim int) Features {
	f := Features{dim, make([]float64, len(texts)*dim)}
	var grams []uint64
	for i, words := range texts {
		grams = text.Grams(text.Grams(grams[:0], words, 1), words, 2)
		f.fill(i, grams)
	}
	return f
}

// fill adds the signed square root of the count of every gram to row i.
func (f Features) fill(i int, grams []uint64) {
	row := f.Row(i)
	slices.Sort(grams)
	for from := 0; from < len(grams); {
		g, to := grams[from], from+1
		for to < len(grams) && grams[to] == g {
			to++
		}
		x := math.Sqrt(float64(to - from))
		if g>>63 == 1 {
			x = -x
		}
		row[(g>>16)%uint64(f.Dim)] += x
		from = to
	}
	if length := math.Sqrt(num.Dot(row, row)); length > 0 {
		for k := range row {
			row[k] /= length
		}
	}
}
