package results

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
)

// sharedName, in workName, is what all cells of a run share: what was paid for once, such as answers of a server.
const sharedName = "shared"

// workName holds what external programs of a cell write beside its results: their logs, and folders while they live.
const workName = "work"

// Remember takes over what external programs of another run of the same cells were given and gave, so that a difference
// is found (calls.jsonl, package generate/command).
func (r *Run) Remember(dir string) error {
	const calls = "calls.jsonl"
	for _, c := range r.manifest.Cells {
		b, err := os.ReadFile(filepath.Join(dir, workName, c.ID, calls))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		if at := path.Join(workName, c.ID, calls); !r.folder.Exists(at) {
			if err := r.folder.PutBytes(at, b); err != nil {
				return err
			}
		}
	}
	return nil
}

// Folder is a directory of the cell's own for external programs. Folders in it that an earlier process left are removed;
// files, such as logs, stay. No result depends on it.
func (c *CellWriter) Folder() (string, error) {
	at := path.Join(workName, c.id)
	if c.worked {
		return filepath.Abs(c.run.folder.Path(at))
	}
	if err := c.run.folder.MkdirAll(at); err != nil {
		return "", err
	}
	names, err := c.run.folder.Names(at)
	if err != nil {
		return "", err
	}
	for _, n := range names {
		if info, err := os.Stat(c.run.folder.Path(path.Join(at, n))); err == nil && info.IsDir() {
			if err := c.run.folder.Remove(path.Join(at, n)); err != nil {
				return "", err
			}
		}
	}
	c.worked = true
	return filepath.Abs(c.run.folder.Path(at))
}

// Shared is a directory that all cells of the run share; what is in it stays. No result depends on it.
func (c *CellWriter) Shared() (string, error) {
	at := path.Join(workName, sharedName)
	if err := c.run.folder.MkdirAll(at); err != nil {
		return "", err
	}
	return filepath.Abs(c.run.folder.Path(at))
}
