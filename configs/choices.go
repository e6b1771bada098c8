package configs

import (
	"encoding/json"
	"fmt"
	"slices"
)

// Replicates are the replicates of every arm, by number. In a config n stands for 0 to n-1.
type Replicates []int

// Forms are a count and a list.
func (Replicates) Forms() []any { return []any{0, []int(nil)} }

// maxReplicates bounds what a count may unfold to.
const maxReplicates = 1_000_000

// UnmarshalJSON reads a count (at least 1) or a list of distinct numbers.
func (r *Replicates) UnmarshalJSON(b []byte) error {
	var n int
	var list []int
	if json.Unmarshal(b, &n) == nil {
		if n < 1 || n > maxReplicates {
			return fmt.Errorf("must be 1 to %d, got %d", maxReplicates, n)
		}
		list = make([]int, n)
		for i := range list {
			list[i] = i
		}
		*r = list
		return nil
	}
	if err := json.Unmarshal(b, &list); err != nil {
		return fmt.Errorf("must be a count or a list of numbers")
	}
	if err := distinct(list); err != nil {
		return err
	}
	*r = list
	return nil
}

// distinct refuses an empty list and one that names a number twice.
func distinct(list []int) error {
	if len(list) == 0 {
		return fmt.Errorf("is empty")
	}
	sorted := slices.Sorted(slices.Values(list))
	for i := 1; i < len(sorted); i++ {
		if sorted[i] == sorted[i-1] {
			return fmt.Errorf("names %d twice", sorted[i])
		}
	}
	return nil
}

// Every says which generations are measured. One of the three is set.
type Every struct {
	Step int   // every Step-th generation
	Log  bool  // 1, 2, 5, 10, 20, 50 ...
	List []int // these, in rising order
}

// Forms are a step, the word log and a list.
func (Every) Forms() []any { return []any{0, "log", []int(nil)} }

// UnmarshalJSON reads a step of at least 1, "log" or a list of generations.
func (e *Every) UnmarshalJSON(b []byte) error {
	var word string
	*e = Every{}
	switch {
	case json.Unmarshal(b, &e.Step) == nil:
		if e.Step < 1 {
			return fmt.Errorf("must be at least 1, got %d", e.Step)
		}
		return nil
	case json.Unmarshal(b, &word) == nil && word == "log":
		e.Log = true
		return nil
	}
	e.Step = 0
	if err := json.Unmarshal(b, &e.List); err != nil {
		return fmt.Errorf(`must be a step, "log" or a list of generations`)
	}
	slices.Sort(e.List)
	return distinct(e.List)
}

// MarshalJSON writes what UnmarshalJSON reads.
func (e Every) MarshalJSON() ([]byte, error) {
	switch {
	case e.Log:
		return []byte(`"log"`), nil
	case e.Step > 0:
		return json.Marshal(e.Step)
	}
	return json.Marshal(e.List)
}

// Includes reports whether generation g of 0 to last is measured. Generation 0 and the last one always are.
func (e Every) Includes(g, last int) bool {
	switch {
	case g < 0 || g > last:
		return false
	case g == 0 || g == last:
		return true
	case e.Log:
		for g >= 10 && g%10 == 0 {
			g /= 10
		}
		return g == 1 || g == 2 || g == 5
	case e.Step > 0:
		return g%e.Step == 0
	}
	return slices.Contains(e.List, g)
}
