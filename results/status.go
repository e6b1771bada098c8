package results

import (
	"slices"

	"modelcollapse/internal/journal"
)

// A Status counts the cells of a run.
type Status struct {
	Done, Failed, Missing int             // they add up to the cells of the manifest
	Ended                 []Ended         // of those done, chains that ended before their last generation
	Running               *journal.Holder // who writes the run now; nil: nobody
	Failures              []Failure       // the last of every failed cell
	Damage                []Damage
}

// Ended is an outcome other than that a chain went to its last generation, and how many cells have it.
type Ended struct {
	Outcome string
	Cells   int
}

// Status looks at the run as it is now; cells sealed since the Reader was opened are not Done.
func (r *Reader) Status() (s Status, err error) {
	failed, err := readFailures(r.folder)
	if err != nil {
		return s, err
	}
	last := map[string]Failure{}
	for _, f := range failed {
		last[f.Cell] = f
	}
	for _, c := range r.manifest.Cells {
		f, fails := last[c.ID]
		switch sealed, done := r.index.sealed[c.ID]; {
		case done:
			s.Done++
			s.end(sealed.Seal.Outcome)
		case fails:
			s.Failed++
			s.Failures = append(s.Failures, f)
		default:
			s.Missing++
		}
	}
	s.Damage = r.index.damage
	s.Running, err = journal.HolderOf(r.folder, lockFile)
	return s, err
}

// end counts how a cell ended.
func (s *Status) end(outcome string) {
	if outcome == "finished" {
		return
	}
	i := slices.IndexFunc(s.Ended, func(e Ended) bool { return e.Outcome == outcome })
	if i < 0 {
		i, s.Ended = len(s.Ended), append(s.Ended, Ended{Outcome: outcome})
	}
	s.Ended[i].Cells++
}
