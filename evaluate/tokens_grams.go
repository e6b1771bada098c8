package evaluate

import "modelcollapse/generate"

// grams numbers n-grams 0, 1, 2, … in the order in which they are first added. An n-gram is the number of its first
// n − 1 words and its last word, so that any order and any vocabulary fit in a 64-bit key, exactly.
type grams struct {
	levels []pairs // levels[k] numbers the n-grams of n = k + 2 words; a single word is its own number
}

func newGrams(order int) *grams { return &grams{levels: make([]pairs, order-1)} }

// add numbers every n-gram of every order in rows and calls each, when it is not nil, with what it found.
func (g *grams) add(rows []generate.Tokens, each func(order int, id uint32)) {
	g.walk(rows, func(level int, key uint64) (uint32, bool) {
		id := g.levels[level].add(key)
		if each != nil {
			each(level+2, id)
		}
		return id, true
	})
}

// find calls each with every n-gram of rows that has a number.
func (g *grams) find(rows []generate.Tokens, each func(order int, id uint32)) {
	g.walk(rows, func(level int, key uint64) (uint32, bool) {
		id, ok := g.levels[level].find(key)
		if ok {
			each(level+2, id)
		}
		return id, ok
	})
}

// walk visits every word of rows with every level that its row so far can fill. look numbers a key; when it has no
// number, no longer n-gram that begins with it has one.
func (g *grams) walk(rows []generate.Tokens, look func(level int, key uint64) (uint32, bool)) {
	for _, row := range rows {
		for i := range row {
			prefix := row[i]
			if prefix == generate.End {
				continue
			}
			for level := range g.levels {
				j := i + level + 1
				if j >= len(row) || row[j] == generate.End {
					break
				}
				id, ok := look(level, uint64(prefix)<<32|uint64(row[j]))
				if !ok {
					break
				}
				prefix = id
			}
		}
	}
}

// size is how many n-grams of an order have a number.
func (g *grams) size(order int) int { return g.levels[order-2].n }

// possible is the number of n-grams of an order in rows.
func possible(rows []generate.Tokens, order int) (n int64) {
	for _, row := range rows {
		run := 0
		for _, w := range row {
			if run++; w == generate.End {
				run = 0
			}
			if run >= order {
				n++
			}
		}
	}
	return n
}

// pairs is a hash table from 64-bit keys to dense numbers: open addressing, at most half full.
type pairs struct {
	slots []slot
	n     int
	bits  uint
}

// slot holds a key's number + 1; 0: free.
type slot struct {
	key uint64
	id  uint32
}

const firstBits = 10

// at is where key is, or where it would go.
func (p *pairs) at(key uint64) *slot {
	mask := uint64(len(p.slots) - 1)
	for i := spread(key) >> (64 - p.bits); ; i = (i + 1) & mask {
		if s := &p.slots[i]; s.id == 0 || s.key == key {
			return s
		}
	}
}

// spread mixes all bits of a key into the high bits of the result (the finaliser of splitmix64).
func spread(x uint64) uint64 {
	x ^= x >> 30
	x *= 0xbf58476d1ce4e5b9
	x ^= x >> 27
	return x * 0x94d049bb133111eb
}

func (p *pairs) find(key uint64) (uint32, bool) {
	if p.n == 0 {
		return 0, false
	}
	id := p.at(key).id
	return id - 1, id != 0
}

func (p *pairs) add(key uint64) uint32 {
	if 2*p.n >= len(p.slots) {
		p.grow()
	}
	s := p.at(key)
	if s.id == 0 {
		p.n++
		*s = slot{key, uint32(p.n)}
	}
	return s.id - 1
}

func (p *pairs) grow() {
	old := p.slots
	p.bits = max(firstBits, p.bits+1)
	p.slots = make([]slot, 1<<p.bits)
	for _, s := range old {
		if s.id != 0 {
			*p.at(s.key) = s
		}
	}
}
