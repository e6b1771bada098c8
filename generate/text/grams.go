package text

// base of the polynomial in which the words of an n-gram are the coefficients; odd, so that no word is lost.
const base = 0x9e3779b97f4a7c15

// Grams appends the hashes of the word n-grams of words to dst, in order: len(words) − n + 1 of them, none where words are
// fewer than n or n < 1. An n-gram's hash depends on its words, their order and n.
func Grams(dst, words []uint64, n int) []uint64 {
	if n < 1 || len(words) < n {
		return dst
	}
	lead := uint64(1) // base^n
	for range n {
		lead *= base
	}
	h, salt := uint64(0), uint64(n)*0xd6e8feb86659fd93
	for i, w := range words {
		h = h*base + w
		if i >= n {
			h -= words[i-n] * lead
		}
		if i >= n-1 {
			dst = append(dst, mix(h+salt))
		}
	}
	return dst
}

// Shingles appends the n-grams of words to dst; a text of fewer than n words, but of some, is one shingle.
func Shingles(dst, words []uint64, n int) []uint64 {
	if len(words) > 0 {
		n = min(n, len(words))
	}
	return Grams(dst, words, n)
}
