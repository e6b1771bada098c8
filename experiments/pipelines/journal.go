package pipelines

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"time"

	"modelcollapse/internal/store"
)

// A Journal is what the folder of a data set holds of calls, by the lines of its journals: of whatever wrote them, and whether
// it still does.
type Journal struct {
	Answers int       // that are kept: calls that failed are none
	Last    time.Time // a journal was written
}

// ReadJournal looks at the journals of a folder; nil: there is none. Nothing is locked, and a line that is being written, or was
// cut short, is not counted.
func ReadJournal(folder string) *Journal {
	f, err := store.Open(folder)
	if err != nil {
		return nil
	}
	defer f.Close()
	names, _ := filepath.Glob(filepath.Join(f.Path("."), "calls-*.jsonl"))
	var j *Journal
	for _, name := range append(names, journalOf("")) {
		file, err := f.Open(filepath.Base(name))
		if err != nil {
			continue
		}
		if j == nil {
			j = &Journal{}
		}
		n, err := answersIn(file)
		file.Close()
		if j.Answers += n; err != nil {
			continue
		}
		if i, err := os.Stat(f.Path(filepath.Base(name))); err == nil && i.ModTime().After(j.Last) {
			j.Last = i.ModTime()
		}
	}
	return j
}

// answersIn counts the lines of a journal that begin as an answer does; what failed for good stands there too.
func answersIn(r io.Reader) (n int, err error) {
	b := bufio.NewReaderSize(r, 1<<16)
	for {
		line, err := b.ReadSlice('\n')
		head, _, _ := bytes.Cut(line, []byte(`,"request":`))
		answer := bytes.HasPrefix(head, []byte(`{"done":"`)) && !bytes.Contains(head, []byte(`"finish":"failed`))
		for errors.Is(err, bufio.ErrBufferFull) {
			_, err = b.ReadSlice('\n')
		}
		switch {
		case errors.Is(err, io.EOF):
			return n, nil
		case err != nil:
			return n, err
		case answer:
			n++
		}
	}
}

// Later reports whether a journal was written after the ledger of its folder: a run went on and was killed, or is under way. Within
// a second the files may have been copied.
func (j *Journal) Later(folder string) bool {
	i, err := os.Stat(filepath.Join(folder, "ledger.json"))
	return err == nil && j.Last.Sub(i.ModTime()) > time.Second
}
