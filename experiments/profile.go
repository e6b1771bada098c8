package experiments

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"modelcollapse/configs"
	"modelcollapse/evaluate"
	"modelcollapse/generate"
	"modelcollapse/results"
)

// Profiles answer the eight definitions of model collapse for every arm of a run.
func Profiles(c configs.Config, m results.Manifest, e Evidence) (all []evaluate.Profile) {
	t := c.Profile
	thresholds := evaluate.Thresholds{Level: t.Level, Increase: t.Increase, Variance: t.Variance, Tail: t.Tail,
		Entanglement: t.Entanglement, Hallucination: t.Hallucination, Scaling: t.Scaling}
	witnesses := make([]evaluate.Witness, len(m.Arms))
	for i, a := range m.Arms {
		witnesses[i] = witness(c, m, e, a.Name)
	}
	for i, a := range m.Arms {
		witnesses[i].Scaling = exponents(m, witnesses, a)
		all = append(all, thresholds.Ask(witnesses[i]))
	}
	return all
}

// missing says what would tell what a role is asked for.
var missing = map[string]string{
	results.RoleRisk:          "measure a risk: model_perplexity, data_perplexity, cross_entropy, kl or risk",
	results.RoleVariance:      "measure a spread: variance, trace or heterozygosity",
	results.RoleTail:          "measure tail_loss",
	results.RoleModes:         "measure between_modes of data with labelled modes",
	results.RoleHallucination: "measure what lies outside the known support: outside_support or validity",
}

// witness is what is known of an arm.
func witness(c configs.Config, m results.Manifest, e Evidence, arm string) evaluate.Witness {
	w := evaluate.Witness{Arm: arm, Series: map[string]results.Curves{}, Trivial: math.NaN(), Limit: math.NaN(), Missing: missing,
		NotApplicable: map[string]string{}}
	if c.Data.Rows != generate.Vectors.Name {
		w.NotApplicable[evaluate.Entanglement] = "the data have no labelled modes"
	}
	for _, a := range m.Axes {
		curves := e.Table.Curves(arm, a.Series, 0)
		if _, known := w.Series[a.Role]; !known && a.Role != "" && curves.Generations() > 0 {
			w.Series[a.Role] = curves
		}
	}
	if c.Profile.Risk != "" {
		w.Series[results.RoleRisk] = e.Table.Curves(arm, c.Profile.Risk, 0)
	}
	risk := w.Series[results.RoleRisk].Series
	for _, t := range e.Theory {
		for _, p := range t.Predictions {
			switch {
			case t.Arm != arm || p.Series != risk:
			case p.Functional == "trivial":
				w.Trivial = p.X
			case p.Functional == "limit":
				w.Limit = p.X
			}
		}
	}
	if c.Profile.Trivial != nil {
		w.Trivial = *c.Profile.Trivial
	}
	return w
}

// exponents are those of the arms that differ from a in their rows alone.
func exponents(m results.Manifest, all []evaluate.Witness, a results.ArmInfo) *evaluate.Exponents {
	others := func(x results.ArmInfo) string {
		var rest []string
		for _, p := range x.Point {
			if p[0] != "rows" {
				rest = append(rest, strings.Join(p[:], "="))
			}
		}
		return strings.Join(rest, ",")
	}
	var rows []float64
	var risks []results.Curves
	for i, b := range m.Arms {
		at := slices.IndexFunc(b.Point, func(p [2]string) bool { return p[0] == "rows" })
		c := all[i].Series[results.RoleRisk]
		if at < 0 || others(a) != others(b) || c.Generations() == 0 {
			continue
		}
		if n, err := strconv.ParseFloat(b.Point[at][1], 64); err == nil {
			rows, risks = append(rows, n), append(risks, c)
		}
	}
	return evaluate.ExponentsOf(rows, risks)
}
