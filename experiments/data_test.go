package experiments

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// A model that any data of a kind of row can be fitted by.
var modelOf = map[string]string{"scalar": "kernel_density", "vector": "kernel_density", "labelled": "{kind: least_squares, ridge: 1}",
	"tokens": "{kind: ngram, order: 2}", "histogram": "categorical", "table": "independent"}

// Every kind of data with nothing but its defaults runs from a config to the end.
func TestDefaultsOfEveryDataRun(t *testing.T) {
	for _, k := range Names().Kinds() {
		if slices.Contains([]string{"text", "csv", "table"}, k.Name) || k.Section != "data" || strings.HasPrefix(k.Name, "command") { // those need a path or a program
			continue
		}
		model := modelOf[k.Rows]
		switch k.Name {
		case "logistic":
			model = "{kind: logistic_regression, ridge: 1}"
		case "noisy_labels":
			model = "plug_in_classifier"
		}
		data := k.Name
		if slices.Contains([]string{"multivariate_gaussian", "linear", "logistic", "noisy_labels"}, data) {
			data = "{kind: " + data + ", dim: 2}"
		}
		text := fmt.Sprintf("title: defaults of a data kind, nothing else\ndata: %s\nmodel: %s\nworkflow: replace\nmetrics: []\nrows: 40\ngenerations: 1\nreplicates: 1", data, model)
		t.Run(k.Name, func(t *testing.T) {
			_, s := prepared(t, text)
			if e := evidence(t, s, 1); e.Arms[0].Missing+e.Arms[0].Short > 0 {
				t.Errorf("%+v", e.Arms[0])
			}
		})
	}
}

// A mixture's weights are scaled, and what is no mixture is refused, in a config too.
func TestMixtureOfAConfig(t *testing.T) {
	const text = "title: t\ndata: {kind: gaussian_mixture, means: [-2, 2], sds: [1, 1], weights: %s}\nmodel: gaussian\nworkflow: replace\nmetrics: [mean_drift]\nrows: 1000\ngenerations: 1\n"
	for weights, why := range map[string]string{"[10, 90]": "", "[]": "", "[0, 0]": "weights sum to 0", "[1, -1]": "weight 1 is -1", "[1, 1, 1]": "3 weights for 2 components"} {
		err := preparedError(t, fmt.Sprintf(text, weights))
		if (err == nil) != (why == "") || err != nil && !strings.Contains(err.Error(), why) {
			t.Errorf("weights %s: %v, want %q", weights, err, why)
		}
	}
	_, s := prepared(t, fmt.Sprintf(text, "[10, 90]"))
	for _, line := range evidence(t, s, 1).Table.Curves("replace", "mean_drift", 0).Lines {
		if x := line[0]; !(x > -0.5 && x < 0.5) { // the truth's mean is 1.6, its sd 1.6
			t.Errorf("the mean drifts by %g in generation 0", x)
		}
	}
}
