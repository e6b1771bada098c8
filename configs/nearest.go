package configs

import (
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
)

// nearest is the name that a misspelt word was probably meant to be, and how many edits away it is; "" when nothing is
// near enough to be worth a suggestion. Equally near names: the first in alphabetical order.
func nearest(word string, names []string) (name string, distance int) {
	if len(word) > 100 {
		return "", 0
	}
	folded := strings.ReplaceAll(strings.ToLower(word), "-", "_")
	best := max(1, min(len(word)/2, 2), len(word)/3) + 1
	for _, candidate := range slices.Sorted(slices.Values(names)) {
		if d := levenshtein.ComputeDistance(folded, candidate); d < best {
			name, best = candidate, d
		}
	}
	return name, best
}
