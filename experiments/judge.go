package experiments

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"modelcollapse/configs"
	"modelcollapse/evaluate"
	"modelcollapse/internal/num"
	"modelcollapse/results"
)

// A Judged run has its verdict and the number that stands for it.
type Judged struct {
	evaluate.Verdict
	Law      string    `json:"law,omitempty"` // in words or as a formula, from the config
	Headline *Headline `json:"headline,omitempty"`
	Skipped  []string  `json:"skipped,omitempty"` // tests that a run with overrides cannot make, and why
}

// A Headline is the first number that a config tests: what was measured beside what is predicted.
type Headline struct {
	Series     string    `json:"series"`
	Arm        string    `json:"arm"`
	Node       int       `json:"node,omitempty"`
	Generation int       `json:"generation"`
	Functional string    `json:"functional"`
	Measured   num.Float `json:"measured"`
	Lo         num.Float `json:"lo"` // 95 % t-interval over replicates
	Hi         num.Float `json:"hi"`
	N          int       `json:"n"` // replicates
	Predicted  num.Float `json:"predicted"`
	Law        string    `json:"law"`
	Source     string    `json:"source"`
}

// Judge asks the evidence what a config tests it for. A test that cannot be made of the config is an error; with lenient,
// for runs with overrides that may take an arm or a generation away, it is skipped, and why is said.
func Judge(v configs.Verdict, e Evidence, lenient bool) (Judged, error) {
	j := judging{Evidence: e, alpha: v.Alpha, lenient: lenient}
	for _, a := range e.Arms {
		j.complete(a)
	}
	out := Judged{Law: v.Law}
	for i, t := range v.Tests {
		err := j.check(t)
		if err == nil {
			err = j.test(t)
		}
		switch {
		case err == nil:
		case lenient:
			out.Skipped = append(out.Skipped, fmt.Sprintf("verdict.tests[%d]: %v", i, err))
		default:
			return Judged{}, fmt.Errorf("verdict.tests[%d]: %w", i, err)
		}
	}
	out.Verdict, out.Headline = evaluate.Judge(v.Alpha, j.looks...), j.headline
	return out, nil
}

type judging struct {
	Evidence
	alpha    float64
	lenient  bool
	looks    []evaluate.Look
	headline *Headline
}

func (j *judging) test(t configs.Test) error {
	switch t.Test {
	case "one_step":
		j.steps(t)
	case "line":
		return j.lines(t)
	case "value":
		j.values(t)
	case "less":
		j.less(t)
	}
	return nil
}

// arms are those that a test names, else all.
func (j *judging) arms(t configs.Test) (all []Asked) {
	for _, a := range j.Arms {
		if len(t.Arms) == 0 || slices.Contains(t.Arms, a.Name) {
			all = append(all, a)
		}
	}
	return all
}

// generations are those of an arm that a test names, else the last; of a run that overrides made shorter, its last.
func (j *judging) generations(t configs.Test, a Asked) (all []int) {
	last := a.Config.Generations
	for _, g := range append(slices.Clone(t.Generations), last)[:max(1, len(t.Generations))] {
		if g = min(g, last); !slices.Contains(all, g) {
			all = append(all, g)
		}
	}
	return all
}

// add takes looks at an arm; with several arms they say which.
func (j *judging) add(arm string, margin float64, looks ...evaluate.Look) {
	for _, l := range looks {
		if len(j.Arms) > 1 {
			l.Name = arm + ": " + l.Name
		}
		if l.Margin == 0 {
			l.Margin = margin
		}
		j.looks = append(j.looks, l)
	}
}

// untested is a look that could not be made.
func untested(name, why string) evaluate.Look {
	none := num.Float(math.NaN())
	return evaluate.Look{Name: name, Effect: none, SE: none, DF: none, P: none, Note: why}
}

// complete looks whether an arm has all its replicates, each with all its generations: a chain that is one generation
// short obeys every law of one step.
func (j *judging) complete(a Asked) {
	if a.Missing > 0 {
		j.add(a.Name, 0, untested("replicates", fmt.Sprintf("%d of %d are missing: failed or not run", a.Missing, a.Cells)))
	}
	if a.Short > 0 {
		l := untested("generations", fmt.Sprintf("%d of %d replicates end before generation %d", a.Short, a.Cells, a.Config.Generations))
		l.Effect, l.Unit, l.P, l.N = num.Float(a.Short), "replicates short of generations", 0, a.Cells
		j.add(a.Name, 0, l)
	}
}

