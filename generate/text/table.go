package text

// counter counts hashes in open addressing, in memory that it keeps from one text to the next.
type counter struct {
	keys  []uint64
	count []int32
	mask  uint64
	used  []uint32 // places that are set
}

// reset empties c and makes room for n hashes.
func (c *counter) reset(n int) {
	for _, at := range c.used {
		c.count[at] = 0
	}
	c.used = c.used[:0]
	if size := max(len(c.keys), 64); len(c.keys) < max(2*n, 64) {
		for size < 2*n {
			size *= 2
		}
		c.keys, c.count, c.mask = make([]uint64, size), make([]int32, size), uint64(size-1)
	}
}

// of is where the count of key stands; one that is 0 has to be set before the next call.
func (c *counter) of(key uint64) *int32 {
	at := key & c.mask
	for c.count[at] > 0 && c.keys[at] != key {
		at = (at + 1) & c.mask
	}
	if c.count[at] == 0 {
		c.keys[at] = key
		c.used = append(c.used, uint32(at))
	}
	return &c.count[at]
}

// add counts key once more and returns how often it has been counted.
func (c *counter) add(key uint64) int32 {
	n := c.of(key)
	*n++
	return *n
}
