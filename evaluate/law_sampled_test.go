package evaluate

import (
	"context"
	"fmt"

	"modelcollapse/generate"
	"modelcollapse/internal/num"
)

// tilt is an intervention that draws from categories in another way: at a temperature, or the better of two by Bradley and
// Terry, category 0 having the reward parameter and all others 0.
type tilt struct {
	kind      string
	parameter float64
}

func (t tilt) Name() string { return t.kind }

func (tilt) Apply(context.Context, generate.Batch[generate.Histogram]) error {
	return fmt.Errorf("a sampler is never applied")
}

func (t tilt) Sampled(from generate.Source[generate.Histogram]) (generate.Source[generate.Histogram], error) {
	q := from.(generate.Distribution).Probabilities()
	if t.kind == "temperature" {
		return generate.Frequencies{P: HeatDeath(q, t.parameter, 1)}, nil
	}
	x := q[0] + q[0]*(1-q[0])*(2/(1+num.Exp(-t.parameter))-1)
	return generate.Frequencies{P: []float64{x, 1 - x}}, nil
}
