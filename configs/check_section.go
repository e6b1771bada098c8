package configs

import (
	"fmt"
	"slices"
)

func (c *checker) section(n *node, s *shape, path string) {
	if n.form != objectForm {
		c.rep.add(n.at, "%s must be the name of a kind or a map with a kind, got %s", path, describe(n))
		return
	}
	names := c.kinds.names(s.section, c.rows)
	name := n.get("kind")
	if name == nil {
		if i := slices.IndexFunc(n.keys, func(k key) bool { near, _ := nearest(k.name, []string{"kind"}); return near != "" }); i >= 0 {
			c.rep.add(n.keys[i].at, "unknown key %q; did you mean \"kind\"?", join(path, n.keys[i].name))
			return
		}
		if !c.part {
			c.rep.add(n.at, "%s needs a kind: %s", path, oneOf(names))
		}
		return
	}
	if name.form != textForm {
		c.rep.add(name.at, "%s must be the name of a kind, got %s", join(path, "kind"), describe(name))
		return
	}
	kind, others := c.kinds.find(s.section, name.text, c.rows)
	if kind == nil {
		c.unknownKind(name, s, others, names)
		return
	}
	block, err := c.kinds.compile.kind(kind.Type)
	if err != nil {
		c.rep.add(name.at, "%s %s: %v", s.section, kind.Name, err)
		return
	}
	before := c.rep.count()
	c.object(n, block, path, s.section+" "+kind.Name)
	if c.rep.count() == before && !c.part {
		c.validate(n, s, path)
	}
}

func (c *checker) unknownKind(name *node, s *shape, others, names []string) {
	if len(others) > 0 {
		data := kindName(c.root.get(Data))
		hint := ""
		if len(names) > 0 {
			hint = fmt.Sprintf("; for %s there is %s", c.rows, among(names))
		}
		c.rep.add(name.at, "%s %s is for %s; data kind %s gives %s%s", s.section, name.text, among(others), data, c.rows, hint)
		return
	}
	if near, _ := nearest(name.text, names); near != "" {
		c.rep.add(name.at, "unknown %s %q; did you mean %q?", noun(s.section), name.text, near)
		return
	}
	c.rep.add(name.at, "unknown %s %q; known: %s", noun(s.section), name.text, oneOf(names))
}

func noun(section string) string {
	if section == Data {
		return "data kind"
	}
	return section
}

// validate asks the settings themselves, once their form is right.
func (c *checker) validate(n *node, s *shape, path string) {
	spec, err := c.kinds.spec(settle(c.kinds, n, s, c.rows), s.section, c.rows)
	if err != nil {
		c.rep.add(n.at, "%s: %v", path, err)
		return
	}
	if v, ok := spec.Value.(validator); ok {
		if err := v.Validate(); err != nil {
			c.rep.add(n.at, "%s: %v", path, err)
		}
	}
}

type validator interface{ Validate() error }
