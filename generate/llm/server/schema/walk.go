package schema

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"slices"

	"modelcollapse/internal/num"
)

// deep is where optional parts end and the shallowest of several ways is taken.
const deep = 6

// A Writer takes the value piece by piece. A piece that was drawn comes with its log probability (nats), one that could not be
// another with 0. An error ends the walk.
type Writer interface {
	Put(piece string, nats float64) error
	// Say writes the inside of a string, escaped, of at least and at most so many characters.
	Say(least, most int) error
}

// Walk writes a value that satisfies the schema; the only errors are those of w.
func (s *Schema) Walk(w Writer, r *rand.Rand) error {
	x := &walker{w: w, r: r}
	x.value(s.root, 0)
	return x.err
}

// A walker keeps the first error, and writes nothing after it.
type walker struct {
	w   Writer
	r   *rand.Rand
	err error
}

// put writes a piece. Choices that were made since the last one, and have no text, count towards it.
func (x *walker) put(piece string, nats float64) {
	if x.err == nil {
		x.err = x.w.Put(piece, nats)
	}
}

// pick is one of n, uniformly, and its log probability.
func (x *walker) pick(n int) (i int, nats float64) {
	if n <= 1 {
		return 0, 0
	}
	return x.r.IntN(n), -num.Log(float64(n))
}

// choose is one of several by index. What ends nowhere is none of them; where it is deep the shallowest are.
func (x *walker) choose(n, depth int, least func(i int) int) int {
	var open []int
	best := endless
	for i := range n {
		best = min(best, least(i))
	}
	for i := range n {
		if d := least(i); d < endless && (depth < deep || d == best) {
			open = append(open, i)
		}
	}
	i, nats := x.pick(len(open))
	if nats != 0 {
		x.put("", nats)
	}
	return open[i]
}

// value writes a value of a schema that has one.
func (x *walker) value(n *node, depth int) {
	switch {
	case x.err != nil:
	case n.values != nil:
		i, nats := x.pick(len(n.values))
		x.put(string(n.values[i]), nats)
	case n.kin != nil:
		x.value(n.kin[x.choose(len(n.kin), depth, func(i int) int { return n.kin[i].least })], depth+1)
	default:
		x.typed(n, n.ways[x.choose(len(n.ways), depth, func(i int) int { return n.wayDepth(n.ways[i]) })], depth)
	}
}

func (x *walker) typed(n *node, way string, depth int) {
	switch way {
	case "null":
		x.put("null", 0)
	case "boolean":
		i, nats := x.pick(2)
		x.put([]string{"false", "true"}[i], nats)
	case "integer", "number":
		g, err := n.grid(way == "integer")
		if err != nil { // settle has tried it
			x.err = err
			return
		}
		x.put(g.draw(x.r))
	case "array":
		x.array(n, depth)
	case "object":
		x.object(n, depth)
	default:
		x.text(n)
	}
}

func (x *walker) text(n *node) {
	if draw := formats[n.Format]; draw != nil {
		x.put(draw(x.r))
		return
	}
	most := math.MaxInt
	if n.MaxLength != nil {
		most = *n.MaxLength
	}
	if x.put(`"`, 0); x.err == nil {
		x.err = x.w.Say(n.MinLength, most)
	}
	x.put(`"`, 0)
}

func (x *walker) array(n *node, depth int) {
	length, nats := x.pick(n.room(depth) + 1)
	x.put("[", nats)
	for i := range n.MinItems + length {
		if i > 0 {
			x.put(", ", 0)
		}
		x.value(n.item(i), depth+1)
	}
	x.put("]", 0)
}

// room is how many items an array may have beyond the least.
func (n *node) room(depth int) int {
	more := usualMore
	if n.MaxItems != nil {
		more = min(*n.MaxItems, maxItems) - n.MinItems
	}
	if depth >= deep {
		more = 0
	}
	for i := range more {
		if item := n.item(n.MinItems + i); item == nil || item.least >= endless {
			return i
		}
	}
	return max(0, more)
}

func (x *walker) object(n *node, depth int) {
	x.put("{", 0)
	separator := ""
	for _, name := range n.names {
		nats := 0.0
		if !slices.Contains(n.Required, name) {
			if depth >= deep || n.named[name].least >= endless {
				continue
			}
			in := 0
			if in, nats = x.pick(2); in == 0 {
				x.put("", nats)
				continue
			}
		}
		key, _ := json.Marshal(name) // a string always has one
		x.put(separator+string(key)+": ", nats)
		x.value(n.named[name], depth+1)
		separator = ", "
	}
	x.put("}", 0)
}
