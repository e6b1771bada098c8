package command

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
	"unicode"

	"modelcollapse/generate"
)

// A codec writes and reads rows of one kind as JSON.
type codec[E any] struct {
	kind string
	put  func(dst []byte, row E) ([]byte, error)
	get  func(line []byte) (E, error)
}

// codecFor is the codec of a kind of row; of a truth it takes what every row must have: the number of columns, the words.
func codecFor[E any](truth any) (c codec[E], err error) {
	var got any
	switch any(*new(E)).(type) {
	case float64:
		got = codec[float64]{generate.Scalars.Name, putNumber, getNumber}
	case generate.Vector:
		got = vectors(widthOf(truth))
	case generate.Labelled:
		got = labelled(widthOf(truth))
	case generate.Record:
		r, err := records(truth)
		if err != nil {
			return c, err
		}
		got = r
	case generate.Tokens:
		l, ok := truth.(generate.Lexical)
		if !ok {
			return c, fmt.Errorf("%T has no vocabulary", truth)
		}
		got = texts(l.Vocabulary())
	default:
		return c, fmt.Errorf("rows of type %T have no form as JSON here", *new(E))
	}
	return got.(codec[E]), nil
}

// widthOf is the number of columns of a truth; 0: not known.
func widthOf(truth any) int {
	if d, ok := truth.(interface{ Dim() int }); ok {
		return d.Dim()
	}
	return 0
}

func putNumber(dst []byte, x float64) ([]byte, error) {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return dst, fmt.Errorf("a row holds %g, which JSON has no word for", x)
	}
	return strconv.AppendFloat(dst, x, 'g', -1, 64), nil
}

func getNumber(line []byte) (x float64, err error) {
	if x, err = strconv.ParseFloat(strings.TrimSpace(string(line)), 64); err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
		return x, fmt.Errorf("want a number, got %s", quoted(string(line)))
	}
	return x, nil
}

func putNumbers(dst []byte, row []float64) (_ []byte, err error) {
	dst = append(dst, '[')
	for i, x := range row {
		if i > 0 {
			dst = append(dst, ',')
		}
		if dst, err = putNumber(dst, x); err != nil {
			return dst, err
		}
	}
	return append(dst, ']'), nil
}

func vectors(width int) codec[generate.Vector] {
	return codec[generate.Vector]{generate.Vectors.Name, putNumbers, func(line []byte) (row generate.Vector, err error) {
		if err = json.Unmarshal(line, &row); err != nil {
			return nil, fmt.Errorf("want a list of numbers such as [1, 2.5], got %s", quoted(string(line)))
		}
		return row, wide(len(row), width)
	}}
}

func labelled(width int) codec[generate.Labelled] {
	put := func(dst []byte, row generate.Labelled) ([]byte, error) {
		dst, err := putNumbers(append(dst, `{"x":`...), row.X)
		if err != nil {
			return dst, err
		}
		dst, err = putNumber(append(dst, `,"y":`...), row.Y)
		return append(dst, '}'), err
	}
	return codec[generate.Labelled]{generate.LabelledRows.Name, put, func(line []byte) (row generate.Labelled, err error) {
		var r struct {
			X []float64
			Y *float64
		}
		if err := json.Unmarshal(line, &r); err != nil || r.Y == nil {
			return row, fmt.Errorf(`want an object such as {"x": [1, 2], "y": 3}, got %s`, quoted(string(line)))
		}
		return generate.Labelled{X: r.X, Y: *r.Y}, wide(len(r.X), width)
	}}
}

func wide(got, want int) error {
	if want > 0 && got != want {
		return fmt.Errorf("a row of %d columns, where the real ones have %d", got, want)
	}
	return nil
}

// texts are rows of words: a text with spaces between them, or a list where words hold spaces themselves.
func texts(v *generate.Vocabulary) codec[generate.Tokens] {
	spaced := true
	for _, w := range v.Word[generate.Words:] {
		spaced = spaced && w != "" && !strings.ContainsFunc(w, unicode.IsSpace)
	}
	put := func(dst []byte, row generate.Tokens) ([]byte, error) {
		words := make([]string, 0, len(row))
		for _, id := range row {
			if id != generate.End {
				words = append(words, v.Word[id])
			}
		}
		var b []byte
		var err error
		if spaced {
			b, err = json.Marshal(strings.Join(words, " "))
		} else {
			b, err = json.Marshal(words)
		}
		return append(dst, b...), err
	}
	return codec[generate.Tokens]{generate.TokenRows.Name, put, func(line []byte) (generate.Tokens, error) {
		words, err := wordsOf(line)
		if err != nil {
			return nil, err
		}
		row := make(generate.Tokens, 0, len(words)+1)
		for _, w := range words {
			row = append(row, v.ID(w))
		}
		return append(row, generate.End), nil
	}}
}

func wordsOf(line []byte) (words []string, err error) {
	var text string
	if json.Unmarshal(line, &text) == nil {
		return strings.Fields(text), nil
	}
	if json.Unmarshal(line, &words) == nil {
		return words, nil
	}
	return nil, fmt.Errorf(`want a text such as "a few words", or a list of words, got %s`, quoted(string(line)))
}

// write puts rows into a file, one a line; with weights as {"row": …, "weight": …}.
func (c codec[E]) write(name string, sample generate.Sample[E], weights bool) (err error) {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	w := bufio.NewWriterSize(f, 1<<16)
	var b []byte
	for row, weight := range sample.All() {
		if b = b[:0]; weights {
			b = append(b, `{"row":`...)
		}
		if b, err = c.put(b, row); err != nil {
			return err
		}
		if weights {
			b = append(strconv.AppendFloat(append(b, `,"weight":`...), weight, 'g', -1, 64), '}')
		}
		if _, err = w.Write(append(b, '\n')); err != nil {
			return err
		}
	}
	return w.Flush()
}

// read appends exactly n rows of a file.
func (c codec[E]) read(name string, dst []E, n int) ([]E, error) {
	from := len(dst)
	err := lines(name, func(_ int, line []byte) error {
		row, err := c.get(line)
		if err == nil && len(dst)-from == n {
			err = fmt.Errorf("more than the %d rows that were asked for", n)
		}
		if err == nil {
			dst = append(dst, row)
		}
		return err
	})
	if err == nil && len(dst)-from < n {
		err = fmt.Errorf("%d rows of the %d that were asked for", len(dst)-from, n)
	}
	return dst, err
}

// getNats reads a log likelihood: a number, or -Infinity (also written "-inf") of a row that cannot be drawn.
func getNats(line []byte) (float64, error) {
	text := strings.ToLower(strings.Trim(string(line), " \t\r\""))
	if text == "-infinity" || text == "-inf" {
		return math.Inf(-1), nil
	}
	return getNumber(line)
}
