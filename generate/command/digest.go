package command

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"path/filepath"
	"slices"
)

// digestOf hashes the files that words name; words that name none count as they are.
func digestOf(words []string) string {
	h := sha256.New()
	for _, w := range words {
		io.WriteString(h, w+"\n")
		switch info, err := os.Stat(w); {
		case err != nil:
		case info.Mode().IsRegular():
			addFile(h, w)
		case info.IsDir():
			sum, _ := digestTree(w)
			io.WriteString(h, sum)
		}
	}
	return hex.EncodeToString(h.Sum(nil))[:16]
}

func addFile(h io.Writer, name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = io.Copy(h, f)
	return err
}

// digestTree hashes all files of a folder with their names, in order.
func digestTree(dir string) (string, error) {
	names, err := filesBelow(dir)
	if err != nil {
		return "", err
	}
	h := sha256.New()
	for _, n := range names {
		io.WriteString(h, n+"\n")
		if err := addFile(h, filepath.Join(dir, n)); err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// filesBelow are the regular files of a folder by their paths below it, in order.
func filesBelow(dir string) (names []string, err error) {
	err = filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		names = append(names, rel)
		return err
	})
	slices.Sort(names)
	return names, err
}
