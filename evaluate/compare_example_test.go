package evaluate_test

import (
	"math"
	"os"

	"modelcollapse/evaluate"
	"modelcollapse/results"
)

// Two arms of one run share streams, so that replicates pair; perplexity is averaged on the log scale.
func ExampleCompare() {
	side := func(arm, series string, lines ...[]float64) results.Curves {
		return results.Curves{Arm: arm, Series: series, Replicates: []int{0, 1, 2}, Lines: lines}
	}
	c := evaluate.Compare("replace", "accumulate", []evaluate.Contrast{{
		A:      side("replace", "tail_loss", []float64{.18, .31, .42}, []float64{.17, .29, .44}, []float64{.19, .33, .43}),
		B:      side("accumulate", "tail_loss", []float64{.18, .22, .23}, []float64{.17, .21, .24}, []float64{.19, .24, .24}),
		Axis:   results.Axis{Series: "tail_loss", Better: -1},
		Shared: true,
	}, {
		A:      side("replace", "data_perplexity{jm}", []float64{102, 131, 190}, []float64{99, 140, 171}, []float64{104, 128, math.Inf(1)}),
		B:      side("accumulate", "data_perplexity{jm}", []float64{102, 110, 118}, []float64{99, 112, 113}, []float64{104, 141, 121}),
		Axis:   results.Axis{Series: "data_perplexity{jm}", Log: true, Better: -1},
		Shared: true,
	}})
	if err := c.WriteText(os.Stdout); err != nil {
		panic(err)
	}
	// Output:
	// a: replace
	// b: accumulate
	//
	//                      generation       a       b     delta        95 % interval       p   Holm        n
	// tail_loss                     0  0.1800  0.1800         ~               [0, 0]   1.000  1.000  3 pairs ¹
	//                               1  0.3100  0.2233  -0.08667  [-0.1010, -0.07232]   0.001  0.007  3 pairs ²
	//                               2  0.4300  0.2367   -0.1933   [-0.2077, -0.1790]  <0.001  0.002  3 pairs ²
	// data_perplexity{jm}           0   101.6   101.6         ~     [×1.000, ×1.000]   1.000  1.000  3 pairs ¹
	//                               1   132.9   120.2         ~    [×0.5894, ×1.388]   0.419  1.000  3 pairs ²
	//                               2   180.2   115.5         ~   [×0.4319, ×0.9503]   0.044  0.177  2 pairs ³ ⁴ ⁵
	//
	// ~ not significant at 5 % after Holm over 6 rows; intervals: Student's t, 95 % each, over replicates
	// × ratio b / a; a and b are exp of the mean of ln there
	// ¹ equal in every replicate
	// ² normality assumed, n = 3
	// ³ normality assumed, n = 2
	// ⁴ left out of a: 1 infinite
	// ⁵ left out of b: 1 without a partner
}
