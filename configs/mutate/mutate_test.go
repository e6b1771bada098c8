package mutate_test

import (
	"fmt"
	"testing"

	"modelcollapse/configs/mutate"
)

func ExampleMisspelt() {
	mutants, err := mutate.Misspelt([]byte("seed: 1\n"), nil)
	for _, m := range mutants {
		fmt.Printf("%s", m.YAML)
	}
	fmt.Println(err)
	// Output:
	// sed: 1
	// seeed: 1
	// sexd: 1
	// Seed: 1
	// seedz: 1
	// <nil>
}

func TestRetypedLeavesTheRestAlone(t *testing.T) {
	mutants, err := mutate.Retyped([]byte("a: 1\nb: [x, true]\n"))
	if err != nil {
		t.Fatal(err)
	}
	paths := map[string]int{}
	for _, m := range mutants {
		paths[m.Path]++
	}
	if len(paths) != 3 || paths["a"] == 0 || paths["b[0]"] == 0 || paths["b[1]"] == 0 {
		t.Error(paths)
	}
	if got := string(mutants[0].YAML); got != "a: x\nb: [x, true]\n" {
		t.Error(got)
	}
	if _, err := mutate.Retyped([]byte("a: [")); err == nil {
		t.Error("what is not YAML must be an error")
	}
}
