// Package mutate spoils configs, for tests that show that every spoilt one is refused.
package mutate

import (
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"
)

// A Mutant is a config with one thing wrong.
type Mutant struct {
	Path string // dotted, of what was changed; an item of a list is [i]
	Was  string // the key or value before
	Is   string // and after
	YAML []byte
}

// Misspelt gives every key of a config with one letter dropped, doubled, changed or two swapped. Keys for which own is
// true are the user's choice and stay; own may be nil.
func Misspelt(config []byte, own func(path string) bool) ([]Mutant, error) {
	var out []Mutant
	err := visit(config, func(path string, k, _ *yaml.Node, save func(was, is string)) {
		if k == nil || own != nil && own(path) {
			return
		}
		was := k.Value
		for _, is := range edits(was) {
			k.Value = is
			save(was, is)
		}
		k.Value = was
	}, &out)
	return out, err
}

// edits are words one slip away from word.
func edits(word string) []string {
	mid := len(word) / 2
	all := []string{
		word[:mid] + word[mid+1:],
		word[:mid] + word[mid:mid+1] + word[mid:],
		word[:mid] + "x" + word[mid+1:],
		strings.ToUpper(word[:1]) + word[1:],
		word + "z",
	}
	if len(word) > 3 {
		all = append(all, word[:1]+word[2:3]+word[1:2]+word[3:])
	}
	var different []string
	for _, w := range all {
		if w != word && w != "" {
			different = append(different, w)
		}
	}
	return different
}

// Retyped gives every scalar of a config as values of other types: text, flags, quoted numbers, maps, nothing.
func Retyped(config []byte) ([]Mutant, error) {
	wrong := map[string][]string{
		"!!int":   {"x", "true", `"3"`, "{zzz: 1}", "null", "0x1f", "1_0", "07"},
		"!!float": {"x", "true", `"0.5"`, "{zzz: 1}", "null", ".nan", ".inf", "1_0.5"},
		"!!bool":  {"1", "yes", `"true"`, "{zzz: 1}", "null", "[true]"},
		"!!str":   {"12", "true", "{zzz: 1}", "null", "[[zzz]]"},
	}
	var out []Mutant
	err := visit(config, func(_ string, _, v *yaml.Node, save func(was, is string)) {
		if v.Kind != yaml.ScalarNode {
			return
		}
		was := *v
		for _, text := range wrong[v.ShortTag()] {
			var doc yaml.Node
			if yaml.Unmarshal([]byte(text), &doc) != nil || len(doc.Content) == 0 {
				continue
			}
			*v = *doc.Content[0]
			save(was.Value, text)
		}
		*v = was
	}, &out)
	return out, err
}

// visit calls change for every value, with its key where it has one; save renders the config as it is then.
func visit(config []byte, change func(path string, k, v *yaml.Node, save func(was, is string)), out *[]Mutant) error {
	var doc yaml.Node
	if err := yaml.Unmarshal(config, &doc); err != nil {
		return err
	}
	var failed error
	var walk func(n *yaml.Node, path string)
	each := func(path string, k, v *yaml.Node) {
		change(path, k, v, func(was, is string) {
			text, err := yaml.Marshal(&doc)
			if err != nil {
				failed = err
			}
			*out = append(*out, Mutant{path, was, is, text})
		})
		walk(v, path)
	}
	walk = func(n *yaml.Node, path string) {
		switch n.Kind {
		case yaml.DocumentNode:
			walk(n.Content[0], path)
		case yaml.MappingNode:
			for i := 0; i+1 < len(n.Content); i += 2 {
				each(strings.TrimPrefix(path+"."+n.Content[i].Value, "."), n.Content[i], n.Content[i+1])
			}
		case yaml.SequenceNode:
			for i, item := range n.Content {
				each(fmt.Sprintf("%s[%d]", path, i), nil, item)
			}
		}
	}
	walk(&doc, "")
	return failed
}
