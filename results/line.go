package results

import (
	"bytes"
	"errors"
	"hash/crc32"
	"strings"
	"unicode/utf8"
)

// castagnoli is the table of CRC32C, which the hardware computes.
var castagnoli = crc32.MakeTable(crc32.Castagnoli)

const (
	hexDigits = "0123456789abcdef"
	crcField  = `,"crc":"`
	crcTail   = len(crcField) + 8 + len("\"}\n") // bytes of a line behind what its checksum covers
)

var errDamaged = errors.New("the checksum differs: the bytes were changed or cut")

// appendCRC closes the object that starts at dst[from] with its checksum and a line end.
func appendCRC(dst []byte, from int) []byte {
	sum := crc32.Checksum(dst[from:], castagnoli)
	dst = append(dst, crcField...)
	for shift := 28; shift >= 0; shift -= 4 {
		dst = append(dst, hexDigits[sum>>shift&15])
	}
	return append(dst, "\"}\n"...)
}

// checkCRC returns what the checksum of a line (with its line end) covers.
func checkCRC(line []byte) ([]byte, error) {
	n := len(line) - crcTail
	if n < 1 || line[0] != '{' || string(line[len(line)-3:]) != "\"}\n" || string(line[n:n+len(crcField)]) != crcField {
		return nil, errDamaged
	}
	sum := uint32(0)
	for _, c := range line[n+len(crcField) : len(line)-3] {
		d := strings.IndexByte(hexDigits, c)
		if d < 0 {
			return nil, errDamaged
		}
		sum = sum<<4 | uint32(d)
	}
	if sum != crc32.Checksum(line[:n], castagnoli) {
		return nil, errDamaged
	}
	return line[:n], nil
}

// appendString appends s as a JSON string. Bytes that are not UTF-8 become U+FFFD.
func appendString(dst []byte, s string) []byte {
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

// lines calls use for each line of b with its line end; the last may lack it. It stops at an error.
func lines(b []byte, use func(line []byte) error) error {
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
