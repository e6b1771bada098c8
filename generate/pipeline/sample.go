package pipeline

import (
	"context"

	"modelcollapse/generate"
)

// Sample keeps each record with a chance, whatever it says: so that a stage behind it costs less.
type Sample struct {
	Share float64 `json:"share" required:"true" min:"0" max:"1" doc:"chance of each record to stay"`
}

// Open implements Stage.
func (s Sample) Open(e *Env) (any, error) { return sampler{s, e.Name}, nil }

type sampler struct {
	Sample
	name string
}

// Name implements generate.Intervention.
func (s sampler) Name() string { return s.name }

// Apply implements generate.Intervention.
func (s sampler) Apply(_ context.Context, b generate.Batch[Record]) error {
	for i := range b.Rows {
		if b.Rand.Float64() >= s.Share {
			b.Rows[i].Why, b.Weights[i] = "not sampled", 0
		}
	}
	return nil
}

// Balance keeps at most so many records of each value of a field, the first ones.
type Balance struct {
	Field string `json:"field" required:"true" doc:"whose values are to be even"`
	Most  int    `json:"most" required:"true" min:"1" doc:"records of one value"`
}

// Open implements Stage.
func (l Balance) Open(e *Env) (any, error) {
	if err := e.knows("field", l.Field); err != nil {
		return nil, err
	}
	counts := map[string]int{}
	return each{e.Name, func(r *Record) string {
		value, _ := r.Fields.Text(l.Field)
		if counts[value] >= l.Most {
			return "enough of its value: " + value
		}
		counts[value]++
		return ""
	}}, nil
}
