package command

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"

	"modelcollapse/generate"
)

// Source is an external program that prints real rows: a simulator. It is called with sample, without COLLAPSE_MODEL: once for
// all rows, which are then split and dealt as those of a file are, or with rows: 0 for every block, when it must give
// rows of one law whatever COLLAPSE_N is.
type Source[E any] struct {
	Program
	Rows int `json:"rows" default:"20000" min:"0" max:"1000000000" doc:"rows that the program is asked for, once; 0: for every block anew, so that it never runs out, but metrics cannot look at all real rows"`
	Dim  int `json:"dim" default:"0" min:"0" max:"10000" doc:"columns of a row, or inputs of a labelled row; 0: those of the first row"`
	generate.Cut
}

// Open asks for one row, to see that the program works and what a row looks like, and then for all of them.
func (s Source[E]) Open(ctx context.Context, split *rand.Rand) (generate.Source[E], error) {
	if err := errors.Join(s.Program.Validate(), s.Cut.Check()); err != nil {
		return nil, err
	}
	c, err := codecFor[E](simulated[E]{dim: s.Dim})
	if err != nil {
		return nil, err
	}
	src := simulated[E]{program: s.Program, codec: c, dim: s.Dim}
	rows, err := src.Draw(ctx, nil, 1, split)
	if err != nil {
		return nil, err
	}
	switch row := any(rows[0]).(type) {
	case generate.Vector:
		src.dim = len(row)
	case generate.Labelled:
		src.dim = len(row.X)
	}
	if src.codec, err = codecFor[E](src); err != nil || s.Rows == 0 {
		return src, err
	}
	if rows, err = src.Draw(ctx, nil, s.Rows, split); err != nil {
		return nil, err
	}
	parts, err := generate.Split(rows, nil, s.Cut, split)
	return recorded[E]{src, parts}, err
}

// recorded are the rows that a program was asked for once.
type recorded[E any] struct {
	simulated[E]
	parts generate.Parts[E]
}

// Draw is an error: what was recorded is finite, and its rows are dealt.
func (recorded[E]) Draw(context.Context, []E, int, *rand.Rand) ([]E, error) {
	return nil, errors.New("the rows of the program are finite: they are dealt (Rows, HeldOut, Tune), not drawn")
}

// Rows are the training rows in the random order in which they are dealt.
func (r recorded[E]) Rows() []E { return r.parts.Train }

// HeldOut are the rows that nobody trains on.
func (r recorded[E]) HeldOut() []E { return r.parts.HeldOut }

// Tune are the rows kept for tuning; none unless asked for.
func (r recorded[E]) Tune() []E { return r.parts.Tune }

// simulated is a Source whose program was found to work.
type simulated[E any] struct {
	program Program
	codec   codec[E]
	dim     int
}

// Dim is the number of columns; 0 of scalars.
func (s simulated[E]) Dim() int { return s.dim }

// Reserve is the usual number of held-out rows.
func (s simulated[E]) Reserve() int { return 0 }

// Digest names the program and the files that its call names.
func (s simulated[E]) Digest() (sum, what string) {
	h := sha256.Sum256([]byte(s.program.Version()))
	return hex.EncodeToString(h[:]), fmt.Sprintf("rows of the program %s", s.program.name())
}

// Draw lets the program sample n rows.
func (s simulated[E]) Draw(ctx context.Context, dst []E, n int, r *rand.Rand) ([]E, error) {
	dir, err := os.MkdirTemp("", "collapse-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	out := filepath.Join(dir, "rows.jsonl")
	c := call{program: s.program, verb: "sample", env: []string{"COLLAPSE_ROWS=" + s.codec.kind, "COLLAPSE_N=" + strconv.Itoa(n), "COLLAPSE_OUT=" + out, seedOf(r.Uint64())}}
	if err := c.run(ctx); err != nil {
		return nil, err
	}
	if dst, err = s.codec.read(out, dst, n); err != nil {
		return nil, s.program.wrong("sample", err)
	}
	return dst, nil
}
