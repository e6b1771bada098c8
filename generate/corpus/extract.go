package corpus

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// extractor is the version of what the files of this extraction do; a change of what they extract must change it.
const extractor = 1

// An extract is the prose of a tree: for each package, in the order of their paths, a line with a tab and the path, and
// then a line a sentence. No sentence starts with a tab.
type extract []byte

// sum is the SHA-256 of the text, in hex.
func (e extract) sum() string {
	s := sha256.Sum256(e)
	return hex.EncodeToString(s[:])
}

// rows adds the sentences to b, a package being what b calls a file; how many packages there are.
func (e extract) rows(b *builder) (packages int, err error) {
	for line := range bytes.Lines(e) {
		line = bytes.TrimSuffix(line, []byte("\n"))
		if len(line) > 0 && line[0] == '\t' {
			b.begin(byFile)
			packages++
			continue
		}
		if err := b.line(line); err != nil {
			return 0, err
		}
	}
	return packages, nil
}

// trailer is the length of the sum and line end behind a stored extract.
const trailer = 2*sha256.Size + 1

// save writes e and its sum to a file of a folder, whole or not at all.
func (e extract) save(folder, name string) (err error) {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	f, err := os.CreateTemp(folder, name+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.Remove(f.Name())
		}
	}()
	_, err = f.Write(append(bytes.Clone(e), e.sum()+"\n"...))
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), filepath.Join(folder, name))
}

// loadExtract reads what save wrote, and refuses what is not as it was written.
func loadExtract(name string) (extract, error) {
	b, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	if len(b) <= trailer {
		return nil, fmt.Errorf("%s: cut short", name)
	}
	e, sum := extract(b[:len(b)-trailer]), b[len(b)-trailer:len(b)-1]
	if e.sum() != string(sum) {
		return nil, fmt.Errorf("%s: does not match its sha256", name)
	}
	return e, nil
}

// extractTree is the prose of the packages below src, several packages at a time and in the order of their paths.
func extractTree(ctx context.Context, src string, all bool) (extract, error) {
	src, err := filepath.EvalSymlinks(src) // some systems keep src elsewhere
	if err != nil {
		return nil, err
	}
	packages, err := packagesBelow(src)
	if err != nil {
		return nil, err
	}
	prose := make([]extract, len(packages))
	err = inParallel(ctx, len(packages), func(i int) {
		prose[i] = packageProse(filepath.Join(src, packages[i]), all)
	})
	if err != nil {
		return nil, err
	}
	var e extract
	for i, p := range prose {
		if len(p) > 0 {
			e = fmt.Appendf(e, "\t%s\n", filepath.ToSlash(packages[i]))
			e = append(e, p...)
		}
	}
	return e, nil
}
