package evaluate

import (
	"fmt"
	"math"
	"strings"

	"modelcollapse/internal/num"
)

// A Look is one test of a run against a law. Those who look fill in all but Adjusted and Detectable; Judge does these.
type Look struct {
	Name       string    `json:"name"`                // for example "variance: shift"
	Effect     num.Float `json:"effect"`              // how far the run is from the law, in Unit
	Unit       string    `json:"unit"`                // for example "nats a generation"
	SE         num.Float `json:"se"`                  // of Effect; NaN for a look at shape, which has no size to detect
	DF         num.Float `json:"df"`                  // of Student's t for Effect / SE; +Inf: normal
	P          num.Float `json:"p"`                   // two-sided; NaN: there is no test, and Note says why
	Adjusted   num.Float `json:"adjusted"`            // P after Holm
	Detectable num.Float `json:"detectable"`          // the least |effect| that is rejected with chance Power; NaN without SE
	Margin     float64   `json:"margin"`              // the least |effect| that matters; 0: none was stated
	N          int       `json:"n"`                   // values, or steps, looked at
	Estimated  bool      `json:"estimated,omitempty"` // SE is estimated from N values, not known
	Shown      bool      `json:"shown,omitempty"`     // of a claim of an order: the data show it at alpha
	Undecided  string    `json:"undecided,omitempty"` // of a claim: why the data show neither it nor its opposite
	Note       string    `json:"note,omitempty"`
}

// An Outcome is one of three answers; there is no bare pass.
type Outcome string

// Rejected: a look says so after Holm. Consistent: none does, and a deviation of Detectable would have been seen, or an
// order that was claimed was shown.
// Undecided: no look rejects, but one could not be made, or none could have seen a deviation that matters.
const (
	Rejected   Outcome = "rejected"
	Consistent Outcome = "consistent"
	Undecided  Outcome = "undecided"
)

// A Verdict is what a family of looks says about a law.
type Verdict struct {
	Outcome Outcome `json:"outcome"`
	Alpha   float64 `json:"alpha"` // chance of a false rejection, of the family
	Power   float64 `json:"power"` // with which a deviation of Detectable is rejected
	Looks   []Look  `json:"looks"`
	Why     string  `json:"why"` // one sentence
}

// Judge puts looks at one law together: Holm keeps the chance to reject a correct run at most alpha. Detectable
// takes the strictest level that Holm asks of a look, alpha / looks, and so is not smaller than it need be.
func Judge(alpha float64, looks ...Look) Verdict {
	v := Verdict{Alpha: alpha, Power: 0.9, Looks: append([]Look{}, looks...)}
	p, tests := make([]float64, len(looks)), 0
	for i, l := range looks {
		p[i] = float64(l.P)
		if p[i] == p[i] {
			tests++
		}
	}
	for i, q := range Holm(p) {
		l := &v.Looks[i]
		l.Adjusted, l.Detectable = num.Float(q), num.Float(math.NaN())
		if l.SE > 0 && q == q {
			l.Detectable = num.Float(detectable(*l, alpha/float64(tests), v.Power))
		}
	}
	v.Outcome, v.Why = v.answer()
	return v
}

// detectable is the deviation that a test at a level rejects with a power: for a known standard error σ, (z + q) σ with z
// the quantile of the level and q of the power. Where the error is estimated from df degrees of freedom the t of another
// run is noncentral, about normal with mean δ/σ·(1 − 1/4df)⁻¹ and variance 1 + t²/2df (Johnson and Welch 1940), and σ itself may
// be larger than it was estimated: its upper confidence limit at the level of the power stands for it, so that the
// statement holds with about that confidence.
func detectable(l Look, level, power float64) float64 {
	df, q := float64(l.DF), num.NormalQuantile(power)
	t := num.StudentTQuantile(1-level/2, df)
	if !l.Estimated || df > 1e6 {
		return float64(float64(l.SE) * (t + q))
	}
	upper := math.Sqrt(df / (2 * num.GammaQuantile(1-power, df/2)))
	shift := float64(t*(1-1/(4*df))) + float64(q*math.Sqrt(1+float64(t*t)/(2*df)))
	return float64(float64(float64(l.SE)*upper) * shift)
}

// most is how many looks a reason names.
const most = 3

// answer decides and says why, effect sizes first.
func (v Verdict) answer() (Outcome, string) {
	var against, untested, shown, seen, weak []string
	for _, l := range v.Looks {
		switch {
		case l.P != l.P:
			untested = append(untested, l.Name+" was not tested: "+l.Note)
		case float64(l.Adjusted) <= v.Alpha:
			against = append(against, fmt.Sprintf("%s off by %.3g %s (p = %.2g after Holm)", l.Name, float64(l.Effect), l.Unit, float64(l.Adjusted)))
		case l.Undecided != "":
			weak = append(weak, l.Name+": "+l.Undecided)
		case l.Shown:
			shown = append(shown, l.Name)
		case math.IsInf(float64(l.Detectable), 0):
			weak = append(weak, l.Name+": no deviation would have been seen")
		case l.Detectable != l.Detectable:
		case l.Margin > 0 && float64(l.Detectable) > l.Margin:
			weak = append(weak, fmt.Sprintf("%s: only ≥ %.2g %s would have been seen with %.0f %%, and %.2g matters",
				l.Name, float64(l.Detectable), l.Unit, 100*v.Power, l.Margin))
		default:
			seen = append(seen, fmt.Sprintf("%.2g %s (%s)", float64(l.Detectable), l.Unit, l.Name))
		}
	}
	switch {
	case len(against) > 0:
		return Rejected, listed(against, "; ")
	case len(untested)+len(weak) > 0:
		return Undecided, listed(append(untested, weak...), "; ")
	case len(seen)+len(shown) == 0:
		return Undecided, "no look says what it would have seen"
	case len(seen) == 0:
		return Consistent, "shown: " + listed(shown, "; ")
	}
	why := fmt.Sprintf("a deviation of ≥ %s would have been seen with %.0f %%", listed(seen, ", or of ≥ "), 100*v.Power)
	if len(shown) > 0 {
		why = "shown: " + listed(shown, "; ") + "; " + why
	}
	return Consistent, why
}

// listed joins the first few and counts the others.
func listed(all []string, by string) string {
	text := strings.Join(all[:min(len(all), most)], by)
	if left := len(all) - most; left > 0 {
		text += fmt.Sprintf(" (and %d more)", left)
	}
	return text
}

// String is the outcome and its reason.
func (v Verdict) String() string { return string(v.Outcome) + ": " + v.Why }
