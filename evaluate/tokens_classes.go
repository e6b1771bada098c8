package evaluate

import "slices"

// A countClass is how many types occur Count times.
type countClass struct{ count, types int64 }

// countClasses is the classes of positive counts, by rising count.
func countClasses(count []int64) (classes []countClass) {
	sorted := make([]int64, 0, len(count))
	for _, c := range count {
		if c > 0 {
			sorted = append(sorted, c)
		}
	}
	slices.Sort(sorted)
	for _, c := range sorted {
		if n := len(classes); n > 0 && classes[n-1].count == c {
			classes[n-1].types++
		} else {
			classes = append(classes, countClass{c, 1})
		}
	}
	return classes
}

// classLimit is the count at which the classes, taken in the order of before, first hold a tenth of the mass.
func classLimit(count []int64, before func(a, b int64) bool) int64 {
	classes := countClasses(count)
	total, held := int64(0), int64(0)
	for _, c := range classes {
		total += c.count * c.types
	}
	slices.SortFunc(classes, func(a, b countClass) int {
		if before(a.count, b.count) {
			return -1
		}
		return 1
	})
	for _, c := range classes {
		if held += c.count * c.types; 10*held >= total {
			return c.count
		}
	}
	return 0
}
