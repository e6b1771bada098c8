package read

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
)

// Paths are files, globs, folders, or "-" for standard input. A config may write one as a bare text.
type Paths []string

// Forms are the ways in which a config may write paths.
func (Paths) Forms() []any { return []any{"", []string(nil)} }

// UnmarshalJSON reads a text or a list of texts; an empty text is no path.
func (p *Paths) UnmarshalJSON(b []byte) error {
	if one := ""; json.Unmarshal(b, &one) == nil {
		if *p = nil; one != "" {
			*p = Paths{one}
		}
		return nil
	}
	return json.Unmarshal(b, (*[]string)(p))
}

// MarshalJSON writes a single path as a bare text.
func (p Paths) MarshalJSON() ([]byte, error) {
	if len(p) == 1 {
		return json.Marshal(p[0])
	}
	return json.Marshal([]string(p))
}

// stdin is the path of standard input.
const stdin = "-"

// files are the regular files that a source stands for: in the order of its paths, those of a folder or glob sorted
// bytewise, each file once, however many of the paths (or links) lead to it.
func (s Source) files(k kinds) (names []string, err error) {
	if len(s.Path) == 0 {
		return nil, errors.New("path: name a file, a glob or a folder")
	}
	seen := map[string]bool{}
	for _, path := range s.Path {
		found, err := s.expand(path, k)
		if err != nil {
			return nil, err
		}
		for _, name := range found {
			id := name
			if real, err := filepath.EvalSymlinks(name); err == nil && name != stdin {
				id, _ = filepath.Abs(real)
			}
			if !seen[id] {
				seen[id] = true
				names = append(names, name)
			}
		}
	}
	return names, nil
}

// expand is the files of one path.
func (s Source) expand(path string, k kinds) ([]string, error) {
	info, err := os.Stat(path)
	switch {
	case path != stdin && err == nil && info.IsDir():
		return s.folder(path, k)
	case s.Split != "" || s.Config != "":
		return nil, fmt.Errorf("%s: only a folder has a split or a config of its own: name the folder", path)
	case path == stdin:
		return []string{stdin}, nil
	case err == nil && !info.Mode().IsRegular() && info.Mode()&fs.ModeNamedPipe == 0:
		return nil, fmt.Errorf("%s is neither a file nor a folder", path)
	case err == nil:
		return []string{path}, nil
	case !errors.Is(err, fs.ErrNotExist):
		return nil, err
	case strings.ContainsAny(path, "*?["):
		return glob(path)
	}
	return nil, missing(path)
}

// glob is the files that a pattern matches, sorted.
func glob(pattern string) ([]string, error) {
	found, err := filepath.Glob(pattern)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", pattern, err)
	}
	found = slices.DeleteFunc(found, func(name string) bool {
		info, err := os.Stat(name)
		return err != nil || !info.Mode().IsRegular()
	})
	if len(found) == 0 {
		return nil, fmt.Errorf("no file matches %s", pattern)
	}
	slices.Sort(found)
	return found, nil
}

// folder is the files below a folder that a reading takes, sorted; of a Hugging Face folder those of one split.
func (s Source) folder(root string, k kinds) ([]string, error) {
	root, err := filepath.EvalSymlinks(root)
	if err != nil {
		return nil, err
	}
	all, err := below(root, k)
	if err != nil {
		return nil, err
	}
	names, err := s.hub(root, all)
	if err == nil && len(names) == 0 {
		what := [...]string{tables: "table", texts: "text"}[k]
		err = fmt.Errorf("folder %s holds no %s (%s, or one of them with .gz or .zst)", root, what, k.endings())
	}
	return names, err
}

// below is the files whose names end as a reading wants them, sorted. Hidden ones are left out, and links to folders are
// not followed.
func below(root string, k kinds) (names []string, err error) {
	err = filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		switch hidden := strings.HasPrefix(d.Name(), ".") && name != root; {
		case err != nil:
			return err
		case d.IsDir() && hidden:
			return fs.SkipDir
		case d.IsDir() || hidden || !k.takes(formatOf(name)):
			return nil
		}
		if info, err := os.Stat(name); err == nil && info.Mode().IsRegular() {
			names = append(names, name)
		}
		return nil
	})
	slices.Sort(names)
	return names, err
}

// missing says that a file does not exist, and which near name does.
func missing(path string) error {
	dir, base := filepath.Split(path)
	if dir == "" {
		dir = "."
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("no file %s: there is no folder %s", path, filepath.Clean(dir))
	}
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.Name()
	}
	if near := nearest(base, names); near != "" {
		return fmt.Errorf("no file %s; did you mean %s?", path, filepath.Join(dir, near))
	}
	return fmt.Errorf("no file %s", path)
}

// nearest is the known name within a third of the letters of name (but at least two edits), or "".
func nearest(name string, known []string) (near string) {
	best := max(2, len(name)/3) + 1
	for _, k := range known {
		if d := levenshtein.ComputeDistance(strings.ToLower(name), strings.ToLower(k)); d < best {
			near, best = k, d
		}
	}
	return near
}
