package configs

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
)

// flow appends n as YAML on one line.
func flow(out []byte, n *node) []byte {
	switch n.form {
	case objectForm:
		out = append(out, '{')
		for i, k := range n.keys {
			if i > 0 {
				out = append(out, ", "...)
			}
			out = append(append(out, quoted(k.name, false)...), ": "...)
			out = flow(out, n.items[i])
		}
		return append(out, '}')
	case listForm:
		out = append(out, '[')
		for i, item := range n.items {
			if i > 0 {
				out = append(out, ", "...)
			}
			out = flow(out, item)
		}
		return append(out, ']')
	case textForm:
		return append(out, quoted(n.text, n.quoted)...)
	}
	return append(out, n.text...)
}

// quoted is a text that reads back as itself, in quotes only where it must be.
func quoted(s string, wasQuoted bool) string {
	if classify(s) == textForm && !(wasQuoted && ambiguous(s)) && plainText(s) {
		return s
	}
	return strconv.Quote(s)
}

// plainText reports whether s needs no quotes, even on one line with others.
func plainText(s string) bool {
	for i, r := range s {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '_' || r == '/'
		inner := r >= '0' && r <= '9' || strings.ContainsRune(" .-+()", r)
		if !letter && (i == 0 || !inner) {
			return false
		}
	}
	return s == strings.TrimSpace(s)
}

// block appends n as YAML over several lines, indented by depth.
func block(out []byte, n *node, depth int) []byte {
	pad := bytes.Repeat([]byte("  "), depth)
	for i, k := range n.keys {
		value := n.items[i]
		out = append(append(append(out, pad...), quoted(k.name, false)...), ':')
		switch {
		case value.form == objectForm && len(value.keys) > 0:
			out = block(append(out, '\n'), value, depth+1)
		case value.form == listForm && slices.ContainsFunc(value.items, func(n *node) bool { return n.form == objectForm }):
			out = append(out, '\n')
			for _, item := range value.items {
				out = append(flow(append(append(out, pad...), "  - "...), item), '\n')
			}
		default:
			out = append(flow(append(out, ' '), value), '\n')
		}
	}
	return out
}
