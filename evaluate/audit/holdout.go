package audit

import (
	"fmt"
	"slices"

	"modelcollapse/generate/text"
)

// fewHeld is how many rows a hold-out has at least: with fewer, an exchange with training rows tells nothing.
const fewHeld = 10

// heldOut refuses a hold-out of too few rows, or one that was trained on, and notes how many of its rows are real rows too.
func (d *table) heldOut() error {
	if d.held == 0 {
		return nil
	}
	if d.held < fewHeld {
		return fmt.Errorf("--holdout: %s: want at least %d", plural(d.held, "row"), fewHeld)
	}
	class, classes := d.classes(slices.Concat(upTo(0, d.real), upTo(d.real+d.synth, d.real+d.synth+d.held)))
	note, err := overlapOf(class[:d.real], class[d.real:], classes, "row")
	if note != "" {
		d.notes = append(d.notes, note)
	}
	return err
}

// overlapOf says how many of a hold-out are equal to a training row or document (one), and refuses one that all are, unless there are so few different
// ones that equal ones say nothing. A class below 0 is none.
func overlapOf(real, held []int32, classes int, one string) (note string, err error) {
	known, different := make([]bool, classes), 0
	for _, c := range real {
		if c >= 0 && !known[c] {
			known[c] = true
			different++
		}
	}
	both := 0
	for _, c := range held {
		if c >= 0 && known[c] {
			both++
		}
	}
	switch {
	case both == 0:
		return "", nil
	case both == len(held) && 2*different > len(real):
		return "", fmt.Errorf("--holdout: all %s are in the real set: give %ss that the generator never saw", plural(len(held), one), one)
	}
	return fmt.Sprintf("%s of the hold-out (of %s) are in the real set as well: what is found of them shows no leak", plural(both, one), grouped(len(held))), nil
}

// heldOut refuses a hold-out of too few documents with words, or one that was trained on, and notes the overlap.
func (t Texts) heldOut() error {
	if t.HoldOut == nil {
		return nil
	}
	at, written := map[string]int32{}, 0
	class := func(d *Documents) (all []int32) {
		for _, s := range d.Texts {
			if len(s) == 0 {
				all = append(all, -1)
				continue
			}
			c, ok := at[s]
			if !ok {
				c = int32(len(at))
				at[s] = c
			}
			all = append(all, c)
		}
		return all
	}
	real, held := class(t.Real), class(t.HoldOut)
	for _, s := range t.HoldOut.Texts {
		if len(text.Marks.Words(s)) > 0 {
			written++
		}
	}
	if written < fewHeld {
		return fmt.Errorf("--holdout: %s with words (of %d): want at least %d", plural(written, "document"), len(held), fewHeld)
	}
	note, err := overlapOf(real, held, len(at), "document")
	if note != "" {
		t.HoldOut.Read.Notes = append(slices.Clone(t.HoldOut.Read.Notes), note)
	}
	return err
}
