package llm

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

const redacted = "[redacted]"

// shortestSecret is the length below which a key is taken for a placeholder that local servers want (EMPTY, none, ollama):
// taking such a word out of every text would spoil the data.
const shortestSecret = 8

// A redactor takes the key out of bytes, in every form in which it travels.
type redactor [][]byte

func newRedactor(key string) redactor {
	if len(key) < shortestSecret {
		return nil
	}
	quoted, _ := json.Marshal(key)
	b := []byte(key)
	all := redactor{b, quoted[1 : len(quoted)-1], []byte(url.QueryEscape(key)), []byte(url.PathEscape(key)), []byte(hex.EncodeToString(b))}
	for _, prefix := range []string{"", "x", "xx"} { // wherever the key begins in a text, of three bytes each
		skip := (len(prefix)*4 + 2) / 3
		for _, e := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			in := append([]byte(prefix), b...)
			in = in[:len(in)/3*3]
			all = append(all, []byte(e.EncodeToString(in)[skip:]))
		}
	}
	slices.SortFunc(all, func(a, b []byte) int { return len(b) - len(a) })
	return slices.CompactFunc(all, bytes.Equal)
}

// bytes is b without the key; b itself where there is none in it.
func (r redactor) bytes(b []byte) []byte {
	for _, form := range r {
		if bytes.Contains(b, form) {
			b = bytes.ReplaceAll(b, form, []byte(redacted))
		}
	}
	return b
}

// answer is what a server sent, without the key: also where its JSON spells characters in another way (\/, \u002b).
func (r redactor) answer(b []byte) []byte {
	b = r.bytes(b)
	if len(r) == 0 || !bytes.Contains(b, []byte(`\/`)) && !bytes.Contains(b, []byte(`\u00`)) {
		return b
	}
	var v any
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	if d.Decode(&v) != nil {
		return b
	}
	if plain, err := encode(v); err == nil {
		if without := r.bytes(plain); len(without) != len(plain) {
			return without
		}
	}
	return b
}

// credential is what proxies and debug pages print of a request's headers.
var credential = regexp.MustCompile(`(?i)((?:proxy-)?authorization|x?-?api[-_]key)(["']?\s*[:=]\s*["']?)(?:(?:bearer|basic)\s+)?[^\s"',;})<]+`)

// message is s as it may be shown: on one line and without control characters, which a terminal would obey, without the key, and
// without whatever follows the name of a header that carries one.
func (r redactor) message(s string) string {
	s = strings.Join(strings.FieldsFunc(s, func(c rune) bool { return unicode.IsSpace(c) || !unicode.IsPrint(c) }), " ")
	return credential.ReplaceAllString(string(r.bytes([]byte(s))), "${1}${2}"+redacted)
}
