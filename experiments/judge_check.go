package experiments

import (
	"fmt"
	"slices"
	"strings"

	"modelcollapse/configs"
	"modelcollapse/results"
)

// NoLaw is the functional of a prediction that predicts nothing: its source says what theories do not cover.
const NoLaw = "none"

// CheckVerdict finds, before anything runs, tests that cannot be made: of arms, series or generations that are not there.
func (s *Study) CheckVerdict() error {
	j := judging{Evidence: Evidence{Arms: s.asked()}}
	for i, t := range s.Config.Verdict.Tests {
		err := j.check(t)
		if err == nil {
			err = s.checkSeries(t)
		}
		if err != nil {
			return fmt.Errorf("verdict.tests[%d]: %w", i, err)
		}
	}
	return nil
}

// check holds a test against the arms and their generations.
func (j *judging) check(t configs.Test) error {
	var names []string
	for _, a := range j.Arms {
		names = append(names, a.Name)
	}
	for i, arm := range t.Arms {
		switch {
		case !slices.Contains(names, arm):
			return fmt.Errorf("there is no arm %q; there are %s", arm, strings.Join(names, ", "))
		case slices.Contains(t.Arms[:i], arm):
			return fmt.Errorf("the arm %q stands twice", arm)
		}
	}
	for _, a := range j.arms(t) {
		for _, g := range t.Generations {
			switch {
			case g > a.Config.Generations && !j.lenient:
				return fmt.Errorf("generation %d: the run ends at %d", g, a.Config.Generations)
			case g <= a.Config.Generations && !a.Config.Every.Includes(g, a.Config.Generations):
				return fmt.Errorf("generation %d is not measured: it is not among every", g)
			}
		}
	}
	return nil
}

// checkSeries holds a test against what is measured.
func (s *Study) checkSeries(t configs.Test) error {
	want := t.Metric
	if t.Test == "one_step" {
		want = "one_step.mean"
	}
	var known []string
	for _, c := range s.Cells {
		for _, a := range c.runner.Axes() {
			if a.Covers(want) {
				return nil
			}
			if !slices.Contains(known, a.Series) {
				known = append(known, a.Series)
			}
		}
	}
	if t.Test == "one_step" {
		return fmt.Errorf("one_step: the steps are not measured: add one_step to metrics")
	}
	return fmt.Errorf("%s: %s is not measured%s; measured are %s", t.Test, t.Metric, suggestion(t.Metric, known), strings.Join(known, ", "))
}

func suggestion(name string, known []string) string {
	if n := configs.Nearest(name, known); n != "" {
		return fmt.Sprintf("; did you mean %q?", n)
	}
	return ""
}

// reasons are predictions of nothing that say what is not covered.
func reasons(uncovered []string) (all []results.Prediction) {
	for _, why := range uncovered {
		all = append(all, results.Prediction{Functional: NoLaw, Source: why})
	}
	return all
}
