package pipeline

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"

	"modelcollapse/generate"
	"modelcollapse/generate/llm"
)

// Judge has the model score each record by a rubric. It adds the score as a field, and drops what scores too low.
type Judge struct {
	System   string       `json:"system" doc:"template of the system message; empty: there is none"`
	Rubric   string       `json:"rubric" required:"true" doc:"template of the question: what is judged, and what each score means"`
	Score    string       `json:"score" default:"score" doc:"the field that the score becomes"`
	Explain  string       `json:"explain" doc:"the field that the reason becomes; empty: none is asked for"`
	Lowest   int          `json:"lowest" default:"1" doc:"score"`
	Highest  int          `json:"highest" default:"5" doc:"score"`
	Keep     *float64     `json:"keep" doc:"the least score that is kept; empty: nothing is dropped for its score"`
	Unformed string       `json:"unformed" default:"drop" enum:"drop,keep" doc:"what happens to a record whose judgement is never in form"`
	Retest   float64      `json:"retest" default:"0" min:"0" max:"1" doc:"share of the records that are judged a second time, to say how far the judge agrees with itself; the second score decides nothing"`
	Reasks   int          `json:"re_asks" default:"2" min:"0" max:"20" doc:"how often a judgement that is not in form is asked for again"`
	Sampling llm.Sampling `json:"sampling"`
	Endpoint string       `json:"endpoint" doc:"one of endpoints, by its name; empty: that of the pipeline"`
}

// Validate checks what one setting cannot know of another.
func (j Judge) Validate() error {
	if j.Lowest >= j.Highest {
		return fmt.Errorf("lowest %d is not below highest %d", j.Lowest, j.Highest)
	}
	if j.Keep != nil && (*j.Keep < float64(j.Lowest) || *j.Keep > float64(j.Highest)) {
		return fmt.Errorf("keep %g is not between lowest %d and highest %d", *j.Keep, j.Lowest, j.Highest)
	}
	for _, name := range []string{j.Score, j.Explain} {
		if err := checkField(name); err != nil && name != "" {
			return err
		}
	}
	return nil
}

// Open implements Stage.
func (j Judge) Open(e *Env) (any, error) {
	properties := map[string]any{j.Score: map[string]any{"type": "integer", "minimum": j.Lowest, "maximum": j.Highest}}
	required := []any{j.Score}
	if j.Explain != "" {
		properties[j.Explain] = map[string]any{"type": "string", "minLength": 1}
		required = []any{j.Explain, j.Score}
	}
	f, err := schemaForm(map[string]any{"type": "object", "properties": properties, "required": required, "additionalProperties": false})
	if err != nil {
		return nil, err
	}
	server, err := e.server(j.Endpoint)
	if err != nil {
		return nil, err
	}
	out := &judge{Judge: j, env: e, asker: asker{e, server, f, j.Reasks}}
	var e1, e2 error
	out.system, e1 = e.template("system", j.System)
	out.rubric, e2 = e.template("rubric", j.Rubric)
	if err := errors.Join(e1, e2); err != nil {
		return nil, err
	}
	e.calls = append(e.calls, cost{server: j.Endpoint, each: 1 + j.Retest, most: 1 + int(math.Ceil(j.Retest)), reasks: j.Reasks,
		prompt: prompted(e.Fields.sizes, out.system, out.rubric), schema: len(f.raw), sampling: j.Sampling})
	for _, name := range required {
		e.Fields.sized(writtenSize(j.Sampling, len(required)), j.Unformed == "keep", name.(string))
		if j.Unformed == "keep" {
			e.may(name.(string), "the judge may not have answered in form")
		} else {
			e.Fields.add(name.(string))
		}
	}
	return out, nil
}

type judge struct {
	Judge
	env            *Env
	asker          asker
	system, rubric *Template
}

// Name implements generate.Intervention.
func (j *judge) Name() string { return j.env.Name }

