package pipeline

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestTemplate(t *testing.T) {
	fill := Fields{"a": "one", "n": json.Number("2.50"), "list": []any{"x", json.Number("1")}, "yes": true}
	for text, want := range map[string]string{
		"{{a}} and {{ n }}": "one and 2.50", "{{list}}{{yes}}": `["x",1]true`, "{{no|else}}, {{no|}}.": "else, .", "{ {a} }}": "{ {a} }}", "": "",
	} {
		p, err := ParseTemplate(text)
		must(t, err)
		if got := p.fill(fill); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	known := &Names{all: []string{"a"}, some: map[string]string{"b": "2 of 3 records lack it (x:2)"}}
	for text, want := range map[string]string{
		"x\n {{c}}": "line 2, column 2: unknown variable {{c}}: there are a, b", "{{b}}": "line 1, column 1: {{b}}: 2 of 3 records lack it (x:2); write {{b|…}} for those",
		"{{c": "line 1, column 1: {{ is not closed by }}", "{{}}": "line 1, column 1: {{}}: a field is named by letters, digits and _ . -",
	} {
		p, err := ParseTemplate(text)
		if err == nil {
			err = p.check(known)
		}
		if err == nil || err.Error() != want {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

func FuzzTemplate(f *testing.F) {
	for _, s := range []string{"{{a}}", "{{a|b}} {{", "}}{{", "{{{a}}}"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p, err := ParseTemplate(text)
		if err != nil {
			return
		}
		same := Fields{}
		for _, name := range p.Names() {
			same[name] = "{{" + name + "}}"
		}
		if got := p.fill(same); !strings.Contains(text, "|") && len(strings.Join(strings.Fields(got), "")) != len(strings.Join(strings.Fields(text), "")) {
			t.Errorf("%q becomes %q", text, got)
		}
	})
}

func TestRepair(t *testing.T) {
	for answer, want := range map[string]string{
		`{"a":1}`: `{"a":1}`, " [1] ": "[1]", "```json\n{\"a\":1}\n```": `{"a":1}`, `Sure: {"a":[1,2,],} bye`: `{"a":[1,2]}`,
		`see [1]: {"a":"x, }"}`: `{"a":"x, }"}`, `{"a":"\",}"}`: `{"a":"\",}"}`, `{"a":`: `{"a":`, "no": "no", `{"a":1}{"b":22}`: `{"b":22}`,
	} {
		if got, changed := repaired(answer); got != want || changed != (got != strings.TrimSpace(answer)) {
			t.Errorf("%q: %q (%v), want %q", answer, got, changed, want)
		}
	}
}

// An object that is wrapped as models wrap it comes back as the same value.
func TestRepairUndoesWrappings(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		value := map[string]any{}
		for i := range rapid.IntRange(1, 4).Draw(r, "n") {
			value[fmt.Sprintf("k%d", i)] = rapid.String().Draw(r, "text")
		}
		b := string(asJSON(value))
		for _, wrapped := range []string{b, "```\n" + b + "\n```", "Here it is:\n" + b + "\nDone.", strings.TrimSuffix(b, "}") + ", }"} {
			text, _ := repaired(wrapped)
			if string(text) != b && !(strings.HasSuffix(wrapped, ", }") && sameJSON(text, b)) {
				r.Fatalf("%q becomes %q", wrapped, text)
			}
		}
	})
}

func sameJSON(a, b string) bool {
	var x, y any
	return json.Unmarshal([]byte(a), &x) == nil && json.Unmarshal([]byte(b), &y) == nil && string(asJSON(x)) == string(asJSON(y))
}

func FuzzRepair(f *testing.F) {
	for _, s := range []string{`{"a":1,}`, "```{}```", `[[[[[`, `{"\"}`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, answer string) {
		text, changed := repaired(answer)
		if changed && !json.Valid([]byte(text)) {
			t.Errorf("%q was changed to %q, which is no JSON", answer, text)
		}
	})
}

// By hand: of "a b a" and "a c", a occurs 3 times, b and c once, N = 5; V counts the two marks too, so V + 1 = 6. p(a) =
// (3+1)/11, p(b) = 2/11; after a come b and c once each of 3; a begins both texts.
func TestWordModel(t *testing.T) {
	m := newWordModel()
	m.add("A b, a")
	m.add("a c")
	surprisal, rarity, n := m.score("a B")
	pa, pb := 4.0/11, 2.0/11
	want := -(math.Log(pa/2+2.0/2/2) + math.Log(pb/2+1.0/3/2)) / 2
	if math.Abs(surprisal-want) > 1e-12 || math.Abs(rarity+(math.Log(pa)+math.Log(pb))/2) > 1e-12 || n != 2 {
		t.Errorf("%v %v %d, want %v %v 2", surprisal, rarity, n, want, -(math.Log(pa)+math.Log(pb))/2)
	}
}

func TestCondition(t *testing.T) {
	e := &Env{Fields: &Names{all: []string{"score", "kind"}}}
	f := Fields{"score": json.Number("3"), "kind": "a b"}
	for text, want := range map[string]bool{"score < 4": true, "score<3": false, "score >= 3.0": true, "score != 3": false, "kind = a b": true, "kind != x": true, "kind = x": false, "": true, "kind < 3": false} {
		c, err := e.condition("when", text)
		must(t, err)
		if c.holds(f) != want {
			t.Errorf("%q: %v", text, !want)
		}
	}
	for text, want := range map[string]string{"scor < 4": "unknown field", "score": "want FIELD", "kind < x": "is no number"} {
		if _, err := e.condition("when", text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestEliminate(t *testing.T) {
	for after, want := range map[string]string{
		"Write a poem.": "eliminated: nothing new", "poem a write": "eliminated: nothing new", "the of, and!": "eliminated: no content",
		"Sorry, I cannot": "eliminated: an apology", "Here is the rewritten prompt: write two poems": "eliminated: speaks of the prompt", "Write two poems on rain": "",
	} {
		if got := eliminate("write a poem", after); got != want {
			t.Errorf("%q: %q, want %q", after, got, want)
		}
	}
}
