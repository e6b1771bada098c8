package pipeline

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"

	"modelcollapse/generate/read"
)

// Seeds is a source of records that are read from files, or stand in the config. A folder that a pipeline of ours made is
// read with the ids, generations and shares of real ancestry of its rows.
type Seeds struct {
	Path  read.Paths `json:"path" doc:"JSON lines, JSON, CSV, TSV, Parquet or text (a record a line); a folder that collapse generate made keeps its ids"`
	Rows  []any      `json:"rows" doc:"records in the config: maps of fields, or texts"`
	Docs  bool       `json:"go_docs" default:"false" doc:"sentences of the documentation of the Go distribution on this machine, as text: those that the server in this program learned from"`
	Limit int        `json:"limit" default:"0" min:"0" doc:"the first so many; 0: all"`
	Real  bool       `json:"real" default:"true" doc:"no model wrote them; of a data set that collapse generate made each row knows"`
}

// Validate asks for one place that seeds come from.
func (s Seeds) Validate() error {
	given := 0
	for _, is := range []bool{len(s.Path) > 0, len(s.Rows) > 0, s.Docs} {
		if is {
			given++
		}
	}
	if given != 1 {
		return errors.New("give path, rows or go_docs")
	}
	return nil
}

// Open reads all seeds once: what cannot be read is refused before a call is made, with its line.
func (s Seeds) Open(e *Env) (any, error) {
	out := &seeds{Seeds: s, env: e, files: s.Path}
	if len(s.Path) == 1 && isDataset(s.Path[0]) {
		out.folder = s.Path[0]
		if e.Pool.within(out.folder) {
			return nil, errors.New("path: is the folder that the data set goes to, where it would lose its own ancestors: choose another with --out")
		}
		out.files = read.Paths{filepath.Join(s.Path[0], trainLines)}
	}
	n, names := 0, newFieldCount()
	sum, err := out.each(context.Background(), func(r Record) error {
		n++
		names.add(r.Fields, r.Origin)
		e.Pool.seed(r)
		return nil
	})
	if err != nil {
		return nil, err
	}
	if n == 0 {
		return nil, errors.New("there are no seeds")
	}
	names.into(e.Fields)
	out.count = n
	e.about = fmt.Sprintf("%d records in the config", n)
	switch {
	case s.Docs:
		e.about = fmt.Sprintf("%d sentences of the Go documentation, sha256 %s", n, sum)
	case len(s.Path) > 0:
		e.about = fmt.Sprintf("%d records of %s, sha256 %s", n, strings.Join(s.Path, ", "), sum)
	}
	return out, nil
}

type seeds struct {
	Seeds
	env    *Env
	files  read.Paths // the files themselves
	folder string     // of a data set of ours; "": none
	count  int

	next func() (Record, error, bool)
	stop func()
}

// size is how many records one pass has.
func (s *seeds) size() int { return s.count }

// Draw gives the next n seeds in their order; fewer: the pass is over.
func (s *seeds) Draw(ctx context.Context, dst []Record, n int, _ *rand.Rand) ([]Record, error) {
	if s.next == nil {
		s.next, s.stop = iter.Pull2(s.all(ctx))
	}
	for range n {
		r, err, ok := s.next()
		if !ok {
			break
		}
		if err != nil {
			return dst, err
		}
		dst = append(dst, r)
	}
	return dst, nil
}

// again begins the next pass.
func (s *seeds) again() bool {
	s.Close()
	return true
}

// Close ends a pass early.
func (s *seeds) Close() error {
	if s.stop != nil {
		s.stop()
	}
	s.next, s.stop = nil, nil
	return nil
}

func (s *seeds) all(ctx context.Context) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		_, err := s.each(ctx, func(r Record) error {
			if !yield(r, nil) {
				return read.ErrEnough
			}
			return nil
		})
		if err != nil {
			yield(Record{}, err)
		}
	}
}

// each gives every seed, and the digest of what they were read from.
func (s *seeds) each(ctx context.Context, use func(Record) error) (digest string, err error) {
	n := 0
	give := func(f map[string]any, origin string) error {
		if s.Limit > 0 && n >= s.Limit {
			return read.ErrEnough
		}
		n++
		r, err := s.record(f, n-1, origin)
		if err != nil {
			return err
		}
		return use(r)
	}
	switch {
	case s.Docs:
		return sentences(ctx, give)
	case len(s.Rows) > 0:
		return s.inline(give)
	}
	sum, err := read.Records(ctx, read.Source{Path: s.files}, func(f map[string]any, at read.Place) error {
		return give(f, fmt.Sprintf("%s:%d", s.file(at.File), at.Record))
	})
	return sum.SHA256, err
}

// file names the file with a number, from 1; of folders and globs by that number.
func (s *seeds) file(number int) string {
	if len(s.files) == 1 && number == 1 {
		return filepath.Base(s.files[0])
	}
	return fmt.Sprintf("%s#%d", filepath.Base(s.files[0]), number)
}

// inline gives the records of the config.
func (s *seeds) inline(give func(f map[string]any, origin string) error) (string, error) {
	for i, row := range s.Rows {
		fields := map[string]any{}
		switch v := row.(type) {
		case string:
			fields["text"] = v
		case map[string]any:
			if err := decodeJSON(asJSON(v), &fields); err != nil {
				return "", fmt.Errorf("rows[%d]: %w", i, err)
			}
		default:
			return "", fmt.Errorf("rows[%d]: want a map of fields or a text", i)
		}
		if err := give(fields, fmt.Sprintf("rows[%d]", i)); errors.Is(err, read.ErrEnough) {
			break
		} else if err != nil {
			return "", fmt.Errorf("rows[%d]: %w", i, err)
		}
	}
	return "", nil
}

// record makes a seed of fields. Those that begin with _ are the columns of a data set of ours, and of nobody else.
func (s *seeds) record(f map[string]any, index int, origin string) (Record, error) {
	r := Record{ID: id(s.env.Run, s.env.Name, index), Stage: s.env.Name, Real: s.Real, Fields: f, Origin: origin}
	if s.Real {
		r.RealShare = 1
	}
	if s.folder != "" {
		return r, ours(&r, s.folder)
	}
	for name := range f {
		if err := checkField(name); err != nil {
			return r, err
		}
	}
	return r, nil
}

// ours takes the columns that a data set of ours has beside its fields.
func ours(r *Record, folder string) error {
	text, ok := r.Fields.Text(columnID)
	if !ok {
		return fmt.Errorf("the row has no %s: make the data set again", columnID)
	}
	generation, _ := r.Fields.Number(columnGeneration)
	share, _ := r.Fields.Number(columnShare)
	r.ID, r.Generation, r.RealShare, r.Real, r.Origin = text, int(generation), share, generation == 0 && share == 1, folder
	for _, name := range []string{columnID, columnGeneration, columnShare} {
		delete(r.Fields, name)
	}
	return nil
}

// checkField refuses names that a template cannot write, or that a data set has for itself.
func checkField(name string) error {
	if strings.HasPrefix(name, "_") || !fieldName.MatchString(name) {
		return fmt.Errorf("field %q: a field is named by letters, digits and _ . -, and begins with a letter", name)
	}
	return nil
}

// isDataset says whether a path is a folder that a pipeline made.
func isDataset(path string) bool {
	for _, name := range []string{trailFile, trainLines} {
		if info, err := os.Stat(filepath.Join(path, name)); err != nil || !info.Mode().IsRegular() {
			return false
		}
	}
	return true
}
