// Package audit says how a given synthetic set differs from real data.
//
// An audit is statistics in parts: columns, pairs, tails, diversity, copying and others. Every statistic compares two sides of
// equally many rows, reference and candidate, and so can be computed three ways:
//
//	found   real rows against synthetic ones
//	null    two disjoint halves of the real rows, many times: what found would be of a perfect generator
//	p       the rows of found, with their sides exchanged at random, many times
//
// The null is shown, and the effect is found less its mean. The error rate comes from the exchange, because the null would
// not keep it: given the real rows, the splits of one pool vary less than what another pool would have shown
// (types that two halves share are lost to neither), so that found falls out of the null too often. Under exchange all sides
// come from one law if the generator is perfect, whatever the statistic: the test is exact (Fisher; Pitman 1937), and the
// largest standardised value of every exchange makes it exact for all statistics together (Westfall and Young 1993, step-down
// maxT), which two hundred exchanges can carry where Holm over forty statistics could not: their smallest p is 1/201.
package audit

import (
	"runtime"
)

// Options are what every audit is asked.
type Options struct {
	Name      string  // of the synthetic set, for titles
	Splits    int     // of the null; 0: 200
	Exchanges int     // of sides; 0: as many as splits, and five times as many of up to 30,000 rows (or tokens) of both sets: the critical score is a quantile of them, which few leave to luck
	Alpha     float64 // chance of a false alarm of the whole audit; 0: 0.01
	Seed      uint64  // of every stream
	Jobs      int     // splits at once; 0: as many as there are cores. It decides no number
}

// filled has the defaults.
func (o Options) filled() Options {
	if o.Splits == 0 {
		o.Splits = 200
	}
	if o.Alpha == 0 {
		o.Alpha = 0.01
	}
	if o.Jobs <= 0 {
		o.Jobs = runtime.GOMAXPROCS(0)
	}
	return o
}

// The parts of an audit, in the order in which a report shows them.
const (
	Validity   = "validity"
	Columns    = "columns"
	Pairs      = "pairs"
	Joint      = "joint"
	Tails      = "tail"
	Diversity  = "diversity"
	Duplicates = "duplicates"
	Copying    = "copying"
	Membership = "membership"
	Attribute  = "attributes"
	Utility    = "utility"
)

// Parts are all of them in order.
func Parts() []string {
	return []string{Validity, Columns, Pairs, Joint, Tails, Diversity, Duplicates, Copying, Membership, Attribute, Utility}
}

// A Statistic is one number that compares a candidate side with a reference side, NaN where it cannot be measured.
type Statistic struct {
	Name      string    `json:"name"`             // such as tail_loss.income; with the rows in it where it looks at few: vendi2@1000
	Part      string    `json:"part"`             // one of Parts
	What      string    `json:"what"`             // in plain words: "share of the real 1 % tails that is lost"
	Unit      string    `json:"unit,omitempty"`   // such as share, nats, bits
	Worse     Direction `json:"worse"`            // which way is worse than the null
	Threshold float64   `json:"threshold"`        // the least effect that matters, > 0, in Unit
	Detail    bool      `json:"detail,omitempty"` // one of many (a column's, a decile's), left out of the one screen unless it differs

	limit int // rows of a side that are looked at, at most; 0: all
	leak  int // of counts (copies, cells that are wrong): candidates, or cells, among whom they are counted; 0: no count
	own   of  // what the statistic looks at
}

// of is what a statistic looks at: both sides, the candidate's alone, or every candidate there is (Split.Valid).
type of uint8

const (
	compares of = iota
	ofSide
	ofAll
)

// A Direction is which difference from the null is bad.
type Direction int

// More than the null, less, or either.
const (
	Both Direction = iota
	More
	Less
)

// MarshalText says more, less or both.
func (d Direction) MarshalText() ([]byte, error) {
	return []byte([]string{"both", "more", "less"}[d]), nil
}

// sign turns a difference from the null into one of which more is worse.
func (d Direction) sign(x float64) float64 {
	switch {
	case d == Less:
		return -x
	case d == Both && x < 0:
		return -x
	}
	return x
}

// up is a difference with its sign, so that more is worse; of either direction as it is.
func (d Direction) up(x float64) float64 {
	if d == Less {
		return -x
	}
	return x
}

// An Interval is what splits or exchanges gave.
type Interval struct {
	Mean Number `json:"mean"`
	SD   Number `json:"sd"` // divisor: splits less one
	Low  Number `json:"low"`
	High Number `json:"high"` // 2.5 % and 97.5 % of them
}

// A Result is a statistic with what was found.
type Result struct {
	Statistic
	Found      Number   `json:"found"`
	Null       Interval `json:"null"`       // real against real
	Effect     Number   `json:"effect"`     // found less the null's mean
	P          Number   `json:"p"`          // of this statistic alone, by exchange
	Adjusted   Number   `json:"adjusted"`   // over all statistics of the audit
	Detectable Number   `json:"detectable"` // the least effect that would have been seen with 90 %
	Rows       int      `json:"rows"`       // of each side
	AtMost     Number   `json:"at_most"`    // the largest effect, in the direction that is worse, that what was found leaves possible: a bound of confidence 1 − alpha
	Decides    int      `json:"decides"`    // rows a side that would decide, of an undecided one; 0: unknown
	Answer     Answer   `json:"answer"`
}

// An Answer is what a statistic says.
type Answer string

// Differs: beyond chance and by at least the threshold. Slight: beyond chance and by less. Alike: not beyond chance, and an
// effect that matters would have been seen, or lies above what found leaves possible. Undecided: neither. Unmeasured: there is no
// value.
const (
	Differs    Answer = "differs"
	Slight     Answer = "slight"
	Alike      Answer = "alike"
	Undecided  Answer = "undecided"
	Unmeasured Answer = "unmeasured"
)
