package experiments

import "time"

// A Happening is one thing that happened while a study ran, for whoever shows progress.
type Happening struct {
	What       string // "reused", "started", "fit" (under way), "generation", "done", "failed"
	Cell       Cell
	Arm        string
	Generation int     // of "generation" and "fit"
	Done       float64 // of "fit", in [0, 1]
	Note       string  // of "fit"
	Last       int     // the cell's last generation
	Outcome    string
	Err        error // of "failed"
	Took       time.Duration
}

// A Tally of a study under way.
type Tally struct {
	Cells, Done, Reused, Failed int
	Generations, Reached        int // over all cells that were not reused
}

// Count adds a happening to t.
func (t *Tally) Count(h Happening) {
	switch h.What {
	case "reused":
		t.Done, t.Reused = t.Done+1, t.Reused+1
	case "generation":
		t.Reached++
	case "done":
		t.Done++
	case "failed":
		t.Failed++
	}
}

// Left estimates the time to the end from the generations reached; false while nothing was.
func (t Tally) Left(spent time.Duration) (time.Duration, bool) {
	if t.Reached == 0 || t.Generations == 0 {
		return 0, false
	}
	rest := float64(t.Generations-t.Reached) / float64(t.Reached)
	return time.Duration(float64(spent) * max(0, rest)), true
}
