package scripted

import (
	"maps"
	"slices"
)

func sorted(m map[string]any) []string { return slices.Sorted(maps.Keys(m)) }

// vocabulary is what texts are made of, the common words first.
const vocabulary = `the of and a to in is that it for on with as this be are by from write name list explain describe
give why how which each some most light water sound river stone tree machine letter number story reason city garden market
teacher child window engine signal pattern measure border harvest lantern compass orchard meadow glacier violin
catalogue turbine parchment estuary chandelier isotope palimpsest marzipan quokka obsidian zeugma`
