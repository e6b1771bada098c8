//go:build long

package llm

import "testing"

func TestManyKills(t *testing.T) { testKills(t, 100) }
