package text_test

import (
	"fmt"

	"modelcollapse/generate/text"
)

func Example() {
	x, err := text.NewIndex(text.Usual())
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, s := range []string{
		"The quick brown fox jumps over the lazy dog.",
		"the quick brown fox jumps over the lazy dog",
		"Something else altogether, and of other words.",
	} {
		t := x.Prepare(s)
		if m, ok := x.First(t); ok {
			fmt.Printf("near-duplicate of %d (%.2f)\n", m.Kept, m.Is)
			continue
		}
		fmt.Println("kept as", x.Keep(t))
	}
	// Output:
	// kept as 0
	// near-duplicate of 0 (1.00)
	// kept as 1
}
