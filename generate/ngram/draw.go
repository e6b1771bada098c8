package ngram

import (
	"context"
	"encoding/binary"
	"math/rand/v2"
	"slices"

	"modelcollapse/generate"
)

// MaxSentence is the number of tokens at which a row that is drawn is closed by End, whatever comes next.
const MaxSentence = 1 << 16

// lanes is the number of rows that are drawn side by side, so that the memory accesses of one overlap with
// those of others.
const lanes = 32

// A scribe writes the words of a lane into a contiguous share of the rows, in order.
type scribe struct {
	*lane
	rows  []generate.Tokens // its share
	done  int               // how many of them are complete
	arena []uint32          // rows are cut from it; the current one at begin
	begin int
}

// Draw appends n rows, closed by End. Rows are views of a few arrays. A row that reaches MaxSentence tokens is
// closed. The words Unknown and Begin are never drawn, unless the model learned from rows with Unknown.
func (f *Fitted) Draw(ctx context.Context, dst []generate.Tokens, n int, rng *rand.Rand) ([]generate.Tokens, error) {
	f.samplerOnce.Do(func() { f.sampler = f.drawer(expandLimit) })
	return f.sampler.draw(ctx, dst, n, rng)
}

func (s *sampler) draw(ctx context.Context, dst []generate.Tokens, n int, rng *rand.Rand) ([]generate.Tokens, error) {
	if n <= 0 {
		return dst, nil
	}
	rows := make([]generate.Tokens, n)
	scribes := make([]*scribe, min(lanes, n))
	active := make([]*lane, len(scribes))
	for i := range scribes {
		share := rows[i*n/len(scribes) : (i+1)*n/len(scribes)]
		active[i] = &lane{rng: fork(rng), from: s.start}
		scribes[i] = &scribe{lane: active[i], rows: share, arena: make([]uint32, 0, min(1<<14, 64*len(share)))}
	}
	for turn := 0; len(active) > 0; turn++ {
		if turn&4095 == 0 && ctx.Err() != nil {
			return dst, ctx.Err()
		}
		s.step(active)
		for i := 0; i < len(active); i++ {
			if w := scribes[i]; w.word != generate.Begin && w.put(w.word) {
				if w.from = s.start; w.done == len(w.rows) {
					scribes, active = slices.Delete(scribes, i, i+1), slices.Delete(active, i, i+1)
					i--
				}
			}
		}
	}
	return append(dst, rows...), nil
}

// fork is an independent stream, decided by the next numbers of rng.
func fork(rng *rand.Rand) *rand.Rand {
	var seed [32]byte
	for i := range 4 {
		binary.LittleEndian.PutUint64(seed[8*i:], rng.Uint64())
	}
	return rand.New(rand.NewChaCha8(seed))
}

// put appends a token to the current row and reports whether that is complete.
func (l *scribe) put(w uint32) bool {
	length := len(l.arena) - l.begin + 1
	if length >= MaxSentence {
		w = generate.End
	}
	if len(l.arena) == cap(l.arena) {
		fresh := make([]uint32, length-1, max(1<<14, 2*length))
		copy(fresh, l.arena[l.begin:])
		l.arena, l.begin = fresh, 0
	}
	l.arena = append(l.arena, w)
	if w != generate.End {
		return false
	}
	l.rows[l.done] = l.arena[l.begin:len(l.arena):len(l.arena)]
	l.done++
	l.begin = len(l.arena)
	return true
}
