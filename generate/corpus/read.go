package corpus

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"strings"
)

// read makes the parsed form of all files.
func (t *Text) read(ctx context.Context) (*parsed, error) {
	tokenize, separator, _ := tokenizerOf(t.Tokens)
	b := &builder{ctx: ctx, lexicon: newLexicon(), tokenize: tokenize, lower: t.Lower, maxRows: t.MaxRows}
	files, bytes, sum, err := t.readAll(b, t.Path)
	if err != nil {
		return nil, err
	}
	if t.SHA256 != "" && !strings.EqualFold(t.SHA256, sum) {
		return nil, fmt.Errorf("sha256 of %s is %s, and the config wants %s", strings.Join(t.Path, ", "), sum, t.SHA256)
	}
	p, err := b.seal(b.rows())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", strings.Join(t.Path, ", "), err)
	}
	level, _ := t.groupLevel(p)
	what := fmt.Sprintf("text: %d %s, %d bytes, %d rows, %d tokens (%s), %d types, dealt by %s", files, plural(files, "file"), bytes,
		b.rows(), len(b.ids), t.tokens(), len(b.lexicon.words), groupNames[level])
	if len(t.HeldOutPath) > 0 {
		own := b.rows()
		b.maxRows = 0
		_, _, heldSum, err := t.readAll(b, t.HeldOutPath)
		if err != nil {
			return nil, fmt.Errorf("heldout_path: %w", err)
		}
		if b.rows() == own {
			return nil, fmt.Errorf("heldout_path: %s: no text", strings.Join(t.HeldOutPath, ", "))
		}
		both := sha256.Sum256([]byte(sum + heldSum))
		sum = hex.EncodeToString(both[:])
		what += fmt.Sprintf("; held out: %d rows of %s", b.rows()-own, strings.Join(t.HeldOutPath, ", "))
		p, _ = b.seal(own)
	}
	p.sum, p.what, p.separator = sum, what, separator
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

// readAll reads the files of some paths; sum is the SHA-256 of their bytes as they lie on disk.
func (t *Text) readAll(b *builder, paths Paths) (files int, bytes int64, sum string, err error) {
	names, err := paths.files()
	if err != nil {
		return 0, 0, "", err
	}
	h := sha256.New()
	for _, name := range names {
		n, err := t.readFile(b, name, h)
		if err != nil {
			return 0, 0, "", fmt.Errorf("%s: %w", name, err)
		}
		bytes += n
	}
	return len(names), bytes, hex.EncodeToString(h.Sum(nil)), nil
}

// readFile reads one file to its last byte, whatever of it is text.
func (t *Text) readFile(b *builder, name string, h hash.Hash) (int64, error) {
	raw := &counted{to: h}
	if name == stdin {
		if raw.from = t.stdin; raw.from == nil {
			raw.from = os.Stdin
		}
	} else {
		f, err := os.Open(name)
		if err != nil {
			var path *os.PathError
			if errors.As(err, &path) {
				err = path.Err
			}
			return 0, err
		}
		defer f.Close()
		raw.from = f
	}
	text, closeText, err := decompressed(raw)
	if err != nil {
		return 0, err
	}
	defer closeText()
	b.begin(byFile)
	if err := t.readText(b, name, text); err != nil && err != errEnough {
		return 0, err
	}
	_, err = io.Copy(io.Discard, raw)
	return raw.bytes, err
}

// readText reads decompressed text by the format of its file.
func (t *Text) readText(b *builder, name string, r *bufio.Reader) error {
	f := formatOf(name)
	if name == stdin {
		f = sniff(r)
	}
	switch f {
	case markdown:
		return readMarkdown(b, r)
	case jsonLines:
		return readJSONLines(b, r, &fieldRule{name: t.Field})
	case jsonValues:
		return readJSON(b, r, &fieldRule{name: t.Field})
	}
	return readPlain(b, r)
}

// readPlain reads a row a line.
func readPlain(b *builder, r io.Reader) error {
	lines := newLineReader(r)
	for {
		line, err := lines.text()
		if err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		if err := b.line(line); err != nil {
			return err
		}
	}
}

// counted hashes and counts what is read through it.
type counted struct {
	from  io.Reader
	to    hash.Hash
	bytes int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.from.Read(p)
	c.to.Write(p[:n])
	c.bytes += int64(n)
	return n, err
}
