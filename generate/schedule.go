package generate

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// A Schedule is a number for every generation from 1 on: a constant, a list, or start · factor^(g−1) + step · (g−1),
// kept within [0, 1].
type Schedule struct {
	list []float64 // one a generation, from generation 1
	rule Rate
}

// Rate is a schedule by rule.
type Rate struct {
	Start  float64 `json:"start" doc:"the value of generation 1"`
	Factor float64 `json:"factor" default:"1" doc:"what it is multiplied by from one generation to the next"`
	Step   float64 `json:"step" default:"0" doc:"what is added from one generation to the next"`
}

// ConstantSchedule is the schedule that is x in every generation.
func ConstantSchedule(x float64) Schedule { return Schedule{rule: Rate{x, 1, 0}} }

// Forms are the ways in which a config may write a schedule.
func (Schedule) Forms() []any { return []any{float64(0), []float64(nil), Rate{}} }

// UnmarshalJSON reads any of the forms.
func (s *Schedule) UnmarshalJSON(b []byte) error {
	*s = Schedule{rule: Rate{Factor: 1}}
	switch b = bytes.TrimSpace(b); {
	case len(b) > 0 && b[0] == '[':
		return json.Unmarshal(b, &s.list)
	case len(b) > 0 && b[0] == '{':
		return json.Unmarshal(b, &s.rule)
	}
	return json.Unmarshal(b, &s.rule.Start)
}

// MarshalJSON writes the shortest form.
func (s Schedule) MarshalJSON() ([]byte, error) {
	if s.list != nil {
		return json.Marshal(s.list)
	}
	if s.rule.Factor == 1 && s.rule.Step == 0 {
		return json.Marshal(s.rule.Start)
	}
	return json.Marshal(s.rule)
}

// At is the value of generation g ≥ 1; generation 0 has none and reads as generation 1.
func (s Schedule) At(g int) float64 {
	g = max(g, 1)
	if len(s.list) > 0 {
		return s.list[min(g, len(s.list))-1]
	}
	x := s.rule.Start
	for range g - 1 {
		x = float64(x * s.rule.Factor)
	}
	return min(1, max(0, x+float64(s.rule.Step*float64(g-1))))
}

// Check reports a list that does not cover the generations, values outside [0, 1], and a rule that starts outside or
// alternates: only what a rule comes to later is kept within.
func (s Schedule) Check(generations int) error {
	switch r := s.rule; {
	case s.list != nil:
	case !(r.Start >= 0 && r.Start <= 1):
		return fmt.Errorf("%g in generation 1: must lie in [0, 1]", r.Start)
	case !(r.Factor >= 0):
		return fmt.Errorf("factor: %g: must be at least 0", r.Factor)
	}
	if s.list != nil && len(s.list) < generations {
		return fmt.Errorf("a list of %d for %d generations", len(s.list), generations)
	}
	for g := 1; g <= generations; g++ {
		if x := s.At(g); !(x >= 0 && x <= 1) {
			return fmt.Errorf("%g in generation %d: must lie in [0, 1]", x, g)
		}
	}
	return nil
}

// Constant reports whether every generation has the same value.
func (s Schedule) Constant(generations int) bool {
	for g := 2; g <= generations; g++ {
		if s.At(g) != s.At(1) {
			return false
		}
	}
	return true
}
