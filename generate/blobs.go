package generate

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
)

// Blobs is the truth of equally likely round normals: the modes that a collapsing model confuses. Random centres come from
// the data's own stream, so that replicates share them.
type Blobs struct {
	Centres int         `json:"centres" default:"3" min:"1" max:"1000" doc:"how many, where points gives none"`
	Points  [][]float64 `json:"points" doc:"the centres, a row each; empty: at random"`
	Spread  float64     `json:"spread" default:"1" min:"0" doc:"standard deviation about a centre, in every column"`
	Dim     int         `json:"dim" default:"2" min:"1" max:"10000" doc:"columns, where points gives none"`
	Box     float64     `json:"box" default:"10" min:"0" doc:"random centres are uniform between −box and box in every column"`
}

// Open places the centres.
func (b Blobs) Open(_ context.Context, split *rand.Rand) (Source[Vector], error) {
	if !(b.Spread >= 0) || math.IsInf(b.Spread, 1) || !(b.Box >= 0) || math.IsInf(b.Box, 1) {
		return nil, fmt.Errorf("blobs: spread %g and box %g: they must be finite, and at least 0", b.Spread, b.Box)
	}
	points := b.Points
	if len(points) == 0 {
		if b.Centres < 1 || b.Dim < 1 {
			return nil, fmt.Errorf("blobs: %d centres of %d columns: there must be one at least", b.Centres, b.Dim)
		}
		for range b.Centres {
			at := make([]float64, b.Dim)
			for j := range at {
				at[j] = float64(b.Box * (float64(2*split.Float64()) - 1))
			}
			points = append(points, at)
		}
	}
	var parts []JointNormal
	for i, at := range points {
		if len(at) != len(points[0]) || len(at) == 0 {
			return nil, fmt.Errorf("blobs: point %d has %d numbers, point 0 has %d", i, len(at), len(points[0]))
		}
		parts = append(parts, independent(at, float64(b.Spread*b.Spread)))
	}
	return NewMixture(nil, parts)
}
