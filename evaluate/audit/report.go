package audit

import (
	"slices"

	"modelcollapse/evaluate"
)

// A Report is all that an audit found; audit.json is its JSON.
type Report struct {
	Name      string            `json:"name"`
	Kind      string            `json:"kind"` // table or text
	Read      []Read            `json:"read"`
	Unit      string            `json:"unit"` // of Rows: rows or tokens
	Rows      int               `json:"rows"` // of a side
	Splits    int               `json:"splits"`
	Exchanges int               `json:"exchanges"` // of sides: of the first family, the synthetic set against the real one
	Alpha     float64           `json:"alpha"`
	Seed      uint64            `json:"seed"`
	Results   []Result          `json:"results"` // by part
	Missing   []Missing         `json:"not_measured,omitempty"`
	Gaps      []Gap             `json:"gaps"`
	Hidden    int               `json:"gaps_hidden,omitempty"` // gaps of fewer than 5 real rows, left out
	Words     []string          `json:"words"`                 // plain sentences
	Curves    []Curve           `json:"curves,omitempty"`      // figures beside that of each part
	Canaries  []Exposure        `json:"canaries,omitempty"`    // of texts
	Critical  Number            `json:"critical"`              // standard deviations from the exchanges' mean that reject
	Unknown   map[string]string `json:"-"`                     // statistics that were not measured, with why
	Outcome   evaluate.Outcome  `json:"outcome"`
	Why       string            `json:"why"`
}

// A Read is one set that was read.
type Read struct {
	Set     string   `json:"set"` // real, synthetic, hold-out or canaries
	Files   []string `json:"files"`
	SHA256  string   `json:"sha256"`
	Rows    int      `json:"rows"`
	Columns []string `json:"columns,omitempty"` // "age: numeric, 3 null"
	Notes   []string `json:"notes,omitempty"`   // what was dropped, and why
}

// Missing is what was not measured of a part.
type Missing struct {
	Part string `json:"part"`
	Why  string `json:"why"` // such as "give --holdout: …"
}

// A Gap is what the synthetic set has too few of, a line of gaps.csv.
type Gap struct {
	Kind     string  `json:"kind"`  // category, tail, decile or type
	Name     string  `json:"name"`  // the column or field
	Value    string  `json:"value"` // the category ("(missing)": no value), the type, or an interval: "below 3", "above 9", "from 3 to below 4" or "above 8 up to 9"
	Low      string  `json:"low,omitempty"`
	High     string  `json:"high,omitempty"` // of an interval, the numbers or days in Value
	Expected float64 `json:"expected"`       // rows (or tokens) that a synthetic set of this size should have
	Found    float64 `json:"found"`
	Missing  float64 `json:"missing"`
	Real     int     `json:"-"` // real rows (or tokens) behind it: cells of fewer than 5 are hidden

	burst float64 // how many occur together where one does, of tokens; 0: one
}

// A Curve is a figure of results that belong together by an ordered key, such as deciles of rarity.
type Curve struct {
	Name       string   `json:"name"` // of the file
	Title      string   `json:"title"`
	X, Y       string   `json:"-"`          // labels of axes
	Statistics []string `json:"statistics"` // at x = 1, 2, …
}

// Result is that of a statistic; false: there is none.
func (r *Report) Result(name string) (Result, bool) {
	for _, x := range r.Results {
		if x.Name == name {
			return x, true
		}
	}
	return Result{}, false
}

// miss says that statistics were not measured, and why.
func (r *Report) miss(why string, all ...Statistic) {
	for _, s := range all {
		if m := (Missing{s.Part, why}); !slices.Contains(r.Missing, m) {
			r.Missing = append(r.Missing, m)
		}
		if r.Unknown == nil {
			r.Unknown = map[string]string{}
		}
		r.Unknown[s.Name] = why
	}
}
