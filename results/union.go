package results

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// ReplayError is that a generation made again differs from its record.
type ReplayError struct {
	Cell, Series string // Series "draws", "note" or "attachment NAME" when it is no series
	Generation   int
	Old, New     string
}

func (e *ReplayError) Error() string {
	return fmt.Sprintf("cell %s: replay differs from the record: generation %d, %s: old %s, new %s: "+
		"the record was made by another version or on another machine (env.json): use that one, or start a new folder",
		e.Cell, e.Generation, e.Series, e.Old, e.New)
}

// union compares a new record with the old one of its generation, bit for bit where they overlap, and returns
// the new values followed by those that only the old one has. stale says which old series to forget.
func union(old, new Record, stale func(series string) bool) ([]Value, *ReplayError) {
	differs := func(what, a, b string) *ReplayError {
		return &ReplayError{Generation: new.Generation, Series: what, Old: a, New: b}
	}
	if !slices.Equal(old.Draws, new.Draws) {
		return nil, differs("draws", fmt.Sprint(old.Draws), fmt.Sprint(new.Draws))
	}
	if note := strings.ToValidUTF8(new.Note, "\uFFFD"); old.Note != note {
		return nil, differs("note", fmt.Sprintf("%q", old.Note), fmt.Sprintf("%q", note))
	}
	values := new.Values
	at := 0 // replays have the same order: the next one is almost always the one
	for _, o := range old.Values {
		i := at
		if i >= len(new.Values) || !new.Values[i].names(o) {
			i = slices.IndexFunc(new.Values, o.names)
		}
		switch {
		case i < 0 && stale(o.Series), i >= 0 && stale(o.Series):
		case i < 0:
			values = append(values[:len(values):len(values)], o)
		case !sameBits(o.X, new.Values[i].X):
			name := o.Series
			if o.Node != 0 {
				name = fmt.Sprintf("%s of node %d", name, o.Node)
			}
			return nil, differs(name, fmt.Sprint(o.X), fmt.Sprint(new.Values[i].X))
		}
		at = i + 1
	}
	return values, nil
}

// names says whether two values measure the same thing.
func (v Value) names(w Value) bool { return v.Series == w.Series && v.Node == w.Node }

// sameBits is equality of floats that tells 0 from −0; all NaN are one.
func sameBits(a, b float64) bool {
	return math.Float64bits(a) == math.Float64bits(b) || a != a && b != b
}

// changed returns the test for series of metrics whose identity is not the old one any more. A series belongs
// to the metric with the longest name that it is, or that it continues with one of . @ {.
func changed(old, new map[string]string) func(series string) bool {
	differ := false
	for name, id := range new {
		if was, ok := old[name]; ok && was != id {
			differ = true
		}
	}
	if !differ {
		return func(string) bool { return false }
	}
	known := map[string]bool{}
	return func(series string) bool {
		answer, ok := known[series]
		if !ok {
			metric := metricOf(series, old)
			was, before := old[metric]
			now, after := new[metric]
			answer = before && after && was != now
			known[series] = answer
		}
		return answer
	}
}

func metricOf(series string, metrics map[string]string) (best string) {
	for name := range metrics {
		rest, ok := strings.CutPrefix(series, name)
		if ok && (rest == "" || strings.ContainsRune(".@{", rune(rest[0]))) && len(name) > len(best) {
			best = name
		}
	}
	return best
}
