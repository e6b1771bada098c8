package results

import (
	"errors"
	"io/fs"
)

// verdictFile holds what the records were tested for. It is made from them, and can be made again.
const verdictFile = "verdict.json"

// WriteVerdict replaces verdict.json.
func (r *Reader) WriteVerdict(text []byte) error { return r.folder.PutBytes(verdictFile, text) }

// Verdict is verdict.json; nil where nothing was judged.
func (r *Reader) Verdict() ([]byte, error) {
	b, err := r.folder.ReadFile(verdictFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return b, err
}
