package configs

import "embed"

// Shipped are the configs in the program: one file a published result, and demos.
//
//go:embed *.yaml
var Shipped embed.FS

// Nearest is the known name that a misspelt one probably meant; "" when none is near.
func Nearest(word string, known []string) string {
	name, _ := nearest(word, known)
	return name
}
