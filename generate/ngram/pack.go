package ngram

import (
	"math/bits"

	"modelcollapse/generate"
)

// pad fills windows that end before their order: Begin, which stands nowhere but at the front.
const pad = generate.Begin

// A packing writes windows of order words into 64 bits, the first word highest.
type packing struct{ order, width int }

// packingFor reports whether windows fit.
func packingFor(order, vocabulary int) (packing, bool) {
	p := packing{order, max(2, bits.Len(uint(vocabulary-1)))}
	return p, p.order*p.width <= 64
}

// count is the trie of rows: windows as numbers, sorted, and equal ones counted in one scan.
func (p packing) count(rows []generate.Tokens, vocabulary int) *trie {
	keys := p.windows(rows)
	keys = radixSort(keys, make([]uint64, len(keys)), p.order*p.width)
	size := make([]int, p.order)
	p.scan(keys, func(_ uint64, shared, length int, _ uint32) {
		for k := shared; k < length; k++ {
			size[k]++
		}
	})
	b := newBuilder(p.order, vocabulary, size)
	p.scan(keys, func(key uint64, shared, length int, times uint32) {
		for k := shared; k < length; k++ {
			b.words[k] = p.word(key, k)
		}
		b.add(shared, length, times)
	})
	return b.finish()
}

// word is word number k of a window.
func (p packing) word(key uint64, k int) uint32 {
	return uint32(key >> ((p.order - 1 - k) * p.width) & (1<<p.width - 1))
}

// windows packs the window that starts at each position, from the back of a row to its front.
func (p packing) windows(rows []generate.Tokens) []uint64 {
	n := 0
	for _, row := range rows {
		n += len(row) + 1
	}
	var empty uint64
	for range p.order {
		empty = empty<<p.width | uint64(pad)
	}
	top := (p.order - 1) * p.width
	keys := make([]uint64, 0, n)
	for _, row := range rows {
		key := empty
		for i := len(row) - 1; i >= 0; i-- {
			key = key>>p.width | uint64(row[i])<<top
			keys = append(keys, key)
		}
		keys = append(keys, key>>p.width|uint64(generate.Begin)<<top)
	}
	return keys
}

// scan yields each distinct window of sorted keys: how many words it shares with the one before, how many it
// has before its padding, and how often it occurs.
func (p packing) scan(keys []uint64, yield func(key uint64, shared, length int, times uint32)) {
	spare := 64 - p.order*p.width
	for i := 0; i < len(keys); {
		key, first := keys[i], i
		for i++; i < len(keys) && keys[i] == key; i++ {
		}
		shared := 0
		if first > 0 {
			shared = (bits.LeadingZeros64(key^keys[first-1]) - spare) / p.width
		}
		length := max(shared, 1)
		for length < p.order && p.word(key, length) != pad {
			length++
		}
		yield(key, shared, length, uint32(i-first))
	}
}

// radixSort sorts keys of so many bits, least significant digit first, and returns whichever of keys and
// spare holds the result.
func radixSort(keys, spare []uint64, width int) []uint64 {
	passes := (width + 10) / 11
	digit := (width + passes - 1) / passes
	mask := uint64(1)<<digit - 1
	start := make([]uint32, passes<<digit)
	for _, x := range keys {
		for p := range passes {
			start[p<<digit|int(x>>(p*digit)&mask)]++
		}
	}
	for p := range passes {
		at := start[p<<digit : (p+1)<<digit]
		sum := uint32(0)
		for d, c := range at {
			at[d], sum = sum, sum+c
		}
		shift := p * digit
		for _, x := range keys {
			d := x >> shift & mask
			spare[at[d]] = x
			at[d]++
		}
		keys, spare = spare, keys
	}
	return keys
}