// Apply asks about every record, and again about a share of them.
func (j *judge) Apply(ctx context.Context, b generate.Batch[Record]) error {
	var calls, second []llm.Call
	var again []int
	for i, r := range b.Rows { // in the order of the records alone, so that a preview asks what the run will ask
		calls = append(calls, j.call(r, b.Rand))
		if b.Rand.Float64() < j.Retest {
			again, second = append(again, i), append(second, j.call(r, b.Rand))
		}
	}
	calls = append(calls, second...)
	answers, err := j.asker.ask(ctx, len(calls), func(i int) llm.Call { return calls[i] })
	if err != nil {
		return err
	}
	for i := range b.Rows {
		j.mark(&b, i, answers[i])
	}
	for k, i := range again {
		j.retested(answers[i], answers[len(b.Rows)+k])
		b.Rows[i].Cost += answers[len(b.Rows)+k].cost
	}
	return nil
}

func (j *judge) call(r Record, rng *rand.Rand) llm.Call {
	c := chat(j.system.fill(r.Fields), j.rubric.fill(r.Fields), j.Sampling, rng)
	c.Sample = j.env.made
	j.env.made++
	return c
}

// mark notes a judgement, and drops the record where it says so.
func (j *judge) mark(b *generate.Batch[Record], i int, a answer) {
	r := &b.Rows[i]
	r.Cost += a.cost
	if a.fields == nil {
		if j.Unformed == "drop" {
			r.Why, b.Weights[i] = "not judged: "+short(a.why), 0
		}
		return
	}
	r.Fields = r.Fields.with(a.fields)
	if score, _ := a.fields.Number(j.Score); j.Keep != nil && score < *j.Keep {
		r.Why, b.Weights[i] = fmt.Sprintf("%s below %g", j.Score, *j.Keep), 0
	}
}

// retested notes a pair of judgements of one record.
func (j *judge) retested(first, second answer) {
	a, ok := first.fields.Number(j.Score)
	b, too := second.fields.Number(j.Score)
	if !ok || !too {
		return
	}
	if j.env.Tally.Retest == nil {
		j.env.Tally.Retest = &Retest{}
	}
	t := j.env.Tally.Retest
	t.Spread = (t.Spread*float64(t.Pairs) + math.Abs(a-b)) / float64(t.Pairs+1)
	if t.Pairs++; a == b {
		t.Equal++
	}
}

// Critique has the model say what is wrong with each record, and how good it is: a judge that explains itself, for refine.
type Critique struct {
	System   string       `json:"system" doc:"template of the system message; empty: there is none"`
	Rubric   string       `json:"rubric" required:"true" doc:"template of the question"`
	Into     string       `json:"into" default:"critique" doc:"the field that the critique becomes"`
	Score    string       `json:"score" default:"score" doc:"the field that the score becomes"`
	Lowest   int          `json:"lowest" default:"1" doc:"score"`
	Highest  int          `json:"highest" default:"5" doc:"score"`
	Retest   float64      `json:"retest" default:"0" min:"0" max:"1" doc:"share of the records that are judged a second time"`
	Reasks   int          `json:"re_asks" default:"2" min:"0" max:"20" doc:"how often a critique that is not in form is asked for again"`
	Sampling llm.Sampling `json:"sampling"`
	Endpoint string       `json:"endpoint" doc:"one of endpoints, by its name; empty: that of the pipeline"`
}

func (c Critique) judge() Judge {
	return Judge{System: c.System, Rubric: c.Rubric, Score: c.Score, Explain: c.Into, Lowest: c.Lowest, Highest: c.Highest,
		Unformed: "drop", Retest: c.Retest, Reasks: c.Reasks, Sampling: c.Sampling, Endpoint: c.Endpoint}
}

// Validate checks what one setting cannot know of another.
func (c Critique) Validate() error { return c.judge().Validate() }

// Open implements Stage.
func (c Critique) Open(e *Env) (any, error) { return c.judge().Open(e) }
