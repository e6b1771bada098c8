package generate

import (
	"fmt"
	"math"
)

// Network is several models that learn from one another's rows: node i learns from the newest rows of its neighbours and of
// itself, with a weight each. Every node starts from real rows of its own.
type Network struct {
	Nodes    int         `json:"nodes" default:"0" min:"0" max:"200" doc:"models; 0: as many as trust has rows, else 3"`
	Topology string      `json:"topology" default:"complete" enum:"complete,ring,star,given" doc:"who learns from whom: complete: all from all; ring: each from the two beside it; star: node 0 from all, the others from node 0; given: trust"`
	Trust    [][]float64 `json:"trust" min:"0" max:"1000000000" doc:"given: row i is the weights that node i puts on the rows of every node, its own among them; only their proportions count"`
	Self     float64     `json:"self" default:"1" min:"0" max:"1000000000" doc:"weight of a node's own rows, a neighbour's being 1; not with given"`
	Per      string      `json:"per" default:"block" enum:"block,row" doc:"whether a weight is that of a node's rows together or of each row; the same as long as all nodes have equally many, which interventions may change"`
}

// Validate reports a matrix that is none, and a node that nobody feeds.
func (w Network) Validate() error {
	given := w.Topology == "given"
	switch {
	case given != (len(w.Trust) > 0):
		return fmt.Errorf("trust: belongs to topology: given, and is needed there; topology is %s with %d rows of trust", w.Topology, len(w.Trust))
	case given && w.Self != 1:
		return fmt.Errorf("self: %g: with topology: given the diagonal of trust says it", w.Self)
	case given && w.Nodes != 0 && w.Nodes != len(w.Trust):
		return fmt.Errorf("nodes: %d, but trust has %d rows", w.Nodes, len(w.Trust))
	case !(w.Self >= 0) || math.IsInf(w.Self, 0):
		return fmt.Errorf("self: %g: must be at least 0 and finite", w.Self)
	}
	for i, row := range w.matrix() {
		total := 0.0
		for j, x := range row {
			if !(x >= 0) || math.IsInf(x, 0) {
				return fmt.Errorf("trust[%d][%d]: %g: must be at least 0 and finite", i, j, x)
			}
			total += x
		}
		if given && len(row) != len(w.Trust) {
			return fmt.Errorf("trust[%d] has %d weights for %d nodes", i, len(row), len(w.Trust))
		}
		if total == 0 && given {
			return fmt.Errorf("trust[%d]: node %d learns from nobody: give it a weight above 0", i, i)
		}
		if total == 0 {
			return fmt.Errorf("self: 0: node %d of a %s of %d learns from nobody: more nodes, or self above 0", i, w.Topology, w.nodes())
		}
	}
	return nil
}

func (w Network) nodes() int {
	switch {
	case w.Topology == "given":
		return len(w.Trust)
	case w.Nodes == 0:
		return 3
	}
	return w.Nodes
}

// matrix is what each node (row) weighs the rows of each (column).
func (w Network) matrix() [][]float64 {
	if w.Topology == "given" {
		return w.Trust
	}
	n := w.nodes()
	trust := make([][]float64, n)
	for i := range trust {
		trust[i] = make([]float64, n)
		for j := range trust[i] {
			if w.neighbours(i, j) {
				trust[i][j] = 1
			}
		}
		trust[i][i] = w.Self
	}
	return trust
}

func (w Network) neighbours(i, j int) bool {
	switch n := w.nodes(); w.Topology {
	case "ring":
		return j == (i+1)%n || i == (j+1)%n
	case "star":
		return i == 0 || j == 0
	}
	return true
}

// Over draws block i of every generation from the last fit of node i.
func (w Network) Over(rows Sizes, _ int) (Workflow, error) {
	if err := w.Validate(); err != nil {
		return nil, err
	}
	trust := w.matrix()
	return Steps(func(g int) (s Step) {
		for i, row := range trust {
			if g == 0 {
				s.Draws, s.Lessons = append(s.Draws, drawOf(rows(0), parent(0))), append(s.Lessons, learn(block(0, i))...)
				continue
			}
			shares := make([]Share, len(row))
			for j, weight := range row {
				shares[j] = Share{block(g, j), weight}
			}
			s.Draws = append(s.Draws, drawOf(rows(g), Origin{Fit: &At{g - 1, i}}))
			s.Lessons = append(s.Lessons, weighed(w.Per != "row", shares...))
		}
		return s
	}), nil
}
