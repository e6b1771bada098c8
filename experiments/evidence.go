package experiments

import (
	"modelcollapse/configs"
	"modelcollapse/results"
)

// Evidence is what a run found, and what theory says of it.
type Evidence struct {
	Arms   []Asked
	Table  *results.Table
	Theory []results.Theory
}

// An Asked arm is one that tests speak of.
type Asked struct {
	Name    string
	Config  configs.Config
	Cells   int // that it is meant to have
	Missing int // of them that are not done: failed, or not run
	Short   int // of them that ended with fewer generations than planned, and not by a named outcome
}

// asked are the arms of a study.
func (s *Study) asked() (all []Asked) {
	for i, a := range s.Arms {
		x := Asked{Name: a.Name, Config: a.Config}
		for _, c := range s.Cells {
			if c.Arm == i {
				x.Cells++
			}
		}
		all = append(all, x)
	}
	return all
}

// EvidenceOf reads the run folder of a study.
func (s *Study) EvidenceOf(r *results.Reader) (e Evidence, err error) {
	e.Arms = s.asked()
	if e.Table, err = r.Table(); err != nil {
		return e, err
	}
	if e.Theory, err = r.Predictions(); err != nil {
		return e, err
	}
	for _, c := range s.Cells {
		seal, done := r.Sealed(c.ID)
		e.Arms[c.Arm].count(done, seal.Outcome, seal.Generations)
	}
	return e, nil
}

// count takes one cell: whether it is done, how it ended, and after how many generations, generation 0 among them.
func (a *Asked) count(done bool, outcome string, generations int) {
	switch {
	case !done:
		a.Missing++
	case outcome == Finished && generations != a.Config.Generations+1:
		a.Short++
	}
}
