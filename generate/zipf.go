package generate

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"

	"modelcollapse/internal/num"
)

// Zipf is the truth p_i ∝ (i + offset)^(−exponent), i = 1 … categories (Zipf–Mandelbrot).
type Zipf struct {
	Categories int     `json:"categories" default:"100" min:"1" max:"100000000" doc:"how many categories (vocabulary size)"`
	Exponent   float64 `json:"exponent" default:"1" min:"0"`
	Offset     float64 `json:"offset" default:"0" min:"0" doc:"Mandelbrot's shift of the rank"`
}

// Open computes the probabilities once.
func (z Zipf) Open(context.Context, *rand.Rand) (Source[Histogram], error) {
	if z.Categories < 1 {
		return nil, fmt.Errorf("zipf: %d categories", z.Categories)
	}
	p := make([]float64, z.Categories)
	for i := range p {
		p[i] = num.Exp(-float64(z.Exponent * num.Log(float64(i+1)+z.Offset)))
	}
	var total num.Accumulator
	for i := len(p) - 1; i >= 0; i-- { // small ones first
		total.Add(p[i])
	}
	if t := total.Sum(); !(t > 0) || math.IsInf(t, 0) {
		return nil, fmt.Errorf("zipf: exponent %g and offset %g leave no probability", z.Exponent, z.Offset)
	}
	for i := range p {
		p[i] /= total.Sum()
	}
	return Frequencies{P: p}.known(), nil
}

// Version tells the draws of Spread from the earlier ones of Multinomial.
func (Zipf) Version() string { return "2" }
