package generate

// RealShares is, by generation, the expected share of real rows in what a node learns from, by weight: rows of the truth, or
// drawn again from such. It says what rounding, a schedule and weights make of a workflow, before interventions.
func (p *Plan) RealShares(node int) []float64 {
	block := map[At]float64{}
	out := make([]float64, len(p.Steps))
	for g, s := range p.Steps {
		for i, d := range s.Draws {
			for _, o := range d.From {
				block[At{g, i}] += float64(o.Chance() * p.realOf(o, block))
			}
		}
		l := s.Lessons[min(node, len(s.Lessons)-1)]
		real, total := 0.0, 0.0
		for at, weight := range l.Each {
			if !l.PerBlock {
				weight = float64(weight * float64(p.Draw(at).Rows))
			}
			real, total = real+float64(weight*block[at]), total+weight
		}
		out[g] = real / total
	}
	return out
}

// realOf is the share of real rows among those of an origin.
func (p *Plan) realOf(o Origin, block map[At]float64) float64 {
	switch {
	case o.Truth:
		return 1
	case o.Fit != nil:
		return 0
	}
	real, total := 0.0, 0.0
	for _, b := range o.Past {
		for at := range b.Each {
			rows := float64(p.Draw(at).Rows)
			real, total = real+float64(rows*block[at]), total+rows
		}
	}
	return real / total
}
