package experiments

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"modelcollapse/results"
)

// Manifest is what a run folder of this study is meant to hold.
func (s *Study) Manifest(config []byte, env map[string]string) results.Manifest {
	m := results.Manifest{Config: config, Env: env, Notes: s.notes()}
	for _, a := range s.Arms {
		info := results.ArmInfo{Name: a.Name}
		for _, p := range a.Point {
			info.Point = append(info.Point, [2]string{p.Path, p.Value})
		}
		m.Arms = append(m.Arms, info)
	}
	seen := map[string]bool{}
	for _, c := range s.Cells {
		m.Cells = append(m.Cells, results.CellInfo{ID: c.ID, Arm: s.Arms[c.Arm].Name, Replicate: c.Replicate})
		for _, a := range c.runner.Axes() {
			if !seen[a.Series] {
				seen[a.Series] = true
				m.Axes = append(m.Axes, a)
			}
		}
	}
	slices.SortStableFunc(m.Cells, func(a, b results.CellInfo) int {
		return s.armIndex(a.Arm) - s.armIndex(b.Arm)
	})
	return m
}

func (s *Study) armIndex(name string) int {
	return slices.IndexFunc(s.Arms, func(a Arm) bool { return a.Name == name })
}

// Predictions are the theory lines of every arm, for its first replicate: replicates share them, unless the split varies.
func (s *Study) Predictions(ctx context.Context) (all []results.Theory, err error) {
	for i, a := range s.Arms {
		first := slices.IndexFunc(s.Cells, func(c Cell) bool { return c.Arm == i })
		lines, err := s.Cells[first].runner.Predict(ctx, s.Cells[first].Key)
		if err != nil {
			return nil, fmt.Errorf("arm %s: %w", a.Name, err)
		}
		all = append(all, results.Theory{Arm: a.Name, Predictions: lines})
	}
	return all, nil
}

// notes are the sentences that every figure of the study states: what a replicate varies over, how many rows each
// arm learned from, and how many fresh rows were measured.
func (s *Study) notes() (notes []string) {
	over := "A replicate is another chain"
	if s.Arms[0].Digest != "" {
		over += " on the same corpus and split"
		if s.Config.Vary == "split" {
			over = "A replicate is another split of the corpus and another chain"
		}
	}
	notes = append(notes, over+".")
	var learned []string
	for i, a := range s.Arms {
		first := slices.IndexFunc(s.Cells, func(c Cell) bool { return c.Arm == i })
		learned = append(learned, a.Name+" "+learnedFrom(s.Cells[first].runner))
	}
	rows := "Rows learned from in a generation: "
	if same := allSame(learned); same != "" {
		notes = append(notes, rows+same+" in every arm.")
	} else {
		notes = append(notes, rows+strings.Join(learned, "; ")+".")
	}
	if f := s.Arms[0].Facts; f.Probe > 0 {
		what := "rows"
		if f.Kind == "tokens" {
			what = "tokens"
		}
		notes = append(notes, fmt.Sprintf("Measured on %s fresh %s of the model in every arm and generation.", Thousands(f.Probe), what))
	}
	return notes
}

// learnedFrom says how many rows a plan learns from: one number, or the first and the last.
func learnedFrom(r Runner) string {
	p := r.Plan()
	first, last := p.Learned(0, 0), p.Learned(p.Generations(), 0)
	if first == last {
		return Thousands(first)
	}
	return Thousands(first) + " to " + Thousands(last)
}

func allSame(armed []string) string {
	same := ""
	for i, a := range armed {
		_, n, _ := strings.Cut(a, " ")
		if i > 0 && n != same {
			return ""
		}
		same = n
	}
	return same
}

// Thousands writes 1234567 as 1,234,567, and numbers beyond 10^12 as powers.
func Thousands(n int) string {
	if n >= 1e12 {
		return strconv.FormatFloat(float64(n), 'g', 4, 64)
	}
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
