package command

import (
	"math"
	"slices"
	"strings"
	"testing"

	"modelcollapse/generate"
)

type columns generate.Schema

func (c columns) Schema() generate.Schema { return generate.Schema(c) }

// What is written is read again; what is no row of the table says which column, and why.
func TestRecordsAsJSON(t *testing.T) {
	c, err := records(columns{{Name: "age", Type: "numeric"}, {Name: "city", Type: "category", Categories: []string{"Rome", "", `O"slo`}}, {Name: "since", Type: "date"}})
	if err != nil {
		t.Fatal(err)
	}
	for text, row := range map[string]generate.Record{
		`{"age":31.5,"city":"Rome","since":"2024-02-29"}`:      {31.5, 0, 19782},
		`{"age":null,"city":null,"since":null}`:                {math.NaN(), 1, math.NaN()},
		`{"age":-1e+300,"city":"O\"slo","since":"1969-12-31"}`: {-1e300, 2, -1},
	} {
		line, err := c.put(nil, row)
		if err != nil || string(line) != text {
			t.Errorf("%v: %s, %v, want %s", row, line, err, text)
		}
		back, err := c.get(line)
		if err != nil || !slices.EqualFunc(back, row, func(a, b float64) bool { return a == b || a != a && b != b }) {
			t.Errorf("%s: %v, %v", line, back, err)
		}
	}
	for text, why := range map[string]string{
		`[1]`: "want an object", `{"age": 1}`: "column city is missing", `{"age": "x", "city": "Rome", "since": null}`: "column age: want a value of type numeric",
		`{"age": 1, "city": "Paris", "since": null}`: `column city: the category "Paris", which no real row has`, `{"age": 1, "city": "Rome", "since": "soon"}`: "column since: want a date",
	} {
		if _, err := c.get([]byte(text)); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%s: %v, want %s", text, err, why)
		}
	}
}

// Texts with spaces inside words are lists.
func TestTextsAsJSON(t *testing.T) {
	for _, words := range [][]string{{"the", "cat"}, {" ", "c"}} {
		v := generate.NewVocabulary(words)
		c := texts(v)
		row := generate.Tokens{generate.Words, generate.Words + 1, generate.Words, generate.End}
		line, err := c.put(nil, row)
		if err != nil {
			t.Fatal(err)
		}
		if back, err := c.get(line); err != nil || !slices.Equal(back, row) {
			t.Errorf("%s: %v, %v", line, back, err)
		}
	}
	c := texts(generate.NewVocabulary([]string{"a"}))
	if back, err := c.get([]byte(`"a unknown"`)); err != nil || !slices.Equal(back, generate.Tokens{generate.Words, generate.Unknown, generate.End}) {
		t.Errorf("%v, %v", back, err)
	}
	if _, err := c.get([]byte(`7`)); err == nil {
		t.Error("a number is a text")
	}
}
