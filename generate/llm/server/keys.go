package server

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"sync"
	"unicode/utf8"

	"modelcollapse/internal/rng"
)

// maxSeen bounds the memory of requests without a seed.
const maxSeen = 1 << 18

// chance remembers which requests without a seed came, so that each gets an answer of its own.
type chance struct {
	mu   sync.Mutex
	seen map[[32]byte]int // how often each came
	turn int              // how often seen was emptied
}

// key is where the chance of a request comes from, and its id.
func (s *chance) key(body []byte, seed *int64) (k rng.Key, id string) {
	sum := sha256.Sum256(body)
	if seed != nil {
		return rng.Root(uint64(*seed)).Child("seed", 0), hex.EncodeToString(sum[:12])
	}
	s.mu.Lock()
	if len(s.seen) >= maxSeen {
		clear(s.seen)
		s.turn++
	}
	n, turn := s.seen[sum], s.turn
	s.seen[sum]++
	s.mu.Unlock()
	k = rng.Root(0).Child(string(sum[:]), n).Child("turn", turn)
	return k, hex.EncodeToString(k[:12])
}

// printable is the text of a token as JSON can hold it: bytes that are no text are named, as OpenAI does.
func printable(text string) string {
	if utf8.ValidString(text) {
		return text
	}
	const digits = "0123456789abcdef"
	var b strings.Builder
	b.WriteString("bytes:")
	for _, c := range []byte(text) {
		b.WriteString(`\x`)
		b.WriteByte(digits[c>>4])
		b.WriteByte(digits[c&15])
	}
	return b.String()
}
