package experiments

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"modelcollapse/evaluate"
	"modelcollapse/generate"
)

func stored(kind string, at generate.At) string {
	return fmt.Sprintf("%s-%d-%d", kind, at.Generation, at.Index)
}

// checkpoint writes what is new, then how far the chain is, then deletes what is dead: a kill between any two
// leaves a state that starts.
func (x *cell[E]) checkpoint() error {
	if !x.Checkpoint || x.store == nil {
		return nil
	}
	names, err := x.store.Names()
	if err != nil {
		return err
	}
	dead := map[string]bool{}
	for _, n := range names {
		dead[n] = true
	}
	put := func(name string, write func(io.Writer) error) {
		if !dead[name] && err == nil {
			err = x.store.Put(name, sealed(write))
		}
		delete(dead, name)
	}
	for at, b := range x.blocks {
		put(stored("block", at), func(w io.Writer) error { return x.encode(w, b) })
	}
	for at, f := range x.fits {
		if s, ok := f.(generate.Saver); ok {
			put(stored("fit", at), s.Save)
		}
	}
	delete(dead, "next")
	delete(dead, "kept")
	if err != nil {
		return err
	}
	if err := x.store.Put("next", sealed(func(w io.Writer) error { _, err := fmt.Fprint(w, x.next); return err })); err != nil {
		return err
	}
	for _, n := range names {
		if dead[n] {
			err = errors.Join(err, x.store.Delete(n))
		}
	}
	return err
}

func (x *cell[E]) encode(w io.Writer, b *block[E]) error {
	if err := binary.Write(w, binary.LittleEndian, int64(len(b.weights))); err != nil {
		return err
	}
	if err := binary.Write(w, binary.LittleEndian, b.weights); err != nil {
		return err
	}
	return x.Kind.Encode(w, b.rows)
}

func (x *cell[E]) decode(r io.Reader) (*block[E], error) {
	var n int64
	if err := binary.Read(r, binary.LittleEndian, &n); err != nil {
		return nil, err
	}
	b := &block[E]{}
	if n > 0 {
		b.weights = make([]float64, n)
		if err := binary.Read(r, binary.LittleEndian, b.weights); err != nil {
			return nil, err
		}
	}
	var err error
	b.rows, err = x.Kind.Decode(r)
	return b, err
}

// restore reads what an earlier run of this cell stored; fits that were not stored are fitted again.
func (x *cell[E]) restore(ctx context.Context) error {
	err := read(x.store, "next", func(r io.Reader) error { _, err := fmt.Fscan(r, &x.next); return err })
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	}
	for g := range x.next {
		for i := range x.plan.Steps[g].Draws {
			at := generate.At{Generation: g, Index: i}
			if x.plan.Block(at) < x.next {
				continue
			}
			err := read(x.store, stored("block", at), func(r io.Reader) (err error) { x.blocks[at], err = x.decode(r); return err })
			if err != nil {
				return fmt.Errorf("block %d of generation %d: %w", i, g, err)
			}
		}
		for n, l := range x.plan.Steps[g].Lessons {
			at := generate.At{Generation: g, Index: n}
			if x.plan.Fit(at) < x.next {
				continue
			}
			if err := x.restoreFit(ctx, l, at); err != nil {
				return fmt.Errorf("fit %d of generation %d: %w", n, g, err)
			}
		}
	}
	return nil
}

func (x *cell[E]) restoreFit(ctx context.Context, l generate.Lesson, at generate.At) (err error) {
	if m, ok := x.Models[l.Model].(generate.Restorer[E]); ok {
		return read(x.store, stored("fit", at), func(r io.Reader) error { x.fits[at], err = m.Restore(r); return err })
	}
	x.fits[at], err = x.fit(ctx, l, at, x.key.Child("generation", at.Generation))
	return err
}

// errChanged says that what was stored is not what was written.
var errChanged = errors.New("the stored bytes were changed or cut")

// sealed writes and then the SHA-256 of what was written.
func sealed(write func(io.Writer) error) func(io.Writer) error {
	return func(w io.Writer) error {
		h := sha256.New()
		if err := write(io.MultiWriter(w, h)); err != nil {
			return err
		}
		_, err := w.Write(h.Sum(nil))
		return err
	}
}

// read uses what sealed wrote, after it verified it.
func read(s generate.Store, name string, use func(io.Reader) error) error {
	r, err := s.Open(name)
	if err != nil {
		return err
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	end := len(b) - sha256.Size
	if end < 0 || sha256.Sum256(b[:end]) != [sha256.Size]byte(b[end:]) {
		return fmt.Errorf("%s: %w", name, errChanged)
	}
	return use(bytes.NewReader(b[:end]))
}

// anew forgets stored blocks that cannot be used: the chain replays from generation 0, against its records.
func (x *cell[E]) anew() error {
	x.closeAll()
	x.state = newState[E]()
	names, err := x.store.Names()
	for _, n := range names {
		if n != "kept" {
			err = errors.Join(err, x.store.Delete(n))
		}
	}
	return err
}

// keep stores what a later metric may need: rows of the probe, and fits that can be saved.
func (x *cell[E]) keep(g, n int, v evaluate.View[E]) error {
	if x.store == nil || x.Keep.Samples == 0 && (x.Keep.Models == "" || x.Keep.Models == "none") {
		return nil
	}
	kept, at := x.store.Sub("kept"), generate.At{Generation: g, Index: n}
	if k := min(x.Keep.Samples, len(v.Probe)); k > 0 {
		if err := kept.Put(stored("sample", at), sealed(func(w io.Writer) error { return x.Kind.Encode(w, v.Probe[:k]) })); err != nil {
			return err
		}
	}
	s, ok := v.Model.(generate.Saver)
	if ok && (x.Keep.Models == "all" || x.Keep.Models == "last" && g == x.Generations) {
		return kept.Put(stored("model", at), sealed(s.Save))
	}
	return nil
}
