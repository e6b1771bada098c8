package evaluate

import (
	"context"
	"fmt"
	"math"

	"modelcollapse/generate"
	"modelcollapse/internal/num"
)

// table writes rows under the names of their columns, numbers in full.
func (m Scatter) table(rows [][2]float64) []byte {
	b := fmt.Appendf(nil, "column %d,column %d\n", m.Columns[0], m.Columns[1])
	for _, row := range rows {
		b = append(num.AppendFloat(b, row[0]), ',')
		b = append(num.AppendFloat(b, row[1]), '\n')
	}
	return b
}

// density is results.ScatterDensity. Values are rounded to 1e-4 nats, below what a picture shows.
func (g *scatter) density(ctx context.Context, f generate.Scorer[generate.Vector]) ([]byte, error) {
	n := g.Grid
	flat, rows, nats := make([]float64, 2*n*n), make([]generate.Vector, n*n), make([]float64, n*n)
	for i := range rows {
		rows[i] = flat[2*i : 2*i+2 : 2*i+2]
		rows[i][g.Columns[0]], rows[i][g.Columns[1]] = g.nodes[0][i%n], g.nodes[1][i/n]
	}
	if err := f.Score(ctx, rows, nats); err != nil {
		return nil, err
	}
	b := []byte("log density")
	for _, x := range g.nodes[0] {
		b = num.AppendFloat(append(b, ','), x)
	}
	for j, y := range g.nodes[1] {
		b = num.AppendFloat(append(b, '\n'), y)
		for _, z := range nats[j*n : (j+1)*n] {
			b = num.AppendFloat(append(b, ','), rounded(z))
		}
	}
	return append(b, '\n'), nil
}

// rounded is z to four decimals; what is so large that it has none is left as it is.
func rounded(z float64) float64 {
	if !(math.Abs(z) < 1e11) {
		return z
	}
	return math.Round(float64(z*1e4)) / 1e4
}
