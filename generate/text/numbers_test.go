package text

import (
	"testing"

	"pgregory.net/rapid"
)

// Numbers are those of a map, by first sight.
func TestNumbers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var x Numbers
		for range 2 {
			want := map[uint64]uint32{}
			for _, key := range rapid.SliceOf(rapid.Uint64Range(0, 300)).Draw(t, "keys") {
				id, ok := want[key]
				if got, known := x.Known(key); known != ok || ok && got != id {
					t.Fatalf("%d is known as %d %v, want %d %v", key, got, known, id, ok)
				}
				if !ok {
					id = uint32(len(want))
					want[key] = id
				}
				if got := x.Of(key); got != id || x.Len() != len(want) {
					t.Fatalf("%d is %d of %d, want %d of %d", key, got, x.Len(), id, len(want))
				}
			}
			x.Reset()
		}
	})
}
