package corpus

import (
	"bytes"
	"context"

	"modelcollapse/generate/read"
)

// A builder turns lines into rows of word numbers. Files hold records, records hold paragraphs, paragraphs hold lines:
// each row remembers all three, so that the split can choose which of them it deals whole.
type builder struct {
	ctx      context.Context
	lexicon  *lexicon
	tokenize tokenizer
	lower    bool
	maxRows  int // 0: no bound

	ids     []uint32 // of all rows, one behind the other
	ends    []int    // of each row in ids
	at      place    // where the next row stands
	level   [levels][]uint32
	pending bool // a blank line since the last row
	scratch []byte
}

// A place numbers the file, record and paragraph of a row, each through the whole corpus, and the row itself.
type place [levels]uint32

const (
	byFile = iota
	byRecord
	byParagraph
	byLine
	levels
)

// begin starts a new file, record or paragraph, and with it everything inside.
func (b *builder) begin(level int) {
	for l := level; l < byLine; l++ {
		b.at[l]++
	}
	b.pending = false
}

// rows is how many rows there are so far.
func (b *builder) rows() int { return len(b.ends) }

// line adds a row, if the line has a token; a blank line ends the paragraph.
func (b *builder) line(line []byte) error {
	from := len(b.ids)
	if len(bytes.TrimSpace(line)) > 0 {
		if b.maxRows > 0 && b.rows() == b.maxRows {
			return read.ErrEnough
		}
		if b.lower {
			line = b.lowered(line)
		}
		b.ids = b.tokenize(b.lexicon, b.ids, line)
	}
	if len(b.ids) == from {
		b.pending = true
		return nil
	}
	if b.pending {
		b.begin(byParagraph)
	}
	for l := range b.level {
		b.level[l] = append(b.level[l], b.at[l])
	}
	b.at[byLine]++
	b.ends = append(b.ends, len(b.ids))
	if b.rows()%1024 == 0 {
		return b.ctx.Err()
	}
	return nil
}

// text adds the lines of a record.
func (b *builder) text(text []byte) error {
	for line := range bytes.SplitSeq(text, []byte("\n")) {
		if err := b.line(bytes.TrimSuffix(line, []byte("\r"))); err != nil {
			return err
		}
	}
	return nil
}

// lowered is line in lower case, in memory of the builder where it is ASCII.
func (b *builder) lowered(line []byte) []byte {
	b.scratch = append(b.scratch[:0], line...)
	for i, c := range b.scratch {
		if c >= 0x80 {
			return bytes.ToLower(line)
		}
		if 'A' <= c && c <= 'Z' {
			b.scratch[i] = c + 'a' - 'A'
		}
	}
	return b.scratch
}
