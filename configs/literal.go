package configs

import "strings"

// literal reads a value that stands in one line, as on the command line or in a default tag: by the schema, so a text
// needs no quotes. A nil shape reads plain YAML.
func literal(text string, s *shape, src *source, rep *report) *node {
	if src.lines == nil {
		src.lines = []string{text}
	}
	return literalAt(text, s, position{src, 1, 1}, rep)
}

func literalAt(text string, s *shape, at position, rep *report) *node {
	text = strings.TrimSpace(text)
	bare := &node{form: textForm, text: text, at: at}
	switch {
	case text == "":
		if s != nil && s.class == textClass && at.layer() == fromDefault {
			bare.quoted = true
			return bare
		}
		bare.form = nullForm
		return bare
	case strings.ContainsAny(text[:1], `[{"'`):
		inner := &source{name: at.src.name, layer: at.src.layer, rank: at.src.rank}
		sub := &report{}
		n := parse(inner, []byte(text), sub)
		for _, p := range sub.problems {
			rep.add(at, "%s", p.Message)
		}
		if n == nil {
			n = &node{form: brokenForm}
		}
		return moved(n, at)
	case s != nil && s.class == textClass:
		bare.quoted = true
		return bare
	}
	bare.form = classify(text)
	return bare
}

// moved is n with every part at one place.
func moved(n *node, at position) *node {
	out := *n
	out.at = at
	out.keys, out.items = nil, nil
	for _, k := range n.keys {
		out.keys = append(out.keys, key{k.name, at})
	}
	for _, item := range n.items {
		out.items = append(out.items, moved(item, at))
	}
	return &out
}
