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

// A Reseeded is one stream after another in the same memory. The zero value is ready for Set.
type Reseeded struct {
	source rand.ChaCha8
	draws  *rand.Rand
}

// Set makes r the stream of k and returns it: the same *rand.Rand every time.
func (r *Reseeded) Set(k Key) *rand.Rand {
	if r.source.Seed(k); r.draws == nil {
		r.draws = rand.New(&r.source)
	}
	return r.draws
}

// A Deferred is the stream of a child, seeded at its first draw, for those who may never draw; it can be set again, for
// those who need one stream after another. The zero value is set to nothing.
type Deferred struct {
	parent Key
	name   string
	n      int
	seeded bool
	source rand.ChaCha8
	draws  *rand.Rand
}

// Set makes d the stream of parent.Child(name, n) and returns it: the same *rand.Rand every time.
func (d *Deferred) Set(parent Key, name string, n int) *rand.Rand {
	d.parent, d.name, d.n, d.seeded = parent, name, n, false
	if d.draws == nil {
		d.draws = rand.New(d)
	}
	return d.draws
}

// Uint64 draws, seeding first if need be.
func (d *Deferred) Uint64() uint64 {
	if !d.seeded {
		d.source.Seed(d.parent.Child(d.name, d.n))
		d.seeded = true
	}
	return d.source.Uint64()
}
