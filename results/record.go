package results

import "strings"

// A Record is what one generation of one cell left behind.
type Record struct {
	Generation int
	Draws      []Realised // one a draw of the plan, in order
	Values     []Value    // in the order of the metrics; none in a generation that is not measured
	Note       string     // why a fit is degenerate, a block stayed short or the chain ended here; empty: nothing to say
}

// Realised is where the draws of a block came from, as it happened.
type Realised struct {
	Real, Synthetic, Past int64 // draws by origin, before interventions
	Dropped               int64 // by interventions
}

// A Value is one measurement of one node.
type Value struct {
	Node   int
	Series string // kind[.part][@n][{scorer}], for example tail_loss.bigram, distinct.2@100000, data_perplexity{jm}
	X      float64
}

// A Prediction is one point of a theory line, so that a line is drawn by who knows no model.
type Prediction struct {
	Node, Generation int
	Series           string
	Functional       string  // what of the replicates it predicts: "mean", "mean of ln" (the line is exp of it), "median"
	Law              string  // its name in the legend, for example "Galton–Watson"
	Source           string  // paper and equation
	X, Lo, Hi        float64 // Lo and Hi: a bound or a band; equal to X when there is none
}

// An Axis says how a series is drawn and read.
type Axis struct {
	Series string  // or a prefix that ends in * for a family of series
	Label  string  // with unit, for example "data perplexity (per token)"
	Log    bool    // replicates are averaged and drawn on the log scale
	Better int     // +1 more is better, −1 less is better, 0 neither
	Zero   float64 // the value that means no change, for paired differences; ignored on a log axis
	Role   string  // what it is to the collapse profile; "": nothing
}

// The roles of series in a collapse profile.
const (
	RoleRisk          = "risk"          // population risk
	RoleVariance      = "variance"      //
	RoleLogVariance   = "ln variance"   // already a logarithm
	RoleTail          = "tail"          // loss of the real tail
	RoleModes         = "modes"         // mass between labelled modes
	RoleHallucination = "hallucination" // mass outside the real support
)

// Covers reports whether the axis describes a series.
func (a Axis) Covers(series string) bool { return a.fits(series) >= 0 }

// fits returns how closely the axis describes a series: -1 not at all, more for a longer family, most for its name.
func (a Axis) fits(series string) int {
	if a.Series == series {
		return len(series) + 1
	}
	if family, ok := strings.CutSuffix(a.Series, "*"); ok && strings.HasPrefix(series, family) {
		return len(family)
	}
	return -1
}
