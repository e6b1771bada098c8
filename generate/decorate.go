package generate

import "slices"

// What every workflow can be told beside its own rule edits its steps, and so is in the plan that the engine executes and
// the theory reads.

// SameInputs draws every synthetic row given the input of a row of generation 0's block of the same node (a fixed design);
// without, a fit draws its inputs too (a fresh design). Of a block that is mixed draw by draw a row's input is not known
// before it is drawn: Compile refuses it.
func SameInputs(w Workflow) Workflow {
	return Steps(func(g int) Step {
		s := w.Step(g)
		for i, d := range s.Draws {
			if k := slices.IndexFunc(d.From, func(o Origin) bool { return o.Fit != nil }); k >= 0 {
				s.Draws[i].Given = &Origin{Past: []Blocks{block(0, d.From[k].Fit.Index)}}
			}
		}
		return s
	})
}

// Started hands every fit after generation 0 an earlier fit of its node: the previous one (a warm start), or the first (an
// anchor that stays). What a model makes of it is the model's.
func Started(w Workflow, from string) Workflow {
	return Steps(func(g int) Step {
		s := w.Step(g)
		for n := range s.Lessons {
			switch {
			case g == 0:
			case from == "previous":
				s.Lessons[n].Start = &At{g - 1, n}
			case from == "first":
				s.Lessons[n].Start = &At{0, n}
			}
		}
		return s
	})
}

// Turns says which of several models is fitted: order[g] in generation g, or order[n] by node n, again from its
// beginning when it ends.
func Turns(w Workflow, byNode bool, order []int) Workflow {
	return Steps(func(g int) Step {
		s := w.Step(g)
		for n := range s.Lessons {
			at := g
			if byNode {
				at = n
			}
			s.Lessons[n].Model = order[at%len(order)]
		}
		return s
	})
}