// steps looks at every statistic of every arm, nodes pooled.
func (j *judging) steps(t configs.Test) {
	for _, a := range j.arms(t) {
		found := 0
		for _, series := range j.Table.Series() {
			name, ok := strings.CutPrefix(series, "one_step.")
			nodes := j.Table.Nodes(a.Name, series)
			statistic, origin, _ := strings.Cut(name, ".")
			if !ok || len(nodes) == 0 || t.Metric != "" && t.Metric != statistic {
				continue
			}
			found++
			if statistic == "unknown" {
				j.add(a.Name, 0, untested("steps", "nobody knows the law of "+origin+" rows here"))
				continue
			}
			var curves []results.Curves
			for _, n := range nodes {
				curves = append(curves, j.Table.Curves(a.Name, series, n))
			}
			j.add(a.Name, t.Margin, evaluate.Steps(name, curves...)...)
		}
		if found == 0 {
			j.add(a.Name, 0, untested("steps", "there are none: every fit is a point, or no statistic is called "+t.Metric))
		}
	}
}

// lines looks at the generations of a series that a test names. An arm that the test names must have a law; of the
// others those are looked at that have one.
func (j *judging) lines(t configs.Test) error {
	found := 0
	for _, a := range j.arms(t) {
		lines := j.predictions(a.Name, t.Metric)
		if len(lines) == 0 && len(t.Arms) == 0 {
			continue
		}
		for _, g := range j.generations(t, a) {
			at := 0
			for _, p := range lines {
				if p.Generation == g {
					c := j.Table.Curves(a.Name, t.Metric, p.Node)
					j.add(a.Name, t.Margin/float64(max(1, g)), evaluate.AgainstPrediction(c, p))
					j.head(c, p)
					at++
				}
			}
			if found += at; at == 0 {
				j.add(a.Name, 0, untested(fmt.Sprintf("%s, generation %d", t.Metric, g), "no law: "+j.uncovered(a.Name)))
			}
		}
	}
	if found == 0 && len(t.Arms) == 0 {
		return fmt.Errorf("line: no arm has a law of %s at the generations %v", t.Metric, t.Generations)
	}
	return nil
}

// predictions are those of a series of an arm, on the functional that its axis shows.
func (j *judging) predictions(arm, series string) (all []results.Prediction) {
	functional := map[int]string{}
	for _, t := range j.Theory {
		for _, p := range t.Predictions {
			if t.Arm != arm || p.Series != series {
				continue
			}
			if functional[p.Node] == "" {
				functional[p.Node] = j.Table.Curves(arm, series, p.Node).Functional()
			}
			if p.Functional == functional[p.Node] {
				all = append(all, p)
			}
		}
	}
	return all
}

// uncovered is what theories said that they do not cover of an arm.
func (j *judging) uncovered(arm string) string {
	var why []string
	for _, t := range j.Theory {
		for _, p := range t.Predictions {
			if t.Arm == arm && p.Functional == NoLaw {
				why = append(why, p.Source)
			}
		}
	}
	if len(why) == 0 {
		return "none is known"
	}
	return strings.Join(why, "; ")
}

// head remembers the last generation of the first thing that is tested.
func (j *judging) head(c results.Curves, p results.Prediction) {
	h := j.headline
	if h != nil && (h.Series != p.Series || h.Arm != c.Arm || h.Node != p.Node) || p.Generation >= c.Generations() {
		return
	}
	b := c.Band().Points[p.Generation]
	j.headline = &Headline{p.Series, c.Arm, p.Node, p.Generation, p.Functional, num.Float(b.Mid), num.Float(b.Lo), num.Float(b.Hi), b.N,
		num.Float(p.X), p.Law, p.Source}
}

// values compares with what was published, in the generation that it was published for and no other.
func (j *judging) values(t configs.Test) {
	for _, a := range j.arms(t) {
		c := j.Table.Curves(a.Name, t.Metric, 0)
		for _, g := range append(slices.Clone(t.Generations), a.Config.Generations)[:max(1, len(t.Generations))] {
			if g > a.Config.Generations {
				j.add(a.Name, 0, untested(fmt.Sprintf("%s, generation %d", t.Metric, g), "the run does not go that far"))
				continue
			}
			j.add(a.Name, t.Margin, evaluate.AgainstValue(c, g, *t.Value, t.Margin))
			j.head(c, results.Prediction{Series: t.Metric, Generation: g, Functional: c.Functional(), X: *t.Value, Law: "published value"})
		}
	}
}

func (j *judging) less(t configs.Test) {
	first := j.Arms[slices.IndexFunc(j.Arms, func(a Asked) bool { return a.Name == t.Arms[0] })]
	a, b := j.Table.Curves(t.Arms[0], t.Metric, 0), j.Table.Curves(t.Arms[1], t.Metric, 0)
	for _, g := range j.generations(t, first) {
		if g >= min(a.Generations(), b.Generations()) {
			j.looks = append(j.looks, untested(fmt.Sprintf("%s, generation %d", t.Metric, g), "it was not reached in both arms"))
			continue
		}
		j.looks = append(j.looks, evaluate.Less(a, b, g, j.alpha))
	}
}
