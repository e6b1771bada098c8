//go:build long

package results

import "testing"

func TestKillOften(t *testing.T) { testKills(t, 1000) }

func TestTamperingWithEveryBit(t *testing.T) { testTampering(t, 1) }
