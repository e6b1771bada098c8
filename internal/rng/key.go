// Package rng derives independent random streams from a path of names and numbers,
// and draws from them with the same bits on every platform.
package rng

import (
	"crypto/sha256"
	"encoding/binary"
	"math/rand/v2"
)

// A Key names a point in the tree of streams. The zero Key is not usable: start from Root.
type Key [32]byte

// Version is part of every stream: a change of any draw in this package must change it.
const Version = "collapse/v1"

// Root returns the key of everything that a seed decides.
func Root(seed uint64) Key {
	return Key(sha256.Sum256(binary.LittleEndian.AppendUint64([]byte(Version), seed)))
}

// Child returns the key of a named, numbered part of k. It consumes no randomness.
func (k Key) Child(name string, n int) Key {
	b := make([]byte, 0, 96)
	b = append(b, k[:]...)
	b = binary.LittleEndian.AppendUint64(b, uint64(n))
	b = append(b, name...)
	return Key(sha256.Sum256(b))
}

// Stream returns a fresh ChaCha8 generator; equal keys give equal streams on every platform.
func (k Key) Stream() *rand.Rand { return rand.New(rand.NewChaCha8(k)) }

// Deferred is Stream, seeded at the first draw: for those who may never draw.
func (k Key) Deferred() *rand.Rand { return rand.New(&deferred{key: k}) }

type deferred struct {
	key    Key
	source *rand.ChaCha8
}

// Uint64 draws, seeding first if need be.
func (d *deferred) Uint64() uint64 {
	if d.source == nil {
		d.source = rand.NewChaCha8(d.key)
	}
	return d.source.Uint64()
}
