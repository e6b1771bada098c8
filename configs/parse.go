package configs

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

const (
	maxBytes = 256 << 10 // of a config file
	maxDepth = 32        // of nested lists and maps
)

// parse reads one YAML document. What is wrong is reported; nil means that nothing can be read at all.
func parse(src *source, data []byte, rep *report) *node {
	src.lines = strings.Split(string(data), "\n")
	whole := position{src: src}
	if len(data) > maxBytes {
		rep.add(whole, "is larger than %d KiB, too large for a config", maxBytes>>10)
		return nil
	}
	doc, err := decodeYAML(data)
	if err != nil {
		rep.add(syntaxError(src, err))
		return nil
	}
	if doc == nil || len(doc.Content) == 0 {
		rep.add(whole, "is empty; a config is a map of settings")
		return nil
	}
	p := parser{src, rep}
	return p.convert(doc.Content[0], 0)
}

// decodeYAML returns nil for an empty text. A panic of the YAML library is an error like any other.
func decodeYAML(data []byte) (doc *yaml.Node, err error) {
	defer func() {
		if r := recover(); r != nil {
			doc, err = nil, fmt.Errorf("yaml: cannot be read: %v", r)
		}
	}()
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var first, second yaml.Node
	if err := dec.Decode(&first); errors.Is(err, io.EOF) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	if err := dec.Decode(&second); !errors.Is(err, io.EOF) {
		if err != nil {
			return nil, err
		}
		return nil, fmt.Errorf("yaml: line %d: a second document begins here; a config is one document", second.Line)
	}
	return &first, nil
}

var yamlLine = regexp.MustCompile(`(?s)^yaml: line (\d+): (.*)$`)

// missing are the messages for which the library counts lines from 0.
var missing = regexp.MustCompile(`did not find expected (<|',' or|key|'-' indicator|node content)`)

// syntaxError turns "yaml: line 3: …" into the place and the message.
func syntaxError(src *source, err error) (position, string, any) {
	if m := yamlLine.FindStringSubmatch(err.Error()); m != nil {
		line, _ := strconv.Atoi(m[1])
		if missing.MatchString(m[2]) {
			line++
		}
		return position{src, min(line, len(src.lines)), 1}, "%s", m[2]
	}
	return position{src: src}, "%s", strings.TrimPrefix(err.Error(), "yaml: ")
}

type parser struct {
	src *source
	rep *report
}

func (p parser) convert(y *yaml.Node, depth int) *node {
	at := position{p.src, y.Line, y.Column}
	n := &node{form: brokenForm, at: at}
	switch {
	case depth > maxDepth:
		p.rep.add(at, "is nested deeper than %d levels", maxDepth)
		return n
	case y.Kind == yaml.AliasNode:
		p.rep.add(at, "aliases (*%s) are not part of a config; use extends or sweep, or write the value out", y.Value)
		return n
	case y.Anchor != "":
		p.rep.add(at, "anchors (&%s) are not part of a config; use extends or sweep, or write the value out", y.Anchor)
		return n
	case y.Style&yaml.TaggedStyle != 0:
		p.rep.add(at, "tags (%s) are not part of a config; delete it", y.Tag)
		return n
	}
	switch y.Kind {
	case yaml.MappingNode:
		n.form = objectForm
		p.pairs(n, y.Content, depth)
	case yaml.SequenceNode:
		n.form = listForm
		for _, c := range y.Content {
			n.items = append(n.items, p.convert(c, depth+1))
		}
	default:
		n.text, n.quoted = y.Value, y.Style != 0
		n.form = textForm
		if !n.quoted {
			n.form = classify(y.Value)
		}
	}
	return n
}

func (p parser) pairs(n *node, content []*yaml.Node, depth int) {
	first := map[string]int{}
	for i := 0; i+1 < len(content); i += 2 {
		k, v := content[i], content[i+1]
		at := position{p.src, k.Line, k.Column}
		switch line, twice := first[k.Value]; {
		case k.Value == "<<" && k.Kind == yaml.ScalarNode:
			p.rep.add(at, "merge keys (<<) are not part of a config; use extends, or write the keys out")
		case k.Kind != yaml.ScalarNode || k.Anchor != "" || k.Style&yaml.TaggedStyle != 0:
			p.rep.add(at, "a key must be a plain word")
		case twice:
			p.rep.add(at, "%q stands here twice; the first is in line %d", k.Value, line)
		default:
			first[k.Value] = k.Line
			n.keys = append(n.keys, key{k.Value, at})
			n.items = append(n.items, p.convert(v, depth+1))
		}
	}
}
