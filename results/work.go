package results

import (
	"os"
	"path"
	"path/filepath"
)

// workName holds what external programs of a cell write beside its results: their logs, and folders while they live.
const workName = "work"

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
