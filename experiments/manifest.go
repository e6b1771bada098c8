package experiments

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"modelcollapse/generate"
	"modelcollapse/results"
)

// Manifest is what a run folder of this study is meant to hold.
func (s *Study) Manifest(config []byte, env map[string]string) results.Manifest {
	m := results.Manifest{Config: config, Env: env, Notes: s.notes()}
	for _, a := range s.Arms {
		info := results.ArmInfo{Name: a.Name, Generations: a.Config.Generations}
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

// Predictions are the theory lines of every arm, for its first replicate: replicates share them. Where the split
// varies each replicate has lines of its own, and none is drawn.
func (s *Study) Predictions(ctx context.Context) (all []results.Theory, err error) {
	if s.Config.Vary == "split" {
		return nil, nil
	}
	for i, a := range s.Arms {
		first := slices.IndexFunc(s.Cells, func(c Cell) bool { return c.Arm == i })
		lines, uncovered, err := s.Cells[first].runner.Predict(ctx, s.Cells[first].Key)
		if err != nil {
			return nil, fmt.Errorf("arm %s: %w", a.Name, s.words.error(err))
		}
		all = append(all, results.Theory{Arm: a.Name, Predictions: append(lines, reasons(s.plain(uncovered))...)})
	}
	return all, nil
}

// Laws says of an arm which series have a theory line, and what theories do not cover of it.
func (s *Study) Laws(ctx context.Context, arm int) (series, uncovered []string, err error) {
	first := slices.IndexFunc(s.Cells, func(c Cell) bool { return c.Arm == arm })
	lines, uncovered, err := s.Cells[first].runner.Predict(ctx, s.Cells[first].Key)
	for _, p := range lines {
		if name := fmt.Sprintf("%s (%s)", p.Series, p.Functional); !slices.Contains(series, name) {
			series = append(series, name)
		}
	}
	return series, s.plain(uncovered), err
}

// plain are reasons in the words of configs.
func (s *Study) plain(reasons []string) (out []string) {
	for _, why := range reasons {
		out = append(out, s.words.plain(why))
	}
	return out
}

// notes are the sentences that every figure of the study states: what a replicate varies over, how many rows each
// arm learned from, and how many fresh rows were measured.
func (s *Study) notes() (notes []string) {
	if len(s.Cells) > len(s.Arms) {
		notes = append(notes, s.varies())
	}
	notes = append(notes, "Rows learned from in a generation: "+s.learned()+".")
	if f := s.Arms[0].Facts; f.Probe > 0 {
		what := "rows"
		if f.Kind == generate.TokenRows.Name {
			what = "tokens"
		}
		notes = append(notes, fmt.Sprintf("What is measured on fresh rows is measured on %s %s of the model in every arm and generation.", Thousands(f.Probe), what))
	}
	return notes
}

func (s *Study) varies() string {
	switch {
	case s.Config.Vary == "split":
		return "A replicate is another split of the data and another chain."
	case s.Arms[0].Digest != "":
		return "A replicate is another chain on the same data and split."
	}
	return "A replicate is another chain."
}

// manyArms are more than a caption lists by name.
const manyArms = 12

// learned says how many rows the arms learn from: what most of them do, then the others by name; of many arms the range.
func (s *Study) learned() string {
	arms, counts := map[string][]string{}, []string{}
	least, most := math.MaxInt, 0
	for i, a := range s.Arms {
		first := slices.IndexFunc(s.Cells, func(c Cell) bool { return c.Arm == i })
		p := s.Cells[first].runner.Plan()
		begin, end := p.Learned(0, 0), p.Learned(p.Generations(), 0)
		least, most = min(least, begin, end), max(most, begin, end)
		n := learnedFrom(p)
		if arms[n] == nil {
			counts = append(counts, n)
		}
		arms[n] = append(arms[n], a.Name)
	}
	slices.SortStableFunc(counts, func(a, b string) int { return len(arms[b]) - len(arms[a]) })
	if len(counts) == 1 {
		return counts[0]
	}
	if len(s.Arms) > manyArms {
		return fmt.Sprintf("%s to %s, by arm", Thousands(least), Thousands(most))
	}
	var others []string
	for _, n := range counts[1:] {
		others = append(others, fmt.Sprintf("%s (%s)", strings.Join(arms[n], ", "), n))
	}
	return counts[0] + " in every arm but " + strings.Join(others, ", ")
}

// learnedFrom says how many rows a plan learns from: one number, or the first and the last.
func learnedFrom(p *generate.Plan) string {
	first, last := p.Learned(0, 0), p.Learned(p.Generations(), 0)
	if first == last {
		return Thousands(first)
	}
	return Thousands(first) + " to " + Thousands(last)
}

// Thousands writes 1234567 as 1,234,567, and from 10^12 on powers of ten in the markup of figures.
func Thousands(n int) string {
	if n >= 1e12 {
		digits, power, _ := strings.Cut(strconv.FormatFloat(float64(n), 'e', -1, 64), "e+")
		return strings.TrimPrefix(digits+"·", "1·") + "10^{" + power + "}"
	}
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
