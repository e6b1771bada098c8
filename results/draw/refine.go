package draw

import "math"

// refined is a function on a regular grid at its nodes and half way between them, by cubics through four nodes with the
// slopes of central differences (Catmull and Rom 1974): a quadratic, such as the log density of a normal, stays exact.
// A function that is not finite everywhere, or on less than three nodes a side, comes back as it is.
func refined(z [][]float64) [][]float64 {
	if len(z) < 3 {
		return z
	}
	for _, row := range z {
		for _, v := range row {
			if len(row) < 3 || math.IsNaN(v) || math.Abs(v) > 1e300 {
				return z
			}
		}
	}
	wide := make([][]float64, len(z))
	for j, row := range z {
		wide[j] = halved(row)
	}
	out := make([][]float64, 2*len(z)-1)
	for j := range out {
		out[j] = make([]float64, len(wide[0]))
	}
	column := make([]float64, len(z))
	for i := range wide[0] {
		for j := range wide {
			column[j] = wide[j][i]
		}
		for j, v := range halved(column) {
			out[j][i] = v
		}
	}
	return out
}

// halved is z at its nodes and half way between them. Beyond its ends z goes on as the parabola of the last three nodes.
func halved(z []float64) []float64 {
	n := len(z)
	at := func(i int) float64 {
		switch {
		case i < 0:
			return z[2] + float64(3*(z[0]-z[1]))
		case i >= n:
			return z[n-3] + float64(3*(z[n-1]-z[n-2]))
		}
		return z[i]
	}
	out := make([]float64, 0, 2*n-1)
	for i, v := range z {
		out = append(out, v)
		if i+1 < n {
			out = append(out, float64(.5625*(v+z[i+1]))-float64(.0625*(at(i-1)+at(i+2))))
		}
	}
	return out
}

// betweens are nodes and the middles between them, as many as refined has; all as they were where it did not refine.
func betweens(nodes []float64, n int) []float64 {
	if n == len(nodes) {
		return nodes
	}
	out := make([]float64, 0, n)
	for i, x := range nodes {
		out = append(out, x)
		if i+1 < len(nodes) {
			out = append(out, x+(nodes[i+1]-x)/2)
		}
	}
	return out
}
