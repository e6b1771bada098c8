package corpus

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"modelcollapse/generate/read"
)

// read makes the parsed form of all files.
func (t *Text) read(ctx context.Context) (*parsed, error) {
	tokenize, separator, _ := tokenizerOf(t.Tokens)
	b := &builder{ctx: ctx, lexicon: newLexicon(), tokenize: tokenize, lower: t.Lower, maxRows: t.MaxRows}
	from, err := t.readAll(b, read.Source{Path: t.Path, Config: t.HubConfig, Split: t.HubSplit})
	if err != nil {
		return nil, err
	}
	sum := from.SHA256
	if t.SHA256 != "" && !strings.EqualFold(t.SHA256, sum) {
		return nil, fmt.Errorf("sha256 of %s is %s, and the config wants %s", strings.Join(t.Path, ", "), sum, t.SHA256)
	}
	p, err := b.seal(b.rows())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", strings.Join(t.Path, ", "), err)
	}
	level, _ := t.groupLevel(p)
	what := fmt.Sprintf("text: %d %s, %d bytes, %d rows, %d tokens (%s), %d types, dealt by %s", len(from.Files), plural(len(from.Files), "file"), from.Bytes,
		b.rows(), len(b.ids), t.tokens(), len(b.lexicon.words), groupNames[level])
	if key, from := t.heldOut(); key != "" {
		own := b.rows()
		b.maxRows = 0
		held, err := t.readAll(b, from)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", key, err)
		}
		if b.rows() == own {
			return nil, fmt.Errorf("%s: %s: no text", key, strings.Join(from.Path, ", "))
		}
		both := sha256.Sum256([]byte(sum + held.SHA256))
		sum = hex.EncodeToString(both[:])
		what += fmt.Sprintf("; held out: %d rows of %s", b.rows()-own, strings.TrimSuffix(strings.Join(from.Path, ", ")+", "+from.Split, ", "))
		p, _ = b.seal(own)
	}
	p.sum, p.what, p.cutter = sum, what, cutter{tokenize, separator, t.Lower}
	return p, nil
}

func plural(n int, word string) string {
	if n == 1 {
		return word
	}
	return word + "s"
}

func (t *Text) tokens() string {
	if t.Tokens == "" {
		return words
	}
	return t.Tokens
}

// heldOut is the corpus' own held-out text and the key that names it; "" if there is none.
func (t *Text) heldOut() (key string, from read.Source) {
	switch {
	case len(t.HeldOutPath) > 0:
		return "heldout_path", read.Source{Path: t.HeldOutPath}
	case t.HubHeldOut != "":
		return "hub_heldout", read.Source{Path: t.Path, Config: t.HubConfig, Split: t.HubHeldOut}
	}
	return "", from
}

// readAll reads the files of a source.
func (t *Text) readAll(b *builder, s read.Source) (read.Summary, error) {
	file := 0
	s.Stdin = t.stdin
	return read.Texts(b.ctx, s, t.Field, func(text []byte, at read.Place) error {
		if at.File != file {
			file = at.File
			b.begin(byFile)
		}
		if at.Record == 0 {
			return b.line(text)
		}
		b.begin(byRecord)
		return b.text(text)
	})
}
