package audit_test

import (
	"context"
	"fmt"
	"strings"

	"modelcollapse/evaluate/audit"
	"modelcollapse/generate/read"
)

// A set without the rare category is audited: it is gone, and the report says so.
func Example() {
	table := func(rare int) *read.Frame {
		text := "animal,legs\n"
		for i := range 600 {
			animal := [...]string{"ant,6", "bee,6", "cat,4"}[i*i%3]
			if i%20 < rare {
				animal = "yak,4"
			}
			text += animal + "\n"
		}
		f, err := read.Table(context.Background(), read.Source{Path: read.Paths{"-"}, Stdin: strings.NewReader(text)}, read.Options{})
		if err != nil {
			fmt.Println(err)
		}
		return f
	}
	r, err := audit.Table(context.Background(), audit.Tables{Real: table(1), Synthetic: table(0)}, audit.Options{Name: "animals"})
	if err != nil {
		fmt.Println(err)
		return
	}
	x, _ := r.Result("lost_categories")
	fmt.Printf("%s: lost_categories is %.2g\n", r.Outcome, float64(x.Found))
	fmt.Println(r.Gaps[0])
	// Output:
	// rejected: lost_categories is 0.33
	// category animal, yak: 0 of 30
}
