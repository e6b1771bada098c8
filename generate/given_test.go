package generate

import "testing"

// Rows that others are given are kept for them, unless their statistics are enough; these are kept either way.
func TestGivenBlocksAreKept(t *testing.T) {
	w, err := Accumulate{}.Over(Constant(10), 4)
	if err != nil {
		t.Fatal(err)
	}
	p, err := Compile(SameInputs(w), 4, func(int) bool { return true })
	if err != nil {
		t.Fatal(err)
	}
	first, second := At{}, At{Generation: 1}
	if p.Rows(first) != 4 || p.Given(first) != 4 || p.Block(first) != 4 || p.Rows(second) != -1 || p.Given(second) != -1 {
		t.Errorf("rows until %d and %d, given until %d and %d", p.Rows(first), p.Rows(second), p.Given(first), p.Given(second))
	}
	p.GivenByStats()
	if p.Rows(first) != -1 || p.Given(first) != 4 || p.Block(first) != 4 {
		t.Errorf("by statistics: rows until %d, given until %d, block until %d", p.Rows(first), p.Given(first), p.Block(first))
	}
}
