package command

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"

	"modelcollapse/generate"
)

// Model is an external program that fits, samples and, if it can, scores. What it does need not be reproducible: digests of what
// it was given and what it gave are recorded, and a difference is said.
type Model[E any] struct {
	Program
	codec codec[E]
	can   abilities
}

// Bind asks the program what it can do, and the truth what rows look like.
func (m Model[E]) Bind(truth generate.Source[E]) (generate.Model[E], error) {
	if err := m.Validate(); err != nil {
		return nil, err
	}
	var err error
	if m.codec, err = codecFor[E](truth); err != nil {
		return nil, err
	}
	if m.can, err = m.describe(m.codec.kind); err != nil {
		return nil, err
	}
	if m.can.Start {
		return starting[E]{m}, nil
	}
	return m, nil
}

// starting is a Model whose program makes something of a start.
type starting[E any] struct{ Model[E] }

// Starts marks that a start acts.
func (starting[E]) Starts() {}

// Weighs is whether the program takes weights.
func (m Model[E]) Weighs() bool { return m.can.Weights }

// Dear marks that a fit is stored, so that a restart does not pay for it again.
func (Model[E]) Dear() {}

// Fits is a fit that can score where the program can.
func (m Model[E]) Fits() generate.Fitted[E] { return m.fitted(&fitted[E]{model: m}) }

func (m Model[E]) fitted(f *fitted[E]) generate.Fitted[E] {
	if m.can.Score {
		return scored[E]{f}
	}
	return f
}

// Fit hands the rows over in a file, and keeps the folder that the program filled.
func (m Model[E]) Fit(ctx context.Context, t generate.Task[E]) (generate.Fitted[E], error) {
	dir, temporary, err := folderOf(t)
	if err != nil {
		return nil, err
	}
	f := &fitted[E]{model: m, home: home{Dir: dir, Temporary: temporary, Generation: t.Generation, Node: t.Node}}
	if err := f.make(); err != nil {
		return nil, err
	}
	train := filepath.Join(f.dir, "train.jsonl")
	if err := m.codec.write(train, t.Train, m.can.Weights && !plain(t.Train)); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	env := []string{"COLLAPSE_TRAIN=" + train, seedOf(t.Rand.Uint64())}
	if s, ok := t.Start.(interface{ folder() string }); ok {
		env = append(env, "COLLAPSE_START="+s.folder())
	}
	if err := f.call(ctx, "fit", env, t.Progress); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	given, err := digestFile(train)
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	made, err := digestTree(f.folder())
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	f.note("fit", given, made)
	return m.fitted(f), os.Remove(train)
}

// plain reports that all rows weigh 1.
func plain[E any](s generate.Sample[E]) bool {
	for _, span := range s {
		if !span.Plain() {
			return false
		}
	}
	return true
}

// seedOf names a seed that any language can hold in a signed integer.
func seedOf(x uint64) string { return "COLLAPSE_SEED=" + strconv.FormatUint(x>>1, 10) }

// Restore unpacks what Save packed, where it was if that folder still is there.
func (m Model[E]) Restore(r io.Reader) (generate.Fitted[E], error) {
	var size uint32
	if err := binary.Read(r, binary.LittleEndian, &size); err != nil {
		return nil, err
	}
	if size > 1<<20 {
		return nil, fmt.Errorf("a header of %d bytes", size)
	}
	f := &fitted[E]{model: m}
	if err := f.home.read(io.LimitReader(r, int64(size))); err != nil {
		return nil, err
	}
	if err := f.make(); err != nil {
		return nil, err
	}
	if err := unpack(r, f.folder()); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return m.fitted(f), nil
}
