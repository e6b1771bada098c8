package results

import (
	"os"
	"path"
	"path/filepath"
	"strings"
)

// Siblings lists the run folders of the same base name: NAME and NAME@HASH beside each other, but dir itself.
func Siblings(dir string) ([]string, error) {
	dir = filepath.Clean(dir)
	base, _, _ := strings.Cut(filepath.Base(dir), "@")
	all, err := os.ReadDir(filepath.Dir(dir))
	if err != nil {
		return nil, err
	}
	var found []string
	for _, e := range all {
		name, _, _ := strings.Cut(e.Name(), "@")
		if name == base && e.IsDir() && e.Name() != filepath.Base(dir) {
			found = append(found, filepath.Join(filepath.Dir(dir), e.Name()))
		}
	}
	return found, nil
}

// Adopt copies cells that are sealed in other run folders and missing in this one, after it verified them, and
// returns how many. Of several versions it takes the one with the most series. A sibling that cannot be read is
// left alone: it is reported where it is opened itself.
func (r *Run) Adopt(siblings []string) (n int, err error) {
	var from []*Reader
	for _, dir := range siblings {
		if s, err := OpenRun(dir); err == nil {
			defer s.Close()
			from = append(from, s)
		}
	}
	for _, cell := range r.manifest.Cells {
		if _, ok := r.Sealed(cell.ID); ok {
			continue
		}
		var best *Reader
		for _, s := range from {
			seal, ok := s.Sealed(cell.ID)
			if ok && (best == nil || len(seal.Series) > len(best.index.sealed[cell.ID].Series)) {
				best = s
			}
		}
		if best == nil {
			continue
		}
		took, err := r.adopt(cell.ID, best)
		if err != nil {
			return n, err
		}
		if took {
			n++
		}
	}
	return n, nil
}

// adopt copies one cell with its attachments; false: it is damaged.
func (r *Run) adopt(id string, s *Reader) (bool, error) {
	c := s.index.sealed[id]
	whole, err := c.body(s.folder, true)
	if err != nil || digest(whole[c.size:]) != c.trailer {
		return false, nil
	}
	all, err := s.Attachments(id)
	if err != nil {
		return false, nil
	}
	contents := make([][]byte, len(all))
	for i, a := range all {
		if contents[i], err = s.Attachment(id, a); err != nil {
			return false, nil
		}
	}
	r.mu.Lock()
	was := r.unsure
	r.unsure = true // until all of it is there
	r.mu.Unlock()
	for i, a := range all {
		if err := r.folder.PutBytes(path.Join(cellsDir, id, a.file()), contents[i]); err != nil {
			return false, err
		}
	}
	if c.file, err = r.place(id, whole, len(all) > 0, &c.from); err != nil {
		return false, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.unsure = was
	r.index.sealed[id] = c
	if c.file != packFile {
		r.index.folders[id] = true
	}
	return true, nil
}

// place writes a whole sealed cell to its folder, when it has one or needs one, else to the pack.
func (r *Run) place(id string, whole []byte, folder bool, from *int64) (file string, err error) {
	if !folder && !r.hasFolder(id) {
		*from, err = r.pack.Append(whole)
		return packFile, err
	}
	*from = 0
	file = cellPath(id, recordsName)
	return file, r.folder.PutBytes(file, whole)
}
