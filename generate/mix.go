package generate

import (
	"fmt"
	"math"
)

// Mix learns from a share of real rows and the rest from the last fit, as many in all as generation 0.
type Mix struct {
	Real RealShare `json:"real" doc:"the real rows among those that a generation learns from"`
}

// RealShare is how many real rows, which, and how exactly.
type RealShare struct {
	Share Schedule `json:"share" default:"0.1" min:"0" max:"1" doc:"share of a generation's rows that is real: a number, a list (one a generation, from generation 1), or {start, factor, step}"`
	Rows  string   `json:"rows" default:"fresh" enum:"fresh,fixed,resampled" doc:"fresh: never seen before; fixed: the same ones in every generation; resampled: drawn again from generation 0's rows, without replacement"`
	Per   string   `json:"per" default:"count" enum:"count,draw" doc:"count: exact numbers; draw: each row is real with this chance"`
}

// Over draws synthetic rows as block 0 and real ones as block 1 (exact counts), or a mixture as block 0 (per draw).
// Generation 0 learns from all its real rows, so that every arm has the same budget.
func (w Mix) Over(rows Sizes, generations int) (Workflow, error) {
	if err := w.Real.Share.Check(generations); err != nil {
		return nil, fmt.Errorf("real.share: %w", err)
	}
	if w.Real.Per == "draw" {
		if w.Real.Rows == "fixed" {
			return nil, fmt.Errorf("real.rows: fixed: with real.per draw the number of real rows is random; use fresh or resampled")
		}
		return Steps(func(g int) Step { return w.perDraw(g, rows(g)) }), w.chances(rows, generations)
	}
	if err := w.counts(rows, generations); err != nil {
		return nil, err
	}
	return Steps(func(g int) Step { return w.exact(g, rows(g)) }), nil
}

// reals is how many of the rows of generation g are real, rounded.
func (w Mix) reals(g, rows int) int {
	return int(math.Round(float64(w.Real.Share.At(g) * float64(rows))))
}

// counts reports numbers of real rows that are not what the config seems to say: none at all where the share is above 0
// (a share that falls may end in none), a changing number of fixed ones, more resampled ones than there are.
func (w Mix) counts(rows Sizes, generations int) error {
	asked, most := 0.0, 0
	for g := 1; g <= generations; g++ {
		real := w.reals(g, rows(g))
		asked, most = max(asked, w.Real.Share.At(g)), max(most, real)
		switch {
		case w.Real.Rows == "fixed" && real != w.reals(1, rows(0)):
			return fmt.Errorf("real.rows: fixed: %d real rows are fixed, and generation %d wants %d: a constant real.share without growth, or fresh or resampled rows", w.reals(1, rows(0)), g, real)
		case w.Real.Rows == "resampled" && real > rows(0):
			return fmt.Errorf("real.rows: resampled: generation %d wants %d real rows of the %d of generation 0: use fresh, or less growth", g, real, rows(0))
		}
	}
	if asked > 0 && most == 0 {
		return fmt.Errorf("real.share: %g is less than half a row in every generation: use real.per draw, or more rows", asked)
	}
	return nil
}

// chances reports a generation that may by chance want more rows of generation 0 than there are.
func (w Mix) chances(rows Sizes, generations int) error {
	for g := 1; g <= generations && w.Real.Rows == "resampled"; g++ {
		if most := atMost(rows(g), w.Real.Share.At(g)); most > rows(0) {
			return fmt.Errorf("real.rows: resampled: generation %d may want %d real rows of the %d of generation 0: use fresh, or less growth", g, most, rows(0))
		}
	}
	return nil
}

func (w Mix) perDraw(g, rows int) Step {
	d := drawOf(rows, parent(g))
	if share := w.Real.Share.At(g); g > 0 && share > 0 {
		real := w.origin()
		if real.Prob = share; share < 1 {
			synthetic := parent(g)
			synthetic.Prob = 1 - share
			d.From = []Origin{real, synthetic}
		} else {
			d.From = []Origin{real}
		}
	}
	return Step{[]Draw{d}, learn(block(g, 0))}
}

// origin is where real rows of later generations come from.
func (w Mix) origin() Origin {
	if w.Real.Rows == "resampled" {
		return Origin{Past: []Blocks{block(0, 0)}}
	}
	return Origin{Truth: true}
}

func (w Mix) exact(g, rows int) Step {
	real := w.reals(g, rows)
	fixed := w.Real.Rows == "fixed"
	if g == 0 {
		s := Step{[]Draw{drawOf(rows, parent(0))}, learn(block(0, 0))}
		if fixed && real > 0 {
			s.Draws = append(s.Draws, drawOf(real, Origin{Past: []Blocks{block(0, 0)}}))
		}
		return s
	}
	var s Step
	var blocks []Blocks
	if real < rows {
		s.Draws, blocks = append(s.Draws, drawOf(rows-real, parent(g))), append(blocks, block(g, 0))
	}
	switch {
	case real > 0 && fixed:
		blocks = append(blocks, block(0, 1))
	case real > 0:
		blocks = append(blocks, block(g, len(s.Draws)))
		s.Draws = append(s.Draws, drawOf(real, w.origin()))
	}
	s.Lessons = learn(blocks...)
	return s
}
