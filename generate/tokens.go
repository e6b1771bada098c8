package generate

import (
	"bufio"
	"encoding/binary"
	"io"
)

// Tokens is one row of text: the ids of one sentence (line), closed by End. There is no opening id:
// a model that wants one puts it there itself. Rows are views of a shared arena.
type Tokens = []uint32

// The ids that are no words. A literal "<unk>" or "<s>" in a text is an ordinary word.
const (
	Unknown uint32 = 0 // a word that is not in the vocabulary
	Begin   uint32 = 1 // stands before the first word; never predicted, never in a row
	End     uint32 = 2 // closes a row; predicted and counted
	Words   uint32 = 3 // the first id that is a word
)

// A Vocabulary names ids. Words are ordered by falling count in the real training data, equal counts bytewise.
type Vocabulary struct {
	Word []string // by id; the first three are "<unk>", "<s>", "</s>" for printing
	id   map[string]uint32
}

// NewVocabulary gives words the ids Words, Words+1, …
func NewVocabulary(words []string) *Vocabulary {
	v := &Vocabulary{Word: append([]string{"<unk>", "<s>", "</s>"}, words...), id: make(map[string]uint32, len(words))}
	for i, w := range words {
		v.id[w] = Words + uint32(i)
	}
	return v
}

// Len is the number of ids, the three specials among them.
func (v *Vocabulary) Len() int { return len(v.Word) }

// ID is the id of a word, or Unknown.
func (v *Vocabulary) ID(word string) uint32 { return v.id[word] }

// A Lexical source of tokens has a vocabulary.
type Lexical interface{ Vocabulary() *Vocabulary }

// A Textual source of tokens reads a line as it read its own, and prints a row as a line.
type Textual interface {
	Row(line string) Tokens
	Text(row Tokens) string
}

// TokenRows is the kind of text.
var TokenRows = Kind[Tokens]{
	Name:   "tokens",
	Units:  func(row Tokens) int { return len(row) },
	Cut:    func(row Tokens, units int) Tokens { return row[:min(units, len(row))] },
	Bytes:  func(row Tokens) int { return 24 + 4*len(row) },
	Encode: encodeTokens,
	Decode: decodeTokens,
}

func encodeTokens(w io.Writer, rows []Tokens) error {
	b := bufio.NewWriter(w)
	buf := make([]byte, binary.MaxVarintLen64)
	put := func(x uint64) { b.Write(buf[:binary.PutUvarint(buf, x)]) } // b keeps the first error
	put(uint64(len(rows)))
	for _, r := range rows {
		put(uint64(len(r)))
		for _, x := range r {
			put(uint64(x))
		}
	}
	return b.Flush()
}

func decodeTokens(r io.Reader) ([]Tokens, error) {
	b := bufio.NewReader(r)
	n, err := binary.ReadUvarint(b)
	if err != nil {
		return nil, err
	}
	var rows []Tokens
	for range n {
		k, err := binary.ReadUvarint(b)
		if err != nil {
			return nil, io.ErrUnexpectedEOF
		}
		var row Tokens
		for range k {
			x, err := binary.ReadUvarint(b)
			if err != nil {
				return nil, io.ErrUnexpectedEOF
			}
			row = append(row, uint32(x))
		}
		rows = append(rows, row)
	}
	return rows, nil
}
