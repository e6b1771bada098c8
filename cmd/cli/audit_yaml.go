package cli

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// A strict is a small YAML file of maps, with the place of every key in its errors.
type strict struct {
	file string
	root *yaml.Node
}

// mostBytes is how large such a file may be.
const mostBytes = 1 << 20

// readStrict reads one document whose root is a map.
func readStrict(file string) (*strict, error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, usage(err)
	}
	if info.Size() > mostBytes {
		return nil, errf("%s: %d bytes: at most %d", file, info.Size(), mostBytes)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, usage(err)
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return nil, errf("%s: %w", file, err)
	}
	s := &strict{file: file}
	if len(doc.Content) == 0 {
		return nil, errf("%s: the file is empty", file)
	}
	s.root = doc.Content[0]
	if s.root.Kind != yaml.MappingNode {
		return nil, s.at(s.root, "want a map of names")
	}
	return s, nil
}

// at is an error with its place.
func (s *strict) at(n *yaml.Node, format string, args ...any) error {
	return usage(fmt.Errorf("%s:%d:%d: %s", s.file, n.Line, n.Column, fmt.Sprintf(format, args...)))
}

// each goes through the keys of a map; a key that is there twice is an error, as is what do returns.
func (s *strict) each(n *yaml.Node, do func(key, value *yaml.Node) error) error {
	if n.Kind == yaml.AliasNode {
		return s.at(n, "aliases are not read")
	}
	if n.Kind != yaml.MappingNode {
		return s.at(n, "want a map")
	}
	var seen []string
	var all error
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if slices.Contains(seen, key.Value) {
			all = errors.Join(all, s.at(key, "%s is there twice", key.Value))
			continue
		}
		seen = append(seen, key.Value)
		all = errors.Join(all, do(key, value))
	}
	return all
}

// known refuses a key that is none of these.
func (s *strict) known(key *yaml.Node, names ...string) error {
	if slices.Contains(names, key.Value) {
		return nil
	}
	return s.at(key, "unknown key %q%s; known are %s", key.Value, hint(key.Value, names), strings.Join(names, ", "))
}

// number is a finite number.
func (s *strict) number(n *yaml.Node) (float64, error) {
	x, err := strconv.ParseFloat(n.Value, 64)
	if n.Kind != yaml.ScalarNode || err != nil || x-x != 0 {
		return 0, s.at(n, "want a number, got %q", n.Value)
	}
	return x, nil
}
