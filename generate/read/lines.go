package read

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// maxLine bounds a line, and a JSON record: what is longer is no text, and would have to be held in memory whole.
const maxLine = 64 << 20

// A lineReader cuts a stream into lines without their ends (\n or \r\n), a byte order mark at the start left out.
type lineReader struct {
	from   *bufio.Reader
	number int    // of the line that was read last, from 1
	offset int64  // in bytes, of that line
	end    int64  // of that line
	long   []byte // a line that does not fit the buffer
}

func newLineReader(r io.Reader) *lineReader { return &lineReader{from: bufio.NewReaderSize(r, 1<<18)} }

// next is the next line, valid until the call after; io.EOF behind the last.
func (l *lineReader) next() ([]byte, error) {
	line, err := l.from.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		line, err = l.rest(line)
	}
	if err != nil && (!errors.Is(err, io.EOF) || len(line) == 0) {
		return nil, err
	}
	l.number++
	l.offset, l.end = l.end, l.end+int64(len(line))
	line = bytes.TrimSuffix(line, []byte("\n"))
	line = bytes.TrimSuffix(line, []byte("\r"))
	if l.number > 1 {
		return line, nil
	}
	text, err := withoutMark(line)
	l.offset += int64(len(line) - len(text))
	return text, err
}

// rest reads on from a first part that filled the buffer.
func (l *lineReader) rest(part []byte) (line []byte, err error) {
	l.long = append(l.long[:0], part...)
	for {
		part, err = l.from.ReadSlice('\n')
		if len(l.long)+len(part) > maxLine {
			return nil, fmt.Errorf("line %d: longer than %d MiB: is this text?", l.number+1, maxLine>>20)
		}
		l.long = append(l.long, part...)
		if !errors.Is(err, bufio.ErrBufferFull) {
			return l.long, err
		}
	}
}

// withoutMark cuts a byte order mark of UTF-8, and refuses that of UTF-16.
func withoutMark(line []byte) ([]byte, error) {
	if bytes.HasPrefix(line, []byte("\xff\xfe")) || bytes.HasPrefix(line, []byte("\xfe\xff")) {
		return nil, errors.New("this is UTF-16: convert it to UTF-8 (iconv -f utf-16 -t utf-8)")
	}
	return bytes.TrimPrefix(line, []byte("\xef\xbb\xbf")), nil
}

// checkText refuses bytes that are no text: NUL and invalid UTF-8.
func checkText(b []byte) (at int, err error) {
	if i := bytes.IndexByte(b, 0); i >= 0 {
		return i, errors.New("a NUL byte: this is not text")
	}
	if utf8.Valid(b) {
		return 0, nil
	}
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			return i, fmt.Errorf("byte 0x%02x is not UTF-8", b[i])
		}
		i += n
	}
	return 0, nil
}

// text is next, checked.
func (l *lineReader) text() ([]byte, error) {
	line, err := l.next()
	if err != nil {
		return nil, err
	}
	if at, err := checkText(line); err != nil {
		return nil, fmt.Errorf("line %d, byte %d: %w", l.number, l.offset+int64(at), err)
	}
	return line, nil
}
