package text

// Numbers numbers hashes 0, 1, 2 … by first sight, in open addressing. The zero value has none.
type Numbers struct {
	keys []uint64
	ids  []uint32 // 1 + number; 0: free
	n    int
}

// Len is how many hashes have numbers.
func (x *Numbers) Len() int { return x.n }

// Reset forgets all, and keeps the memory.
func (x *Numbers) Reset() {
	clear(x.ids)
	x.n = 0
}

// Of is the number of a hash, a new one if it has none.
func (x *Numbers) Of(key uint64) uint32 {
	if 2*x.n >= len(x.keys) {
		x.grow()
	}
	at := x.at(key)
	if x.ids[at] == 0 {
		x.n++
		x.keys[at], x.ids[at] = key, uint32(x.n)
	}
	return x.ids[at] - 1
}

// Known is the number of a hash that has one.
func (x *Numbers) Known(key uint64) (uint32, bool) {
	if len(x.keys) == 0 {
		return 0, false
	}
	id := x.ids[x.at(key)]
	return id - 1, id > 0
}

// at is the place of key, or the free one where it belongs.
func (x *Numbers) at(key uint64) uint64 {
	mask := uint64(len(x.keys) - 1)
	at := mix(key) & mask
	for x.ids[at] > 0 && x.keys[at] != key {
		at = (at + 1) & mask
	}
	return at
}

func (x *Numbers) grow() {
	old := *x
	size := max(64, 2*len(old.keys))
	x.keys, x.ids = make([]uint64, size), make([]uint32, size)
	for i, id := range old.ids {
		if id > 0 {
			at := x.at(old.keys[i])
			x.keys[at], x.ids[at] = old.keys[i], id
		}
	}
}
