package experiments

import (
	"fmt"

	"modelcollapse/configs"
	"modelcollapse/evaluate"
	"modelcollapse/generate"
)

// boundModel is a model that knows what it must know of the truth.
func boundModel[E any](spec configs.Spec, truth generate.Source[E], kind generate.Kind[E]) (generate.Model[E], error) {
	model, ok := as[generate.Model[E]](spec.Value)
	if !ok {
		return nil, fmt.Errorf("does not fit %s rows", kind.Name)
	}
	if m, ok := model.(generate.Bound[E]); ok {
		return m.Bind(truth)
	}
	return model, nil
}

// boundIntervention is an intervention that knows what it must know of the truth.
func boundIntervention[E any](spec configs.Spec, truth generate.Source[E], kind generate.Kind[E]) (generate.Intervention[E], error) {
	iv, ok := as[generate.Intervention[E]](spec.Value)
	if !ok {
		return nil, fmt.Errorf("does not act on %s rows", kind.Name)
	}
	if b, ok := iv.(generate.BoundIntervention[E]); ok {
		return b.Bind(truth)
	}
	return iv, nil
}

// counting tells a model of counts up to which order a metric wants to share its statistics, so that the metric need
// not count the same rows again.
func counting[E any](m generate.Model[E], metrics []evaluate.Metric[E]) generate.Model[E] {
	counter, ok := m.(interface {
		Counting(order int) generate.Model[E]
	})
	if !ok {
		return m
	}
	order := 0
	for _, metric := range metrics {
		if c, ok := metric.(interface{ CountOrder() int }); ok {
			order = max(order, c.CountOrder())
		}
	}
	return counter.Counting(order)
}
