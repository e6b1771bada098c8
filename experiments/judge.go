package experiments

import (
	"fmt"
	"slices"
	"strings"

	"modelcollapse/configs"
	"modelcollapse/evaluate"
	"modelcollapse/internal/num"
	"modelcollapse/results"
)

// Evidence is what a run found, and what theory says of it.
type Evidence struct {
	Arms   []string
	Table  *results.Table
	Theory []results.Theory
	Early  map[string]int // replicates of an arm that ended in a named outcome before the last generation
}

// EvidenceOf reads a run folder.
func EvidenceOf(r *results.Reader) (e Evidence, err error) {
	if e.Table, err = r.Table(); err != nil {
		return e, err
	}
	if e.Theory, err = r.Predictions(); err != nil {
		return e, err
	}
	e.Early = map[string]int{}
	for _, a := range r.Manifest().Arms {
		e.Arms = append(e.Arms, a.Name)
	}
	for _, c := range r.Manifest().Cells {
		if s, ok := r.Sealed(c.ID); ok && s.Outcome != Finished {
			e.Early[c.Arm]++
		}
	}
	return e, nil
}

// A Judged run has its verdict and the number that stands for it.
type Judged struct {
	evaluate.Verdict
	Law      string    `json:"law,omitempty"` // in words or as a formula, from the config
	Headline *Headline `json:"headline,omitempty"`
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

// Judge asks the evidence what a config tests it for. An error is a test that cannot be made of this config.
func Judge(c configs.Config, e Evidence) (Judged, error) {
	j := judging{Evidence: e, config: c}
	for i, t := range c.Verdict.Tests {
		if err := j.test(t); err != nil {
			return Judged{}, fmt.Errorf("verdict.tests[%d]: %w", i, err)
		}
	}
	return Judged{evaluate.Judge(c.Verdict.Alpha, j.looks...), c.Verdict.Law, j.headline}, nil
}

type judging struct {
	Evidence
	config   configs.Config
	looks    []evaluate.Look
	headline *Headline
}

func (j *judging) test(t configs.Test) error {
	for _, a := range t.Arms {
		if !slices.Contains(j.Arms, a) {
			return fmt.Errorf("there is no arm %q; there are %s", a, strings.Join(j.Arms, ", "))
		}
	}
	switch t.Test {
	case "one_step":
		return j.steps(t)
	case "line":
		return j.lines(t)
	case "value":
		return j.values(t)
	}
	return j.less(t)
}

// arms are those that a test names, else all.
func (j *judging) arms(t configs.Test) []string {
	if len(t.Arms) > 0 {
		return t.Arms
	}
	return j.Arms
}

// generations are those that a test names, else the last; of a run that was made shorter, its last.
func (j *judging) generations(t configs.Test) (all []int) {
	last := j.config.Generations
	for _, g := range append(t.Generations, last)[:max(1, len(t.Generations))] {
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

// steps looks at every statistic of every arm, nodes pooled, and whether all generations are there.
func (j *judging) steps(t configs.Test) error {
	found := 0
	for _, arm := range j.arms(t) {
		for _, series := range j.Table.Series() {
			name, ok := strings.CutPrefix(series, "one_step.")
			nodes := j.Table.Nodes(arm, series)
			if !ok || len(nodes) == 0 || t.Metric != "" && !strings.HasPrefix(name, t.Metric) {
				continue
			}
			var curves []results.Curves
			for _, n := range nodes {
				curves = append(curves, j.Table.Curves(arm, series, n))
			}
			found++
			j.add(arm, t.Margin, evaluate.Steps(name, curves...)...)
		}
		j.complete(arm)
	}
	if found == 0 {
		return fmt.Errorf("one_step: no steps %s: add one_step to metrics", t.Metric)
	}
	return nil
}

// complete looks whether every replicate of an arm went as far as was planned, by the first series that all
// generations have.
func (j *judging) complete(arm string) {
	for _, series := range j.Table.Series() {
		if strings.HasPrefix(series, "one_step.") || len(j.Table.Nodes(arm, series)) == 0 {
			continue
		}
		c, last := j.Table.Curves(arm, series, j.Table.Nodes(arm, series)[0]), j.config.Generations
		l := evaluate.Complete(c, func(g int) bool { return j.config.Every.Includes(g, last) }, last, j.Early[arm])
		if l.P == 0 {
			j.add(arm, 0, l)
		}
		return
	}
}

// lines looks at the generations of a series for which an arm has a prediction.
func (j *judging) lines(t configs.Test) error {
	found := 0
	for _, arm := range j.arms(t) {
		for _, p := range j.predictions(arm, t.Metric) {
			if !slices.Contains(j.generations(t), p.Generation) {
				continue
			}
			c := j.Table.Curves(arm, t.Metric, p.Node)
			found++
			j.add(arm, t.Margin, evaluate.AgainstPrediction(c, p))
			j.head(c, p)
		}
		j.complete(arm)
	}
	if found == 0 {
		return fmt.Errorf("line: no arm has a law of %s at the generations %v", t.Metric, j.generations(t))
	}
	return nil
}

// predictions are those of a series of an arm, on the functional that its axis shows.
func (j *judging) predictions(arm, series string) (all []results.Prediction) {
	for _, t := range j.Theory {
		for _, p := range t.Predictions {
			c := j.Table.Curves(arm, series, p.Node)
			if t.Arm == arm && p.Series == series && p.Functional == c.Band().Functional {
				all = append(all, p)
			}
		}
	}
	return all
}

// head remembers the last generation of the first thing that is tested.
func (j *judging) head(c results.Curves, p results.Prediction) {
	h := j.headline
	if h != nil && (h.Series != p.Series || h.Arm != c.Arm || h.Node != p.Node) {
		return
	}
	b := c.Band().Points[p.Generation]
	j.headline = &Headline{p.Series, c.Arm, p.Node, p.Generation, p.Functional, num.Float(b.Mid), num.Float(b.Lo), num.Float(b.Hi), b.N,
		num.Float(p.X), p.Law, p.Source}
}

func (j *judging) values(t configs.Test) error {
	for _, arm := range j.arms(t) {
		c := j.Table.Curves(arm, t.Metric, 0)
		if c.Generations() == 0 {
			return fmt.Errorf("value: %s is not measured in arm %s", t.Metric, arm)
		}
		for _, g := range j.generations(t) {
			j.add(arm, t.Margin, evaluate.AgainstValue(c, g, *t.Value, t.Margin))
			if g < c.Generations() {
				j.head(c, results.Prediction{Series: t.Metric, Generation: g, Functional: c.Band().Functional, X: *t.Value, Law: "published value"})
			}
		}
	}
	return nil
}

func (j *judging) less(t configs.Test) error {
	a, b := j.Table.Curves(t.Arms[0], t.Metric, 0), j.Table.Curves(t.Arms[1], t.Metric, 0)
	if a.Generations() == 0 || b.Generations() == 0 {
		return fmt.Errorf("less: %s is not measured in both arms", t.Metric)
	}
	for _, g := range j.generations(t) {
		if g >= min(a.Generations(), b.Generations()) {
			return fmt.Errorf("less: generation %d of %s was not reached", g, t.Metric)
		}
		j.looks = append(j.looks, evaluate.Less(a, b, g, j.config.Verdict.Alpha))
	}
	return nil
}
