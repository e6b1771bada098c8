package generate

import (
	"encoding/binary"
	"fmt"
	"io"
	"math/rand/v2"

	"modelcollapse/internal/rng"
)

// Histogram is one row of counts over categories 0 … K−1: it stands for as many draws as it counts, so that
// 10^13 draws cost what K costs.
type Histogram = []int64

// Histograms is the kind of counted categories.
var Histograms = Kind[Histogram]{
	Name: "histogram",
	Count: func(rows []Histogram) (n int) {
		for _, h := range rows {
			for _, c := range h {
				n += int(c)
			}
		}
		return n
	},
	Bytes:    func(h Histogram) int { return 24 + 8*len(h) },
	Resample: resampleHistograms,
	Encode: func(w io.Writer, rows []Histogram) error {
		if err := binary.Write(w, binary.LittleEndian, int64(len(rows))); err != nil {
			return err
		}
		for _, h := range rows {
			if err := writeMany(w, h); err != nil {
				return err
			}
		}
		return nil
	},
	Decode: decodeHistograms,
}

func decodeHistograms(r io.Reader) (rows []Histogram, err error) {
	var n int64
	if err := binary.Read(r, binary.LittleEndian, &n); err != nil {
		return nil, err
	}
	for range n {
		h, err := readMany[int64](r)
		if err != nil {
			return nil, fmt.Errorf("histogram %d of %d: %w", len(rows), n, err)
		}
		rows = append(rows, h)
	}
	return rows, nil
}

// resampleHistograms draws n of the draws that from counts: multivariate hypergeometric, or multinomial with replacement.
func resampleHistograms(dst []Histogram, from Sample[Histogram], n int, replace bool, r *rand.Rand) []Histogram {
	var urn Histogram
	for _, sp := range from {
		for _, h := range sp.Rows {
			if urn == nil {
				urn = make(Histogram, len(h))
			}
			for i, c := range h {
				urn[i] += c
			}
		}
	}
	out := make(Histogram, len(urn))
	if !replace {
		rng.MultivariateHypergeometric(r, urn, int64(n), out)
		return append(dst, out)
	}
	p, total := make([]float64, len(urn)), 0.0
	for _, c := range urn {
		total += float64(c)
	}
	for i, c := range urn {
		p[i] = float64(c) / total
	}
	rng.Multinomial(r, int64(n), p, out)
	return append(dst, out)
}
