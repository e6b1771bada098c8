package draw

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"modelcollapse/results/figure"
)

// A summary is what the caption of a scatter has to say.
type summary struct {
	arms        []string // with the number of its replicate each
	replicates  []int
	real, fresh int // the most rows of a panel
	lost        int // rows with a value that is not a number
	beyond      int // rows outside of the axes
	left        int // arms that are not shown
	contours    bool
	narrow      bool // a density without contours
	ended       bool // a panel without rows
}

func (s *summary) replicate(c clouds) {
	s.arms = append(s.arms, fmt.Sprintf("%s %d", c.name, c.replicate))
	if !slices.Contains(s.replicates, c.replicate) {
		s.replicates = append(s.replicates, c.replicate)
	}
}

func (s *summary) count(real, fresh figure.Points) {
	s.real, s.fresh = max(s.real, len(real.X)), max(s.fresh, len(fresh.X))
	for i := range fresh.X {
		if math.IsNaN(fresh.X[i]) || math.IsNaN(fresh.Y[i]) {
			s.lost++
		}
	}
}

func (s *summary) caption() []string {
	replicate := fmt.Sprintf("Replicate %d.", s.replicates[0])
	if len(s.replicates) > 1 {
		replicate = "Replicates: " + strings.Join(s.arms, ", ") + "."
	}
	say := []string{replicate, fmt.Sprintf("Grey: %d real rows; colour: %d fresh rows of each generation’s fit.", s.real, s.fresh)}
	if s.contours {
		say = append(say, "Contours hold "+percents()+" of the fit’s mass, on a grid over the real rows.")
	}
	if s.narrow {
		say = append(say, "Without contours: the density is not finite, or narrower than the grid.")
	}
	if s.beyond > 0 {
		say = append(say, fmt.Sprintf("Open dots on the edge: rows beyond the axes (%d).", s.beyond))
	}
	if s.lost > 0 {
		say = append(say, fmt.Sprintf("%d rows are not numbers, and not shown.", s.lost))
	}
	if s.ended {
		say = append(say, "No data: that generation is not on record.")
	}
	if s.left > 0 {
		say = append(say, fmt.Sprintf("%d further arms are not shown.", s.left))
	}
	return say
}

// beyond counts the synthetic rows outside of the axes of their panels.
func beyond(panels []figure.Panel) (n int) {
	outside := func(a figure.Axis, x float64) bool {
		return a.Min != nil && (x < *a.Min || x > *a.Max) || math.IsInf(x, 0)
	}
	for _, p := range panels {
		for _, c := range p.Points {
			for i := range c.X {
				number := !math.IsNaN(c.X[i]) && !math.IsNaN(c.Y[i])
				if !c.Ground && number && (outside(p.X, c.X[i]) || outside(p.Y, c.Y[i])) {
					n++
				}
			}
		}
	}
	return n
}
