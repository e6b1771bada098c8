package evaluate

import "modelcollapse/results"

// recorded is the values of a record that holds one.
func recorded(series string, x float64) []results.Value {
	return []results.Value{{Series: series, X: x}}
}
