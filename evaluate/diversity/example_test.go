package diversity_test

import (
	"fmt"

	"modelcollapse/evaluate/diversity"
	"modelcollapse/generate/text"
)

func Example() {
	words := text.Blanks.Hash(nil, "to be or not to be")
	fmt.Printf("%.3f %.3f\n", diversity.Distinct(words, 1), diversity.Distinct(words, 2))
	// Output: 0.667 0.800
}
