package pipeline

import (
	"fmt"
	"slices"
	"strings"

	"modelcollapse/internal/show"
)

// A Tally counts what became of the records and answers of one stage.
type Tally struct {
	Stage   string         `json:"stage"`
	Entered int            `json:"entered"`           // records that reached it, each once as the trail has them; of a source: that it gave, over all passes
	Made    int            `json:"made,omitempty"`    // records that it made
	Dropped int            `json:"dropped,omitempty"` // records that it dropped, of those that reached it or that it made
	Why     map[string]int `json:"why,omitempty"`     // dropped ones by reason
	Answers *Answers       `json:"answers,omitempty"` // nil: it asks nobody
	Failure string         `json:"failure,omitempty"` // why most of the failed answers failed
	Retest  *Retest        `json:"retest,omitempty"`
	Order   *Order         `json:"order,omitempty"`
	Cost    float64        `json:"cost,omitempty"` // in the currency of the prices
	Tokens  int64          `json:"tokens,omitempty"`

	failures map[string]int // answers by why they failed, of the first maxFailures reasons
}

// maxFailures bounds how many reasons are counted: some servers say something else each time.
const maxFailures = 256

// failed notes why an answer failed.
func (t *Tally) failed(why string) {
	if t.failures == nil {
		t.failures = map[string]int{}
	}
	why = show.Line(strings.TrimPrefix(why, "failed: "), 200)
	if _, known := t.failures[why]; known || len(t.failures) < maxFailures {
		t.failures[why]++
	}
	if t.failures[why] > t.failures[t.Failure] {
		t.Failure = why
	}
}

// Reasons says why records were dropped, by falling number, and what the server said where it gave no answers. What is of
// others' making is on one line, cut, and as it came otherwise.
func (t *Tally) Reasons() (all []string) {
	names := sortedKeys(t.Why)
	slices.SortStableFunc(names, func(a, b string) int { return t.Why[b] - t.Why[a] })
	for _, name := range names {
		all = append(all, fmt.Sprintf("%s: %d", show.Line(name, 40), t.Why[name]))
	}
	if t.Failure != "" {
		all = append(all, fmt.Sprintf("the server: %s", show.Line(t.Failure, 80)))
	}
	return all
}

// Answers counts answers by how they came into form.
type Answers struct {
	Valid    int `json:"valid"`             // as they came
	Repaired int `json:"repaired"`          // cut to their JSON, less fences and stray commas
	Reasked  int `json:"re_asked"`          // in form after the model was told what was wrong
	Invalid  int `json:"invalid"`           // never in form
	Failed   int `json:"failed"`            // the server gave no answer, or kept it back
	Passing  int `json:"passing,omitempty"` // of the failed ones: for reasons that pass
	Cut      int `json:"cut,omitempty"`     // of those in form: cut short at max_tokens
	Calls    int `json:"calls"`             // all of them, those of re-asking among them
}

// Retest says how a judge answers the same question twice.
type Retest struct {
	Pairs  int     `json:"pairs"`
	Equal  int     `json:"equal"`           // pairs with the same score
	Spread float64 `json:"mean_difference"` // mean |difference| of the scores
}

// Order says what the order of two candidates does to a judge that sees each pair both ways round.
type Order struct {
	Pairs  int `json:"pairs"`
	First  int `json:"first"`  // pairs in which the candidate shown first won both times
	Second int `json:"second"` // pairs in which the one shown second did
}

// Bias is the share of pairs that were decided by their place alone, the first place's less the second's: 0 is none.
func (o Order) Bias() float64 {
	if o.Pairs == 0 {
		return 0
	}
	return float64(o.First-o.Second) / float64(o.Pairs)
}

// dropped notes records that a stage dropped.
func (t *Tally) dropped(why string) {
	t.Dropped++
	if t.Why == nil {
		t.Why = map[string]int{}
	}
	t.Why[why]++
}
