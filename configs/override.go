package configs

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// override applies key=value arguments to the base, or adds an axis for one that holds a comma. A changed kind comes
// first, so the order of the arguments does not matter.
func (d *document) override(arguments []string, rep *report) {
	all := d.arguments(arguments, rep)
	slices.SortStableFunc(all, func(a, b argument) int { return rank(a.path) - rank(b.path) })
	own := len(d.axes)
	for i, a := range all {
		if j := slices.IndexFunc(all[:i], func(b argument) bool { return b.path == a.path }); j >= 0 {
			rep.add(a.at, "%s is given twice", a.path)
			continue
		}
		if d.swept(a, own, rep) {
			continue
		}
		d.set(a, rep)
	}
}

type argument struct {
	path, value string
	at          position // of the key
}

// rank puts what replaces a block before what is set in it.
func rank(path string) int {
	if path == Data || path == Model || path == Workflow || strings.HasSuffix(path, ".kind") {
		return strings.Count(path, ".")
	}
	return 10
}

func (d *document) arguments(texts []string, rep *report) (all []argument) {
	for i, text := range texts {
		src := &source{name: commandLine, lines: []string{text}, layer: fromArgument, rank: 1000 + i}
		at := position{src, 1, 1}
		path, value, found := strings.Cut(text, "=")
		path = strings.TrimSpace(path)
		switch {
		case !utf8.ValidString(text) || strings.ContainsAny(text, "\n\r\x00"):
			rep.add(at, "an override is one line of text, key=value")
		case !found:
			rep.add(at, "%q is not an override; write key=value", text)
		case strings.TrimSpace(value) == "":
			rep.add(at, "%s has no value; write %s=VALUE", path, path)
		case path == "extends" || path == "sweep" || strings.HasPrefix(path, "sweep."):
			rep.add(at, "%s cannot be overridden; write it in the file", path)
		case strings.ContainsAny(path, "["):
			rep.add(at, "%s: an item of a list cannot be overridden; write the whole list: KEY=[…]", path)
		case !d.dotted(path):
			rep.add(at, "%q is not a dotted path", path)
		default:
			all = append(all, argument{path, value, at})
		}
	}
	return all
}

func (*document) dotted(path string) bool {
	parts := strings.Split(path, ".")
	return len(parts) <= maxDepth && !slices.Contains(parts, "")
}

// swept reports, and refuses, an override of what one of the file's axes sets.
func (d *document) swept(a argument, own int, rep *report) bool {
	for i, axis := range d.axes {
		for j, path := range axis.paths {
			if !overlaps(a.path, path) {
				continue
			}
			if i >= own {
				rep.add(a.at, "%s is swept on the command line too (%s); sweep named points in a file instead", a.path, path)
				return true
			}
			rep.add(a.at, "%s is set by the sweep over %s (%s); change it there", a.path, path, pointsFor(axis, j, a.path))
			return true
		}
	}
	return false
}

// pointsFor names the points of an axis that set a path, or all of them.
func pointsFor(a axis, path int, wanted string) string {
	rest := strings.TrimPrefix(strings.TrimPrefix(wanted, a.paths[path]), ".")
	var setting, all []string
	for i, p := range a.points {
		name := p.name
		if !a.named {
			name = label([]axis{a}, []int{i})
		}
		all = append(all, name)
		if rest != "" && p.values[path].lookup(rest) != nil {
			setting = append(setting, name)
		}
	}
	if len(setting) > 0 {
		all = setting
	}
	word := "points"
	if len(all) == 1 {
		word = "point"
	}
	if len(all) > 5 {
		all = append(all[:5], "…")
	}
	return fmt.Sprintf("%s %s", word, strings.Join(all, ", "))
}

// set types a value by the schema and merges it, or makes an axis of several.
func (d *document) set(a argument, rep *report) {
	s := d.shapeAt(a.path)
	at := a.at
	at.col += utf8.RuneCountInString(a.value0())
	parts := []string{a.value}
	top, _, _ := strings.Cut(a.path, ".")
	if slices.Contains(d.sweeps, top) && (s == nil || s.class >= sectionClass && s.class != listClass && s.class != tableClass) {
		parts = splitCommas(a.value)
	}
	if len(parts) == 1 {
		value := target(a.path, literalAt(a.value, s, at, rep))
		d.base = merge(d.base, nest(a.path, a.at, value))
		return
	}
	x := axis{paths: []string{a.path}}
	for _, part := range parts {
		value := target(a.path, literalAt(part, s, at, rep))
		x.points = append(x.points, point{values: []*node{value}, at: a.at})
	}
	d.axes = append(d.axes, x)
}

// value0 is what stands before the value.
func (a argument) value0() string {
	text := a.at.sourceLine()
	return text[:strings.IndexByte(text, '=')+1]
}

// splitCommas cuts at commas outside quotes and brackets.
func splitCommas(s string) (parts []string) {
	depth, start := 0, 0
	var quote rune
	for i, r := range s {
		switch {
		case quote != 0:
			if r == quote {
				quote = 0
			}
		case r == '"' || r == '\'':
			quote = r
		case r == '[' || r == '{':
			depth++
		case r == ']' || r == '}':
			depth--
		case r == ',' && depth <= 0:
			parts = append(parts, s[start:i])
			start = i + 1
		}
	}
	return append(parts, s[start:])
}

// shapeAt is the schema of a dotted path, by the kinds that the config names; nil when there is none.
func (d *document) shapeAt(path string) *shape {
	s, n := d.root, d.base
	rows := d.kinds.rows(d.base)
	for name := range strings.SplitSeq(path, ".") {
		if s.class == sectionClass {
			if name == "kind" {
				return &shape{class: textClass}
			}
			kind, _ := d.kinds.find(s.section, kindName(n), rows)
			if kind == nil {
				return nil
			}
			var err error
			if s, err = d.kinds.compile.kind(kind.Type); err != nil {
				return nil
			}
		}
		if s.class == choiceClass {
			if i := slices.IndexFunc(s.options, func(o *shape) bool { return o.class == objectClass }); i >= 0 {
				s = s.options[i]
			}
		}
		switch f := s.field(name); {
		case s.class == tableClass:
			s = s.elem
		case s.class == objectClass && f != nil:
			s = f.shape
		default:
			return nil
		}
		n = n.get(name)
	}
	return s
}
