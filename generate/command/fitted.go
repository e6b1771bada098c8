package command

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"sync/atomic"

	"modelcollapse/generate"
)

// A home is where a fit lives, and which one it is.
type home struct {
	Dir        string // of the cell
	Temporary  bool   // Dir is this fit's alone, and goes with it
	Generation int
	Node       int
}

// read reads a header of Save; a folder that has gone is replaced by a temporary one.
func (h *home) read(r io.Reader) error {
	b, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(b, h); err != nil {
		return err
	}
	if _, err := os.Stat(h.Dir); err != nil || h.Temporary {
		h.Temporary = true
		h.Dir, err = os.MkdirTemp("", "collapse-")
		return err
	}
	return nil
}

// A fitted is a folder that a program filled. It is removed when it is closed.
type fitted[E any] struct {
	home
	model Model[E]
	dir   string // of this fit, below home's

	earlier []noted                // calls of this fit by earlier processes
	differs atomic.Pointer[string] // what a rerun gave that was given the same; nil: nothing is known to differ
}

// make creates the folder of the fit.
func (f *fitted[E]) make() (err error) {
	if f.dir, err = os.MkdirTemp(f.Dir, fmt.Sprintf("fit-%d-%d-", f.Generation, f.Node)); err != nil {
		return err
	}
	f.earlier = f.calls()
	return os.Mkdir(f.folder(), 0o777)
}

// Degenerate says that the program gave something else for the same input, now and before.
func (f *fitted[E]) Degenerate() string {
	if s := f.differs.Load(); s != nil {
		return *s
	}
	return ""
}

// folder is what the program calls COLLAPSE_MODEL.
func (f *fitted[E]) folder() string { return filepath.Join(f.dir, "model") }

// Close removes the folder.
func (f *fitted[E]) Close() error {
	if f.Temporary {
		return os.RemoveAll(f.Dir)
	}
	return os.RemoveAll(f.dir)
}

// call runs the program on the fit.
func (f *fitted[E]) call(ctx context.Context, verb string, env []string, progress func(float64, string)) error {
	c := call{program: f.model.Program, verb: verb, progress: progress, log: filepath.Join(f.Dir, "log.txt"), env: append(env,
		"COLLAPSE_ROWS="+f.model.codec.kind, "COLLAPSE_MODEL="+f.folder(),
		"COLLAPSE_GENERATION="+strconv.Itoa(f.Generation), "COLLAPSE_NODE="+strconv.Itoa(f.Node))}
	return c.run(ctx)
}

// Draw lets the program sample n rows.
func (f *fitted[E]) Draw(ctx context.Context, dst []E, n int, r *rand.Rand) ([]E, error) {
	seed := seedOf(r.Uint64())
	dir, err := os.MkdirTemp(f.dir, "call-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	out := filepath.Join(dir, "rows.jsonl")
	if err := f.call(ctx, "sample", []string{"COLLAPSE_N=" + strconv.Itoa(n), "COLLAPSE_OUT=" + out, seed}, nil); err != nil {
		return nil, err
	}
	if dst, err = f.model.codec.read(out, dst, n); err != nil {
		return nil, f.model.wrong("sample", err)
	}
	made, err := digestFile(out)
	f.note("sample", seed+" "+strconv.Itoa(n), made)
	return dst, err
}

// scored is a fitted whose program can score.
type scored[E any] struct{ *fitted[E] }

// Score lets the program score rows.
func (f scored[E]) Score(ctx context.Context, rows []E, nats []float64) error {
	dir, err := os.MkdirTemp(f.dir, "call-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	in, out := filepath.Join(dir, "rows.jsonl"), filepath.Join(dir, "nats.jsonl")
	if err := f.model.codec.write(in, generate.Sample[E]{{Rows: rows, Weight: 1}}, false); err != nil {
		return err
	}
	if err := f.call(ctx, "score", []string{"COLLAPSE_IN=" + in, "COLLAPSE_OUT=" + out}, nil); err != nil {
		return err
	}
	got, err := codec[float64]{get: getNats}.read(out, nil, len(rows))
	if err != nil {
		return f.model.wrong("score", err)
	}
	copy(nats, got)
	return nil
}

// Save packs the folder, behind a header that says where it was.
func (f *fitted[E]) Save(w io.Writer) error {
	b, err := json.Marshal(f.home)
	if err != nil {
		return err
	}
	if err := binary.Write(w, binary.LittleEndian, uint32(len(b))); err != nil {
		return err
	}
	if _, err := w.Write(b); err != nil {
		return err
	}
	return pack(w, f.folder())
}
