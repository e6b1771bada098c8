package journal

import (
	"bytes"
	"encoding/json"
	"errors"
	"hash/crc32"
	"strings"
	"unicode/utf8"
)

// castagnoli is the table of CRC32C, which the hardware computes.
var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Tail is how many bytes of a line are behind what its checksum covers.
const Tail = len(crcField) + 8 + len("\"}\n")

const (
	hexDigits = "0123456789abcdef"
	crcField  = `,"crc":"`
)

// ErrDamaged is that a line is not what was written.
var ErrDamaged = errors.New("the checksum differs: the bytes were changed or cut")

// AppendCRC closes the object that starts at dst[from] with its checksum and a line end.
func AppendCRC(dst []byte, from int) []byte {
	sum := crc32.Checksum(dst[from:], castagnoli)
	dst = append(dst, crcField...)
	for shift := 28; shift >= 0; shift -= 4 {
		dst = append(dst, hexDigits[sum>>shift&15])
	}
	return append(dst, "\"}\n"...)
}

// CheckCRC returns what the checksum of a line (with its line end) covers.
func CheckCRC(line []byte) ([]byte, error) {
	n := len(line) - Tail
	if n < 1 || line[0] != '{' || string(line[len(line)-3:]) != "\"}\n" || string(line[n:n+len(crcField)]) != crcField {
		return nil, ErrDamaged
	}
	sum := uint32(0)
	for _, c := range line[n+len(crcField) : len(line)-3] {
		d := strings.IndexByte(hexDigits, c)
		if d < 0 {
			return nil, ErrDamaged
		}
		sum = sum<<4 | uint32(d)
	}
	if sum != crc32.Checksum(line[:n], castagnoli) {
		return nil, ErrDamaged
	}
	return line[:n], nil
}

// AppendObject appends v, a struct, as one line with its checksum.
func AppendObject(dst []byte, v any) []byte {
	b, err := json.Marshal(v)
	if err != nil { // only for types that JSON cannot hold, which none of ours is
		b = []byte("{}")
	}
	from := len(dst)
	return AppendCRC(append(dst, b[:len(b)-1]...), from)
}

// ParseObject reads what AppendObject wrote.
func ParseObject(line []byte, v any) error {
	body, err := CheckCRC(line)
	if err != nil {
		return err
	}
	return json.Unmarshal(append(append(make([]byte, 0, len(body)+1), body...), '}'), v)
}

// AppendString appends s as a JSON string. Bytes that are not UTF-8 become U+FFFD.
func AppendString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	plain := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' && c < utf8.RuneSelf {
			i++
			continue
		}
		if c >= utf8.RuneSelf {
			if r, n := utf8.DecodeRuneInString(s[i:]); r != utf8.RuneError || n > 1 {
				i += n
				continue
			}
		}
		dst = appendEscape(append(dst, s[plain:i]...), c)
		i++
		plain = i
	}
	return append(append(dst, s[plain:]...), '"')
}

func appendEscape(dst []byte, c byte) []byte {
	switch {
	case c == '"' || c == '\\':
		return append(dst, '\\', c)
	case c == '\n':
		return append(dst, '\\', 'n')
	case c == '\t':
		return append(dst, '\\', 't')
	case c < ' ':
		return append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
	}
	return append(dst, "\uFFFD"...)
}

// Lines calls use for each line of b with its line end; the last may lack it. It stops at an error.
func Lines(b []byte, use func(line []byte) error) error {
	for len(b) > 0 {
		n := bytes.IndexByte(b, '\n') + 1
		if n == 0 {
			n = len(b)
		}
		if err := use(b[:n]); err != nil {
			return err
		}
		b = b[n:]
	}
	return nil
}
