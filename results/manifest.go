package results

import (
	"encoding/json"
	"fmt"
	"regexp"
)

// A Manifest is what a run is meant to hold.
type Manifest struct {
	Config []byte // the resolved config, YAML
	Arms   []ArmInfo
	Cells  []CellInfo        // in the order of every table
	Axes   []Axis            // of every series
	Notes  []string          // sentences that every figure states: rows learned from, size of the probe
	Env    map[string]string // versions, CPU, digests of the data
}

// An ArmInfo is one point of the sweep.
type ArmInfo struct {
	Name        string
	Point       [][2]string // swept key and value, in the order of the config
	Generations int         // the last that its chains are meant to reach
}

// A CellInfo is one replicate of one arm.
type CellInfo struct {
	ID        string // its identity: a hash of all that its numbers depend on
	Arm       string
	Replicate int
}

// layout is cells.json.
type layout struct {
	Format int
	Arms   []ArmInfo
	Axes   []Axis
	Notes  []string
	Cells  []CellInfo
}

const layoutFormat = 1

var idForm = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z_-]{0,127}$`)

// check refuses what could not be told apart on disk.
func (m Manifest) check() error {
	arms, ids, places := map[string]bool{}, map[string]bool{}, map[CellInfo]bool{}
	for _, a := range m.Arms {
		if a.Name == "" || arms[a.Name] {
			return fmt.Errorf("arm %q: names must be unique and not empty", a.Name)
		}
		arms[a.Name] = true
	}
	for _, c := range m.Cells {
		place := CellInfo{Arm: c.Arm, Replicate: c.Replicate}
		switch {
		case !idForm.MatchString(c.ID):
			return fmt.Errorf("cell %q: want letters, digits, _ and -, at most 128", c.ID)
		case ids[c.ID]:
			return fmt.Errorf("cell %s: two cells have this identity", c.ID)
		case !arms[c.Arm]:
			return fmt.Errorf("cell %s: there is no arm %q", c.ID, c.Arm)
		case places[place]:
			return fmt.Errorf("cell %s: replicate %d of arm %s exists already", c.ID, c.Replicate, c.Arm)
		}
		ids[c.ID], places[place] = true, true
	}
	return nil
}

func (m Manifest) encode() ([]byte, error) {
	b, err := json.MarshalIndent(layout{layoutFormat, m.Arms, m.Axes, m.Notes, m.Cells}, "", " ")
	return append(b, '\n'), err
}

func decodeManifest(b []byte) (m Manifest, err error) {
	var l layout
	if err := json.Unmarshal(b, &l); err != nil {
		return m, err
	}
	if l.Format != layoutFormat {
		return m, fmt.Errorf("format %d: this version reads format %d: use the version that wrote it", l.Format, layoutFormat)
	}
	m = Manifest{Arms: l.Arms, Axes: l.Axes, Notes: l.Notes, Cells: l.Cells}
	return m, m.check()
}

// Axis returns how a series is drawn: the axis of its name, else of the longest family that it belongs to.
func (m Manifest) Axis(series string) (a Axis, ok bool) {
	best := -1
	for _, x := range m.Axes {
		if n := x.fits(series); n > best {
			a, best = x, n
		}
	}
	return a, best >= 0
}

// planned is how many generations the chains of an arm are meant to have, generation 0 among them; 0: not known.
func (m Manifest) planned(arm string) int {
	for _, a := range m.Arms {
		if a.Name == arm && a.Generations > 0 {
			return a.Generations + 1
		}
	}
	return 0
}
