package generate

import (
	"bytes"
	"encoding/json"
	"fmt"

	"modelcollapse/internal/num"
)

// Rewards are a reward for every category: a list, or by rule.
type Rewards struct {
	list []float64
	rule RewardRule
}

// RewardRule is rewards by the number of the category, which in a Zipf truth is its rank.
type RewardRule struct {
	Rule  string  `json:"rule" default:"first" enum:"first,log" doc:"first: by for the first categories and 0 for others; log: by · ln(number), numbers from 1"`
	First int     `json:"first" default:"1" min:"1" doc:"how many categories are first"`
	By    float64 `json:"by" default:"1" doc:"the reward, or its slope"`
}

// RewardList is the rewards that are listed.
func RewardList(list ...float64) Rewards { return Rewards{list: list} }

// Forms are the ways in which a config may write rewards.
func (Rewards) Forms() []any { return []any{[]float64(nil), RewardRule{}} }

// UnmarshalJSON reads either form.
func (r *Rewards) UnmarshalJSON(b []byte) error {
	*r = Rewards{rule: RewardRule{Rule: "first", First: 1, By: 1}}
	if b = bytes.TrimSpace(b); len(b) > 0 && b[0] == '[' {
		return json.Unmarshal(b, &r.list)
	}
	return json.Unmarshal(b, &r.rule)
}

// MarshalJSON writes what UnmarshalJSON reads.
func (r Rewards) MarshalJSON() ([]byte, error) {
	if r.list != nil {
		return json.Marshal(r.list)
	}
	return json.Marshal(r.rule)
}

// Of are the rewards of so many categories.
func (r Rewards) Of(categories int) ([]float64, error) {
	switch {
	case r.list != nil && len(r.list) != categories:
		return nil, fmt.Errorf("reward: %d numbers for %d categories", len(r.list), categories)
	case r.list != nil:
		return r.list, nil
	case r.rule.Rule == "first" && r.rule.First > categories:
		return nil, fmt.Errorf("reward: first %d of %d categories", r.rule.First, categories)
	}
	out := make([]float64, categories)
	for i := range out {
		switch {
		case r.rule.Rule == "log":
			out[i] = float64(r.rule.By * num.Log(float64(i+1)))
		case i < r.rule.First:
			out[i] = r.rule.By
		}
	}
	return out, nil
}
