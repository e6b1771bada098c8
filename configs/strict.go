package configs

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// A Strict is a small YAML file of maps, such as bounds or types of columns, that is no config of a run: every error of it begins with
// FILE:LINE:COLUMN.
type Strict struct {
	Root *Entry
	file string
}

// An Entry is a key or a value of it.
type Entry = yaml.Node

// What an entry is.
const (
	MapEntry    = yaml.MappingNode
	ScalarEntry = yaml.ScalarNode
	ListEntry   = yaml.SequenceNode
)

// ReadStrict reads one document whose root is a map.
func ReadStrict(file string) (*Strict, error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, err
	}
	if info.Size() > maxBytes {
		return nil, fmt.Errorf("%s: %d bytes: at most %d", file, info.Size(), maxBytes)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return ParseStrict(file, text)
}

// ParseStrict reads text as ReadStrict does; file is for messages.
func ParseStrict(file string, text []byte) (*Strict, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	s := &Strict{file: file}
	if len(doc.Content) == 0 {
		return nil, fmt.Errorf("%s: the file is empty", file)
	}
	s.Root = doc.Content[0]
	if s.Root.Kind != yaml.MappingNode {
		return nil, s.At(s.Root, "want a map of names")
	}
	return s, nil
}

// At is an error with its place.
func (s *Strict) At(n *Entry, format string, args ...any) error {
	return fmt.Errorf("%s:%d:%d: %s", s.file, n.Line, n.Column, fmt.Sprintf(format, args...))
}

// Each goes through the keys of a map; a key that is there twice is an error, as is what do returns.
func (s *Strict) Each(n *Entry, do func(key, value *Entry) error) error {
	if n.Kind == yaml.AliasNode {
		return s.At(n, "aliases are not read")
	}
	if n.Kind != yaml.MappingNode {
		return s.At(n, "want a map")
	}
	var seen []string
	var all error
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if slices.Contains(seen, key.Value) {
			all = errors.Join(all, s.At(key, "%s is there twice", key.Value))
			continue
		}
		seen = append(seen, key.Value)
		all = errors.Join(all, do(key, value))
	}
	return all
}

// Known refuses a key that is none of these.
func (s *Strict) Known(key *Entry, names ...string) error {
	if slices.Contains(names, key.Value) {
		return nil
	}
	return s.At(key, "unknown key %q%s; known are %s", key.Value, meant(key.Value, names), strings.Join(names, ", "))
}

// Number is a finite number.
func (s *Strict) Number(n *Entry) (float64, error) {
	x, err := strconv.ParseFloat(n.Value, 64)
	if n.Kind != yaml.ScalarNode || err != nil || x-x != 0 {
		return 0, s.At(n, "want a number, got %q", n.Value)
	}
	return x, nil
}

// meant is a suggestion after an unknown name, or nothing.
func meant(name string, known []string) string {
	if near, _ := nearest(name, known); near != "" {
		return fmt.Sprintf("; did you mean %q?", near)
	}
	return ""
}
