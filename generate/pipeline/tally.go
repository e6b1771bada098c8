package pipeline

// A Tally counts what became of the records and answers of one stage.
type Tally struct {
	Stage   string         `json:"stage"`
	Entered int            `json:"entered"`           // records that reached it, each once as the trail has them; of a source: that it gave, over all passes
	Made    int            `json:"made,omitempty"`    // records that it made
	Dropped int            `json:"dropped,omitempty"` // records that it dropped, of those that reached it or that it made
	Why     map[string]int `json:"why,omitempty"`     // dropped ones by reason
	Answers *Answers       `json:"answers,omitempty"` // nil: it asks nobody
	Retest  *Retest        `json:"retest,omitempty"`
	Order   *Order         `json:"order,omitempty"`
	Cost    float64        `json:"cost,omitempty"` // in the currency of the prices
	Tokens  int64          `json:"tokens,omitempty"`
}

// Answers counts answers by how they came into form.
type Answers struct {
	Valid    int `json:"valid"`    // as they came
	Repaired int `json:"repaired"` // cut to their JSON, less fences and stray commas
	Reasked  int `json:"re_asked"` // in form after the model was told what was wrong
	Invalid  int `json:"invalid"`  // never in form
	Failed   int `json:"failed"`   // the server gave no answer
	Calls    int `json:"calls"`    // all of them, those of re-asking among them
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
