// Package corpus reads finite texts as token rows: text files, Markdown, JSON in its usual shapes, compressed or not
// (Text), and the prose of the Go distribution (GoDocs).
//
// A row is one line (of GoDocs: one sentence), closed by generate.End. Words are counted in the training rows of a
// split alone, so the vocabulary depends on the split; what training never saw is generate.Unknown elsewhere.
package corpus

import (
	"context"
	"errors"
	"math/rand/v2"
	"strings"

	"modelcollapse/generate"
)

// A Corpus is a text that was read and split. It is a generate.Source, Finite, Lexical and Digester.
// Its rows are views of one arena and are never changed.
type Corpus struct {
	parts      generate.Parts[generate.Tokens]
	vocabulary *generate.Vocabulary
	sum, what  string
	cutter
	overlap int
}

// ErrFinite is why a Corpus is not drawn from.
var ErrFinite = errors.New("a corpus is finite: its rows are dealt (Rows, HeldOut, Tune), not drawn")

// Draw is ErrFinite.
func (*Corpus) Draw(context.Context, []generate.Tokens, int, *rand.Rand) ([]generate.Tokens, error) {
	return nil, ErrFinite
}

// Rows are the training rows in the order in which they are dealt: groups at random, rows of a group in their order.
func (c *Corpus) Rows() []generate.Tokens { return c.parts.Train }

// HeldOut are the rows that nobody trains on.
func (c *Corpus) HeldOut() []generate.Tokens { return c.parts.HeldOut }

// Tune are the rows kept for tuning; none unless asked for.
func (c *Corpus) Tune() []generate.Tokens { return c.parts.Tune }

// Vocabulary names the ids of the rows: the words of the training rows by falling count, ties bytewise.
func (c *Corpus) Vocabulary() *generate.Vocabulary { return c.vocabulary }

// Digest is the SHA-256 (hex) of what was read, before any preparation, and a line that says what that was.
func (c *Corpus) Digest() (sum, what string) { return c.sum, c.what }

// Overlap is how many held-out and tuning rows were dropped because they also stand in the training rows, word for word.
func (c *Corpus) Overlap() int { return c.overlap }

// Text prints a row as text: words with spaces between them, bytes and characters without. The closing End is left out.
func (c *Corpus) Text(row generate.Tokens) string {
	var b strings.Builder
	for i, id := range row {
		if id == generate.End && i == len(row)-1 {
			break
		}
		if i > 0 {
			b.WriteString(c.separator)
		}
		b.WriteString(c.vocabulary.Word[id])
	}
	return b.String()
}
