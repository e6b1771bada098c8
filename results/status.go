package results

// A Status counts the cells of a run.
type Status struct {
	Done, Failed, Missing int       // they add up to the cells of the manifest
	Running               *Holder   // who writes the run now; nil: nobody
	Failures              []Failure // the last of every failed cell
	Damage                []Damage
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
		switch _, done := r.index.sealed[c.ID]; {
		case done:
			s.Done++
		case fails:
			s.Failed++
			s.Failures = append(s.Failures, f)
		default:
			s.Missing++
		}
	}
	s.Damage = r.index.damage
	s.Running, err = lockHolder(r.folder)
	return s, err
}
