package configs

import (
	"embed"
	"io/fs"
)

// Shipped are the configs in the program: one file a published result, and demos.
//
//go:embed *.yaml
var Shipped embed.FS

//go:embed pipelines
var pipelines embed.FS

// Pipelines are the pipelines in the program, which make data sets: one file each.
func Pipelines() fs.FS {
	sub, err := fs.Sub(pipelines, "pipelines")
	if err != nil {
		return pipelines // cannot be: the folder is embedded
	}
	return sub
}

// Nearest is the known name that a misspelt one probably meant; "" when none is near.
func Nearest(word string, known []string) string {
	name, _ := nearest(word, known)
	return name
}
