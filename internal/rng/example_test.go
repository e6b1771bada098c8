package rng_test

import (
	"fmt"

	"modelcollapse/internal/rng"
)

// Ten trillion draws from a law with three living categories cost three binomials.
func ExampleMultinomial() {
	r := rng.Root(1).Child("replicate", 0).Child("draw", 3).Stream()
	counts := rng.Multinomial(r, 1e13, []float64{0.5, 0, 0.25, 0.25}, nil)
	fmt.Println(counts[0]+counts[2]+counts[3], counts[1])
	// Output: 10000000000000 0
}
