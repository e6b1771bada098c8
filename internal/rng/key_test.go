package rng

import (
	"testing"

	"pgregory.net/rapid"
)

// TestPathsAreDistinct: different paths give different keys, also where names and
// numbers could run together.
func TestPathsAreDistinct(t *testing.T) {
	type step struct {
		name string
		n    int
	}
	path := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) step {
		return step{rapid.StringN(0, 9, -1).Draw(t, "name"), rapid.Int().Draw(t, "n")}
	}), 0, 4)
	key := func(seed uint64, p []step) Key {
		k := Root(seed)
		for _, s := range p {
			k = k.Child(s.name, s.n)
		}
		return k
	}
	rapid.Check(t, func(t *rapid.T) {
		a, b := path.Draw(t, "a"), path.Draw(t, "b")
		s, u := rapid.Uint64().Draw(t, "s"), rapid.Uint64().Draw(t, "u")
		same := s == u && len(a) == len(b)
		for i := 0; same && i < len(a); i++ {
			same = a[i] == b[i]
		}
		if (key(s, a) == key(u, b)) != same {
			t.Fatalf("%v and %v", a, b)
		}
		if key(s, a).Stream().Uint64() != key(s, a).Stream().Uint64() {
			t.Fatal("equal keys, different streams")
		}
	})
}

// TestHighSeedBits: seeds that differ in one high bit give unrelated streams.
func TestHighSeedBits(t *testing.T) {
	for bit := range 64 {
		a, b := Root(5).Stream(), Root(5^1<<bit).Stream()
		agree := 0
		for range 1000 {
			agree += int(^(a.Uint64()^b.Uint64())>>63) + int(^(a.Uint64()^b.Uint64())&1)
		}
		if agree < 850 || agree > 1150 { // 1000 +- 6.7 standard deviations of 22.4
			t.Errorf("bit %d: two bits agree in %d of 2000", bit, agree)
		}
	}
}
