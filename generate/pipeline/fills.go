package pipeline

import (
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"

	"modelcollapse/generate/read"
	"modelcollapse/generate/text"
)

// missingValue is what a list of gaps calls a cell without a value.
const missingValue = "(missing)"

// fills says whether a record that was asked for what is missing has it, by the kind of the gap. tail and decile: the number (or day) lies in the
// interval. type: the record's text contains the word, as audits split words. Any other: the field has the value; a record without
// the field may.
func fills(f Fields) bool {
	kind, _ := f.Text("kind")
	name, _ := f.Text("name")
	want, _ := f.Text("value")
	got, there := f.Text(name)
	switch {
	case kind == "tail" || kind == "decile":
		if low, high, upper, ok := interval(want); ok {
			x := place(got)
			return x > low && x < high || !upper && x == low || upper && x == high && !math.IsInf(high, 1)
		}
	case kind == "type":
		return contains(f, want)
	case want == missingValue:
		return got == "" || got == want
	}
	return !there || got == want
}

// interval reads "below X", "above X", "from X to below Y" (with X) and "above X up to Y" (with Y); upper says which.
func interval(s string) (low, high float64, upper, ok bool) {
	low, high = math.Inf(-1), math.Inf(1)
	if rest, is := strings.CutPrefix(s, "below "); is {
		high = place(rest)
	} else if rest, is := strings.CutPrefix(s, "from "); is {
		a, b, _ := strings.Cut(rest, " to below ")
		low, high = place(a), place(b)
	} else if rest, is := strings.CutPrefix(s, "above "); is {
		a, b, two := strings.Cut(rest, " up to ")
		if low, upper = place(a), true; two {
			high = place(b)
		}
	} else {
		return 0, 0, false, false
	}
	return low, high, upper, low == low && high == high
}

// place is a number, or a date as its day; NaN: it is neither.
func place(s string) float64 {
	s = strings.TrimSpace(s)
	if seconds, ok := read.DateOf(s); ok {
		return math.Floor(seconds / 86400)
	}
	if x, err := strconv.ParseFloat(s, 64); err == nil && !math.IsInf(x, 0) {
		return x
	}
	return math.NaN()
}

// textShapes are the fields that are a record's text, as whoever reads the data set takes them: the first shape of which it has the last field.
var textShapes = [][]string{{"text"}, {"content"}, {"prompt", "completion"}, {"instruction", "input", "output"}, {"messages"}, {"conversations"}, {"chosen"}}

// contains says whether the text of a record has a word: that of the first shape it has, else all its fields but the gap's.
func contains(f Fields, word string) bool {
	names := f.Names()
	for _, shape := range textShapes {
		if _, ok := f[shape[len(shape)-1]]; ok {
			names = shape
			break
		}
	}
	for _, name := range names {
		if !slices.Contains(gapColumns, name) && inText(f[name], word) {
			return true
		}
	}
	return false
}

// inText looks at a text, and at what turns of a conversation say.
func inText(v any, word string) bool {
	switch v := v.(type) {
	case string:
		return slices.Contains(text.Marks.Words(v), word)
	case json.Number:
		return slices.Contains(text.Marks.Words(v.String()), word)
	case []any:
		return slices.ContainsFunc(v, func(one any) bool { return inText(one, word) })
	case map[string]any:
		return inText(v["content"], word) || inText(v["value"], word)
	}
	return false
}
