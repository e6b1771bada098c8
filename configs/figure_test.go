package configs_test

import (
	"slices"
	"testing"
	"testing/fstest"

	"modelcollapse/configs"
)

// drawing is a config that measures what attaches rows.
func drawing(text string) (*configs.Loaded, error) {
	known := append(table(), configs.Kind{Section: configs.Metric, Name: "scatter", Series: func(any) []string { return nil }})
	return configs.Load(known, fstest.MapFS{"c.yaml": {Data: []byte(base + "metrics: [scatter, tail_loss]\n" + text + "\n")}}, "c", nil)
}

func TestScatterOfAFigure(t *testing.T) {
	for text, want := range map[string][]int{"figures: [{scatter: []}]": {}, "figures: [{scatter: [0, 10, 5]}]": {0, 10, 5}} {
		l, err := drawing(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got := l.Config.Figures[0].Scatter; got == nil || !slices.Equal(*got, want) {
			t.Errorf("%s: %v", text, got)
		}
	}
	if l, err := drawing("figures: [tail_loss]"); err != nil || l.Config.Figures[0].Scatter != nil {
		t.Errorf("a figure of a series shows rows (%v)", err)
	}
	for text, want := range map[string][]string{
		"figures: [{scatter: [], metric: tail_loss}]": {`5:11 figures[0]: give scatter or metric, not both`},
		"figures: [{scatter: [11]}]":                  {`5:11 figures[0]: scatter: generation 11 is not measured`},
		"figures: [{scatter: [1]}]\nevery: 3":         {`5:11 figures[0]: scatter: generation 1 is not measured`},
		"figures: [{scatter: [1, 1]}]":                {`5:11 figures[0]: scatter: names 1 twice`},
	} {
		_, err := drawing(text)
		compare(t, text, err, want)
	}
}
