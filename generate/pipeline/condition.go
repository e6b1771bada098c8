package pipeline

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// A condition compares a field of a record with a value: "score < 4", "language = en". The zero condition holds.
type condition struct {
	field, op, value string
	number           float64
	numeric          bool
}

var conditionForm = regexp.MustCompile(`^\s*([A-Za-z][A-Za-z0-9_.-]*)\s*(<=|>=|!=|<|>|=)\s*(.+?)\s*$`)

// condition reads a condition and checks its field.
func (e *Env) condition(setting, text string) (c condition, err error) {
	if strings.TrimSpace(text) == "" {
		return c, nil
	}
	m := conditionForm.FindStringSubmatch(text)
	if m == nil {
		return c, fmt.Errorf("%s: %q: want FIELD, one of < <= = != >= >, and a value, such as score < 4", setting, text)
	}
	c = condition{field: m[1], op: m[2], value: m[3]}
	if c.number, err = strconv.ParseFloat(c.value, 64); err == nil {
		c.numeric = true
	} else if c.op != "=" && c.op != "!=" {
		return c, fmt.Errorf("%s: %q: %s is no number, so only = and != have a meaning", setting, text, c.value)
	}
	return c, e.knows(setting, c.field)
}

// holds says whether a record meets the condition. A record that lacks the field, or whose field is no number where one is
// asked for, does not.
func (c condition) holds(f Fields) bool {
	if c.op == "" {
		return true
	}
	text, ok := f.Text(c.field)
	if !ok {
		return false
	}
	if x, number := f.Number(c.field); c.numeric && number {
		return map[string]bool{"<": x < c.number, "<=": x <= c.number, ">": x > c.number, ">=": x >= c.number,
			"=": x == c.number, "!=": x != c.number}[c.op]
	}
	return c.op == "=" && text == c.value || c.op == "!=" && text != c.value
}
