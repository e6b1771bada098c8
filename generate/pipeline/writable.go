package pipeline

import (
	"fmt"
	"slices"
	"strings"

	"modelcollapse/internal/show"
)

// writable refuses gaps that no record can ever be seen to fill: of columns that no later stage writes, or that are named as the
// fields of the quota itself are. Words of texts are no columns.
func (q *quota) writable(last *Names) error {
	var first *gap
	var kinds, bad []string
	n := 0
	for i := range q.gaps {
		g := &q.gaps[i]
		kind, _ := g.fields.Text("kind")
		name, _ := g.fields.Text("name")
		if !slices.Contains(kinds, kind) {
			kinds = append(kinds, kind)
		}
		if kind == "type" || (last.always(name) || last.sometimes(name)) && !slices.Contains(gapColumns[:3], name) {
			continue
		}
		if n++; first == nil {
			first = g
		}
		if !slices.Contains(bad, kind) {
			bad = append(bad, kind)
		}
	}
	if first == nil {
		return nil
	}
	way := "leave gaps out with kinds"
	if rest := slices.DeleteFunc(kinds, func(k string) bool { return slices.Contains(bad, k) }); len(rest) > 0 {
		way = fmt.Sprintf("leave such gaps out with kinds: [%s]", show.Line(strings.Join(rest, ", "), 200))
	}
	theirs := &Names{all: slices.DeleteFunc(slices.Clone(last.all), func(name string) bool { return slices.Contains(gapColumns[:3], name) }), some: last.some}
	return fmt.Errorf("%s: %d of %d gaps can never be filled or checked: the first is %s; no later stage writes its column as a field (beside kind, name and value of the quota there are %s): let one write it, or %s",
		q.Path, n, len(q.gaps), first, theirs, way)
}

// String is kind, name and value, as a message shows them.
func (g *gap) String() string {
	var parts []string
	for _, name := range gapColumns[:3] {
		text, _ := g.fields.Text(name)
		parts = append(parts, show.Line(text, 60))
	}
	return fmt.Sprintf("%s %s %q", parts[0], parts[1], parts[2])
}
