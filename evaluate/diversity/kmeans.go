package diversity

import (
	"math"
	"slices"

	"modelcollapse/internal/num"
	"modelcollapse/internal/rng"
)

// A Clustering is how k-means starts and when it ends.
type Clustering struct {
	Key    rng.Key // of the stream that chooses the first centres
	Rounds int     // of Lloyd's algorithm at most; 0: 20
}

// Cells puts every item into one of k cells by Euclidean distance: the one of the nearest of Centres.
func (c Clustering) Cells(f Features, k int) []int {
	return f.Cells(c.Centres(f, k))
}

// Centres are those of k cells: k-means++ (Arthur and Vassilvitskii 2007), then Lloyd's rounds until none changes. The centre of a
// cell that empties stays. Equal keys give equal centres; no item has none.
func (c Clustering) Centres(f Features, k int) Features {
	if k < 1 || f.Len() == 0 {
		return Features{Dim: f.Dim}
	}
	centres := c.first(f, k)
	rounds := c.Rounds
	if rounds == 0 {
		rounds = 20
	}
	var at []int
	for range rounds {
		now := f.Cells(centres)
		if slices.Equal(at, now) {
			break
		}
		at = now
		f.means(at, centres)
	}
	return centres
}

// Cells is the nearest centre of every item; 0 where there is none.
func (f Features) Cells(centres Features) []int {
	norms := make([]float64, centres.Len())
	for j := range norms {
		norms[j] = num.Dot(centres.Row(j), centres.Row(j)) / 2
	}
	at := make([]int, f.Len())
	for i := range at {
		at[i] = nearest(f.Row(i), centres, norms)
	}
	return at
}

// first chooses centres among the items: each with probability in proportion to the squared distance to those before.
func (c Clustering) first(f Features, k int) Features {
	r := c.Key.Child("kmeans", 0).Stream()
	centres := Features{f.Dim, make([]float64, 0, k*f.Dim)}
	far := make([]float64, f.Len())
	for i := range far {
		far[i] = math.Inf(1)
	}
	next := r.IntN(f.Len())
	for {
		chosen := f.Row(next)
		centres.X = append(centres.X, chosen...)
		if centres.Len() == k {
			return centres
		}
		sum := 0.0
		for i := range far {
			far[i] = min(far[i], squared(f.Row(i), chosen))
			sum += far[i]
		}
		u := float64(r.Float64() * sum)
		for next = 0; next < len(far)-1 && u >= far[next]; next++ {
			u -= far[next]
		}
	}
}

// squared is the squared Euclidean distance.
func squared(x, y []float64) float64 {
	sum := 0.0
	for i, v := range x {
		d := v - y[i]
		sum += float64(d * d)
	}
	return sum
}

// nearest is the centre nearest to x; norms are half the squared lengths of centres.
func nearest(x []float64, centres Features, norms []float64) int {
	best, least := 0, math.Inf(1)
	for j, half := range norms {
		if d := half - num.Dot(x, centres.Row(j)); d < least {
			best, least = j, d
		}
	}
	return best
}

// means moves every centre to the mean of its items.
func (f Features) means(at []int, centres Features) {
	count := make([]int, centres.Len())
	sums := make([]float64, len(centres.X))
	for i, cell := range at {
		count[cell]++
		for d, x := range f.Row(i) {
			sums[cell*f.Dim+d] += x
		}
	}
	for j, n := range count {
		if n == 0 {
			continue
		}
		for d, x := range sums[j*f.Dim : (j+1)*f.Dim] {
			centres.Row(j)[d] = x / float64(n)
		}
	}
}
