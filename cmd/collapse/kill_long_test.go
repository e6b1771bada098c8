//go:build long

package main

import "testing"

// Many kills of every shape under both kinds of checkpoint.
func TestManyKills(t *testing.T) {
	testKills(t, func(int) []string { return []string{"replay", "blocks"} }, []string{"2", "8"}, 100)
}
