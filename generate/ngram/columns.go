package ngram

import "modelcollapse/generate"

// countColumns is the trie of rows of any order and vocabulary: positions are sorted by their windows, one
// stable counting sort a column, the last first.
func countColumns(rows []generate.Tokens, order, vocabulary int) *trie {
	text := flatten(rows, order)
	at := sortWindows(text, order, vocabulary)
	size := make([]int, order)
	scanWindows(text, at, order, func(_ []uint32, shared, length int) {
		for k := shared; k < length; k++ {
			size[k]++
		}
	})
	b := newBuilder(order, vocabulary, size)
	scanWindows(text, at, order, func(window []uint32, shared, length int) {
		copy(b.words[shared:length], window[shared:length])
		b.add(shared, length, 1)
	})
	return b.finish()
}

// flatten writes Begin before each row: the pad that ends the windows of the row before. What a window holds
// behind its pad changes the order of windows that are equal before it, and nothing else.
func flatten(rows []generate.Tokens, order int) []uint32 {
	n := order
	for _, row := range rows {
		n += len(row) + 1
	}
	text := make([]uint32, 0, n)
	for _, row := range rows {
		text = append(text, generate.Begin)
		text = append(text, row...)
	}
	for range order {
		text = append(text, pad)
	}
	return text
}

// sortWindows is the positions of text in the order of the windows that start there.
func sortWindows(text []uint32, order, vocabulary int) []uint32 {
	n := len(text) - order
	at, spare := make([]uint32, n), make([]uint32, n)
	for i := range at {
		at[i] = uint32(i)
	}
	start := make([]uint32, vocabulary)
	for k := order - 1; k >= 0; k-- {
		clear(start)
		for _, w := range text[k : k+n] {
			start[w]++
		}
		sum := uint32(0)
		for w, c := range start {
			start[w], sum = sum, sum+c
		}
		for _, i := range at {
			w := text[int(i)+k]
			spare[start[w]] = i
			start[w]++
		}
		at, spare = spare, at
	}
	return at
}

// scanWindows yields each window: how many words it shares with the one before and how many it has before its
// padding.
func scanWindows(text, at []uint32, order int, yield func(window []uint32, shared, length int)) {
	var last []uint32
	for _, i := range at {
		window := text[i : int(i)+order]
		length := 1
		for length < order && window[length] != pad {
			length++
		}
		window = window[:length]
		shared := 0
		for shared < min(length, len(last)) && window[shared] == last[shared] {
			shared++
		}
		yield(window, shared, length)
		last = window
	}
}
