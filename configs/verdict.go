package configs

import "fmt"

// Verdict says what the records of a run are tested for. Its tests are one family.
type Verdict struct {
	Alpha float64 `json:"alpha" default:"0.01" min:"1e-12" max:"0.2" doc:"Chance that a correct run is rejected, over all tests together (Holm)."`
	Tests []Test  `json:"tests" short:"test" doc:"What is tested."`
	Law   string  `json:"law" doc:"The law in words or as a formula, for tables."`
}

// A Test is one question to the records.
type Test struct {
	Test        string   `json:"test" required:"true" enum:"one_step,line,value,less" doc:"one_step: every step obeys its conditional law (metric one_step); line: a series lies on its exact law, or within its bound; value: a series has a published value; less: a series is less in the first of two arms than in the second."`
	Metric      string   `json:"metric" doc:"The series; of one_step: the name of one statistic, empty for all."`
	Arms        []string `json:"arms" doc:"Which arms; of line a named arm must have a law; empty: of line those that have one, else all."`
	Generations []int    `json:"generations" min:"0" doc:"Which generations, of line, value and less; empty: the last."`
	Value       *float64 `json:"value" doc:"Of value: what was published."`
	Margin      float64  `json:"margin" default:"0" min:"0" doc:"The least deviation that matters, in units of the series (of one_step: of a step's standard deviation); 0: none is stated."`
}

// Validate checks what one setting cannot know of another.
func (t Test) Validate() error {
	switch {
	case t.Test != "one_step" && t.Metric == "":
		return fmt.Errorf("%s needs a metric", t.Test)
	case t.Test == "value" && t.Value == nil:
		return fmt.Errorf("value needs a value")
	case t.Test != "value" && t.Value != nil:
		return fmt.Errorf("%s takes no value", t.Test)
	case t.Test == "less" && len(t.Arms) != 2:
		return fmt.Errorf("less needs two arms, got %d", len(t.Arms))
	}
	return nil
}

// Profile holds the thresholds of the collapse profile: eight definitions of model collapse, each answered for every arm.
type Profile struct {
	Level         float64  `json:"level" default:"0.95" min:"0.5" max:"1" doc:"Of the intervals, simultaneous over the eight answers."`
	Risk          string   `json:"risk" doc:"The series that is the population risk; empty: the first that a metric calls one."`
	Trivial       *float64 `json:"trivial" doc:"Risk of a trivial predictor; empty: what the metric says of it."`
	Increase      float64  `json:"increase" default:"0.01" min:"0" doc:"Increase of the risk that matters, relative to generation 0's."`
	Variance      float64  `json:"variance" default:"0.05" min:"0" doc:"Loss of ln variance that matters, in nats."`
	Tail          float64  `json:"tail" default:"0.05" min:"0" doc:"Tail loss above generation 0's that matters."`
	Entanglement  float64  `json:"entanglement" default:"0.05" min:"0" doc:"Mass that the gaps between modes may gain."`
	Hallucination float64  `json:"hallucination" default:"0.01" min:"0" doc:"Mass outside the real support that matters."`
	Scaling       float64  `json:"scaling" default:"0.05" min:"0" doc:"Change of the exponent of risk against rows that matters."`
}
