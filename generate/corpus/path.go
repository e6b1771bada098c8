package corpus

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

// files are the regular files that p stands for: in the order of p, those of a folder or glob sorted bytewise, each
// file once, however many of the paths (or links) lead to it.
func (p Paths) files() (names []string, err error) {
	seen := map[string]bool{}
	for _, path := range p {
		found, err := expand(path)
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
func expand(path string) ([]string, error) {
	if path == stdin {
		return []string{stdin}, nil
	}
	info, err := os.Stat(path)
	switch {
	case err == nil && info.IsDir():
		return folder(path)
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

// folder is the texts below a folder, sorted: files whose names end as those of texts do. Hidden ones are left out,
// and links to folders are not followed.
func folder(root string) (names []string, err error) {
	root, err = filepath.EvalSymlinks(root)
	if err != nil {
		return nil, err
	}
	err = filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		switch hidden := strings.HasPrefix(d.Name(), ".") && name != root; {
		case err != nil:
			return err
		case d.IsDir() && hidden:
			return fs.SkipDir
		case d.IsDir() || hidden || formatOf(name) == unknown:
			return nil
		}
		if info, err := os.Stat(name); err == nil && info.Mode().IsRegular() {
			names = append(names, name)
		}
		return nil
	})
	if err == nil && len(names) == 0 {
		err = fmt.Errorf("folder %s holds no text (%s, or one of them with .gz or .zst)", root, strings.Join(endings(), ", "))
	}
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
