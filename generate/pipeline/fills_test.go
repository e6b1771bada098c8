package pipeline

import (
	"encoding/json"
	"testing"
)

// What fills a gap, by its kind.
func TestFills(t *testing.T) {
	for _, c := range []struct {
		kind, name, value string
		field             any
		want              bool
	}{
		{"category", "city", "Oslo", "Oslo", true}, {"category", "city", "Oslo", "Rome", false}, {"category", "city", "Oslo", nil, true},
		{"category", "city", "(missing)", nil, true}, {"category", "city", "(missing)", "", true}, {"category", "city", "(missing)", "Oslo", false},
		{"tail", "age", "below 9.9", json.Number("9.8"), true}, {"tail", "age", "below 9.9", json.Number("9.9"), false}, {"tail", "age", "below 9.9", "-3", true},
		{"tail", "age", "below 9.9", nil, false}, {"tail", "age", "below 9.9", "young", false},
		{"tail", "age", "above 9.9", json.Number("10"), true}, {"tail", "age", "above 9.9", json.Number("9.9"), false},
		{"decile", "age", "from 3 to below 4", "3", true}, {"decile", "age", "from 3 to below 4", "4", false}, {"decile", "age", "from 3 to below 4", "2.9", false},
		{"decile", "age", "above 3 up to 4", "4", true}, {"decile", "age", "above 3 up to 4", "3", false},
		{"tail", "day", "below 2020-02-01", "2020-01-31", true}, {"tail", "day", "below 2020-02-01", "2020-02-01T10:00:00", false},
		{"decile", "day", "above 2020-02-01 up to 2020-03-01", "2020-03-01 12:00", true},
		{"type", "token", "zebra", nil, false},
	} {
		f := Fields{"kind": c.kind, "name": c.name, "value": c.value}
		if c.field != nil {
			f[c.name] = c.field
		}
		if got := fills(f); got != c.want {
			t.Errorf("%s %s %q by %v: %v", c.kind, c.name, c.value, c.field, got)
		}
	}
	for field, c := range map[string]struct {
		value any
		want  bool
	}{"text": {"A Zebra.", true}, "output": {"zebras", false}, "answer": {"the zebra", true},
		"messages": {[]any{map[string]any{"role": "assistant", "content": "zebra!"}}, true}, "conversations": {[]any{map[string]any{"from": "zebra", "value": "x"}}, false}} {
		if got := fills(Fields{"kind": "type", "name": "token", "value": "zebra", field: c.value}); got != c.want {
			t.Errorf("%s %v: %v", field, c.value, got)
		}
	}
}
