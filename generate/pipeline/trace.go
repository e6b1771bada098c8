package pipeline

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"strings"

	"modelcollapse/internal/store"
)

// A Traced record with everything that it descends from.
type Traced struct {
	Record
	Folder  string    `json:"folder"`            // of the data set whose trail has it
	Lacking string    `json:"lacking,omitempty"` // why its own ancestors cannot be shown
	From    []*Traced `json:"-"`                 // its parents; of a row of another data set what it is there
}

// ErrUnknownRecord is that a data set has no record of a name.
var ErrUnknownRecord = errors.New("no such record")

// Trace walks a record back to its seeds, over the data sets that seeds were read from. A name is an id, the beginning of one
// that no other record has, or a number of up to five digits: a line of the data set, from 1.
func Trace(folder, name string) (*Traced, error) {
	t := &tracer{open: map[string]*trail{}, known: map[string]*Traced{}}
	defer t.close()
	l, err := t.trail(folder)
	if err != nil {
		return nil, err
	}
	full, err := l.find(name)
	if err != nil {
		return nil, err
	}
	return t.walk(folder, full)
}

// A tracer keeps what it has read of a walk.
type tracer struct {
	open  map[string]*trail
	known map[string]*Traced // by folder and id
}

func (t *tracer) close() {
	for _, l := range t.open {
		l.file.Close()
		l.folder.Close()
	}
}

// walk is a record of a folder with its ancestors.
func (t *tracer) walk(folder, id string) (*Traced, error) {
	key := folder + "\x00" + id
	if done := t.known[key]; done != nil {
		return done, nil
	}
	l, err := t.trail(folder)
	if err != nil {
		return nil, err
	}
	r, err := l.record(id)
	if err != nil {
		return nil, err
	}
	out := &Traced{Record: r, Folder: folder}
	t.known[key] = out
	parents, from := r.Parents, folder
	if origin := l.origin(r); origin != "" && r.Generation > 0 && len(parents) == 0 {
		parents, from = []string{id}, origin
	}
	for _, p := range parents {
		next, err := t.walk(from, p)
		if err != nil {
			if from == folder {
				return nil, err
			}
			out.Lacking = err.Error()
			continue
		}
		out.From = append(out.From, next)
	}
	return out, nil
}

// A trail is the records of a data set, by id.
type trail struct {
	folder *store.Folder
	path   string
	file   *store.File
	at     map[string][2]int64 // offset and length of the line
}

func (t *tracer) trail(folder string) (*trail, error) {
	if l := t.open[folder]; l != nil {
		return l, nil
	}
	f, err := store.Open(folder)
	if err != nil {
		return nil, err
	}
	file, err := f.Open(trailFile)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: is no data set of a pipeline: it has no %s", folder, trailFile), f.Close())
	}
	l := &trail{folder: f, path: folder, file: file, at: map[string][2]int64{}}
	t.open[folder] = l
	return l, l.index()
}

// index notes where each record begins. Its line begins with its id.
func (l *trail) index() error {
	r, offset := bufio.NewReaderSize(l.file, 1<<18), int64(0)
	for {
		line, err := r.ReadBytes('\n')
		if err == io.EOF && len(line) == 0 {
			return nil
		} else if err != nil && err != io.EOF {
			return err
		}
		if rest, ok := bytes.CutPrefix(line, []byte(`{"id":"`)); ok {
			if end := bytes.IndexByte(rest, '"'); end > 0 {
				l.at[string(rest[:end])] = [2]int64{offset, int64(len(line))}
			}
		}
		offset += int64(len(line))
	}
}

func (l *trail) record(id string) (r Record, err error) {
	at, ok := l.at[id]
	if !ok {
		return r, fmt.Errorf("%s: %w: %s", l.path, ErrUnknownRecord, id)
	}
	line := make([]byte, at[1])
	if _, err := l.file.ReadAt(line, at[0]); err != nil {
		return r, err
	}
	return r, decodeJSON(line, &r)
}

// find is the id that a name stands for.
func (l *trail) find(name string) (string, error) {
	if n, err := strconv.Atoi(name); err == nil && len(name) <= 5 {
		return l.line(n)
	}
	var found []string
	for id := range l.at {
		if strings.HasPrefix(id, name) {
			found = append(found, id)
		}
	}
	switch len(found) {
	case 0:
		return "", fmt.Errorf("%s: %w: none begins with %s", l.path, ErrUnknownRecord, name)
	case 1:
		return found[0], nil
	}
	return "", fmt.Errorf("%s: %d records begin with %s: write more of the id", l.path, len(found), name)
}

// line is the id of a row of the data set, from 1.
func (l *trail) line(n int) (found string, err error) {
	k, enough := 0, errors.New("found")
	err = eachKept(l.folder, func(r Record) error {
		if k++; k == n {
			found = r.ID
			return enough
		}
		return nil
	})
	if errors.Is(err, enough) {
		return found, nil
	} else if err != nil {
		return "", err
	}
	return "", fmt.Errorf("%s: %w: line %d of a data set of %d", l.path, ErrUnknownRecord, n, k)
}

// origin is the folder of the data set that a record was read from: as the config named it, or beside this one; "": it was
// read from no data set of ours.
func (l *trail) origin(r Record) string {
	if r.Origin == "" || r.Drawn != nil {
		return ""
	}
	for _, dir := range []string{r.Origin, filepath.Join(filepath.Dir(l.path), filepath.Base(r.Origin))} {
		if isDataset(dir) && filepath.Clean(dir) != filepath.Clean(l.path) {
			return dir
		}
	}
	if strings.Contains(filepath.Base(r.Origin), ":") {
		return ""
	}
	return r.Origin // it was moved or deleted, which the walk says
}

// All are the record and everything that it descends from, each once.
func (t *Traced) All() (all []*Traced) {
	seen := map[*Traced]bool{}
	var visit func(*Traced)
	visit = func(n *Traced) {
		if seen[n] {
			return
		}
		seen[n] = true
		all = append(all, n)
		for _, p := range n.From {
			visit(p)
		}
	}
	visit(t)
	return all
}

// Seeds are the records that a walk ends at, each once, in the order in which it meets them.
func (t *Traced) Seeds() (seeds []*Traced) {
	for _, n := range t.All() {
		if len(n.From) == 0 {
			seeds = append(seeds, n)
		}
	}
	return seeds
}
