package pipeline

import (
	"fmt"
	"slices"
)

// A fieldCount counts which fields records have.
type fieldCount struct {
	rows  int
	has   map[string]int
	lacks map[string]string // the first record without it
	bytes map[string]int    // of all values
	most  map[string]int    // bytes of the longest
	order []string
}

func newFieldCount() *fieldCount {
	return &fieldCount{has: map[string]int{}, lacks: map[string]string{}, bytes: map[string]int{}, most: map[string]int{}}
}

func (c *fieldCount) add(f Fields, origin string) {
	for _, name := range f.Names() {
		if f[name] == nil {
			continue
		}
		if _, known := c.has[name]; !known {
			c.order = append(c.order, name)
			if c.rows > 0 {
				c.lacks[name] = "the first"
			}
		}
		text, _ := f.Text(name)
		c.bytes[name], c.most[name] = c.bytes[name]+len(text), max(c.most[name], len(text))
		c.has[name]++
	}
	c.rows++
	for _, name := range c.order {
		if f[name] == nil && c.lacks[name] == "" {
			c.lacks[name] = origin
		}
	}
}

// size is that of the values of a field.
func (c *fieldCount) size(name string) size {
	return size{float64(c.bytes[name]) / float64(max(c.has[name], 1)) / bytesPerToken, float64(c.most[name])}
}

// into notes the fields that all records have, and those that some lack.
func (c *fieldCount) into(n *Names) {
	slices.Sort(c.order)
	for _, name := range c.order {
		n.sized(c.size(name), false, name)
		if c.has[name] == c.rows {
			n.add(name)
			n.wrote = append(n.wrote, name)
			continue
		}
		if n.some == nil {
			n.some = map[string]string{}
		}
		n.some[name] = fmt.Sprintf("%d of %d records lack it (%s)", c.rows-c.has[name], c.rows, c.lacks[name])
	}
}
