package pipeline

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// A Ledger says what every stage took away, as a distribution: what entered it is cut into deciles by length, surprisal and
// rarity, and of each decile it says how much was dropped.
type Ledger struct {
	Run     string         `json:"run"`    // digest of what decides what the pipeline makes
	Wanted  *Wanted        `json:"wanted"` // nil: nobody noted it
	Outcome string         `json:"outcome"`
	Kept    int            `json:"kept"`
	Beyond  int            `json:"beyond,omitempty"` // records that passed all stages and are more than were asked for
	Stages  []LedgerStage  `json:"stages"`
	Tallies []*Tally       `json:"tallies"`
	Notes   map[string]any `json:"notes"`
}

// A Wanted is how much of what a pipeline can make was asked for.
type Wanted struct {
	Records int `json:"records"` // 0: what one pass over the source gives
	Tries   int `json:"tries"`   // 0: as many as it takes
}

// Covers reports whether a data set of which w is wanted has all that one has of which less is wanted: the first records of
// more are fewer, and what one pass gives is no number.
func (w Wanted) Covers(less Wanted) bool {
	endless := func(n int) int { return cmp.Or(n, math.MaxInt) }
	return (w.Records == 0) == (less.Records == 0) && w.Records >= less.Records && endless(w.Tries) >= endless(less.Tries)
}

// A LedgerStage is one stage that dropped something.
type LedgerStage struct {
	Stage      string    `json:"stage"`
	Entered    int       `json:"entered"` // of a stage that makes records: those that it made
	Dropped    int       `json:"dropped"`
	Unanswered int       `json:"unanswered,omitempty"` // of those dropped: the server gave no answer, or kept it back; they are in no measure
	Measures   []Measure `json:"measures"`
}

// A Measure is one way in which records differ. A record without a value of it is in no decile: an answer that was never in form
// has tokens, and no words.
type Measure struct {
	Name    string   `json:"name"` // length, surprisal or rarity
	Unit    string   `json:"unit"`
	Deciles []Decile `json:"deciles"`
}

// A Decile is a tenth of what entered a stage, by a measure; rows of equal value share one, by their middle rank.
type Decile struct {
	From    float64 `json:"from"`
	To      float64 `json:"to"`
	Entered int     `json:"entered"`
	Dropped int     `json:"dropped"`
}

// An entry is what the ledger keeps of a record: 32 bytes.
type entry struct {
	made, left int16 // stages by number; left: that of the last one that it entered
	dropped    bool
	unanswered bool
	words      float32 // NaN, as are surprisal and rarity: there is no text
	tokens     float32 // of the answer; NaN: unknown
	logprob    float32 // −mean over the tokens of the answer, nats; NaN: unknown
	surprisal  float32 // under the word model, nats a word
	rarity     float32 // mean −ln frequency of the words, nats
}

// ledger reads the trail twice: to fit the word model, and to score by it.
func (p *Pipeline) ledger(report Report) (*Ledger, error) {
	model := newWordModel()
	text := func(r Record) string {
		if len(p.plan.Text) > 0 {
			return joined(r.Fields, p.plan.Text)
		}
		return joined(r.Fields, p.texts[r.Stage])
	}
	err := EachRecord(p.folder, func(r Record) error {
		if r.written() {
			model.add(text(r))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	number := map[string]int16{}
	for i, o := range p.stages {
		number[o.env.Name] = int16(i + 1)
	}
	var all []entry
	err = EachRecord(p.folder, func(r Record) error {
		e := entryOf(r, text(r), model)
		e.made, e.left = number[r.Stage], int16(len(p.stages)+1)
		if n, ok := number[r.Left]; ok {
			e.left = n
		} else if r.Left == examples {
			e.left = 0 // it entered no stage
		}
		all = append(all, e)
		return nil
	})
	l := &Ledger{Run: p.plan.Run, Wanted: &Wanted{p.plan.Records, p.plan.Tries}, Outcome: report.Outcome, Kept: report.Kept, Beyond: report.Beyond, Tallies: report.Stages, Notes: map[string]any{
		"surprisal": "of what a model wrote: minus the mean log probability of its tokens, where the server gave one for every row that has an answer; else a bigram model of words, fitted on all records of the trail",
	}}
	for i, o := range p.stages {
		if s, ok := stageOf(o.env.Name, int16(i+1), all); ok {
			l.Stages = append(l.Stages, s)
		}
	}
	return l, err
}

// unanswered reports whether the call that a record was to come from gave no answer: that says how the server is, and nothing of texts.
func (r Record) unanswered() bool { return r.Drawn != nil && r.Drawn.Form == "failed" }

// written reports whether a record has a text: whoever wrote it did so in form.
func (r Record) written() bool {
	return !r.unanswered() && (r.Drawn == nil || r.Drawn.Form != "invalid")
}

// entryOf is how a record differs from others.
func entryOf(r Record, text string, model *wordModel) entry {
	surprisal, rarity, n := model.score(text)
	e := entry{dropped: r.Why != "", unanswered: r.unanswered(), words: float32(n), surprisal: float32(surprisal), rarity: float32(rarity),
		tokens: float32(math.NaN()), logprob: float32(math.NaN())}
	if !r.written() {
		e.words, e.surprisal, e.rarity = e.tokens, e.tokens, e.tokens
	}
	if d := r.Drawn; d != nil && d.Tokens > 0 {
		e.tokens = float32(d.Tokens)
		if d.Logprob != nil {
			e.logprob = float32(-*d.Logprob / float64(d.Tokens))
		}
	}
	return e
}

// stageOf is what the ledger says of a stage; false: it dropped nothing.
func stageOf(name string, number int16, all []entry) (LedgerStage, bool) {
	var entered []entry
	s := LedgerStage{Stage: name}
	makes := slices.ContainsFunc(all, func(e entry) bool { return e.made == number })
	for _, e := range all {
		here := e.made < number && e.left >= number
		if makes {
			here = e.made == number
		}
		if !here {
			continue
		}
		s.Entered++
		if e.dropped = e.dropped && e.left == number; e.dropped {
			s.Dropped++
		}
		if e.unanswered {
			s.Unanswered++
			continue
		}
		entered = append(entered, e)
	}
	if s.Dropped == 0 {
		return s, false
	}
	if len(entered) == 0 { // nothing was answered
		return s, true
	}
	s.Measures = []Measure{
		measure("length", [2]string{"tokens", "words"}, entered, func(e entry) float32 { return e.tokens }, func(e entry) float32 { return e.words }),
		measure("surprisal", [2]string{"nats a token, by the server", "nats a word, by a bigram model"}, entered,
			func(e entry) float32 { return e.logprob }, func(e entry) float32 { return e.surprisal }),
		measure("rarity", [2]string{"nats a word", ""}, entered, func(e entry) float32 { return e.rarity }, nil),
	}
	return s, true
}

// measure cuts what entered into deciles, by what the server knows where it knows it of every row, else by the other.
func measure(name string, units [2]string, entered []entry, known, other func(entry) float32) Measure {
	m, value := Measure{Name: name, Unit: units[0]}, known
	if other != nil && slices.ContainsFunc(entered, func(e entry) bool { return math.IsNaN(float64(known(e))) }) {
		m.Unit, value = units[1], other
	}
	sorted := slices.DeleteFunc(slices.Clone(entered), func(e entry) bool { return math.IsNaN(float64(value(e))) })
	slices.SortFunc(sorted, func(a, b entry) int { return cmp.Compare(value(a), value(b)) })
	m.Deciles = make([]Decile, 10)
	for i := 0; i < len(sorted); {
		j := i
		for j < len(sorted) && value(sorted[j]) == value(sorted[i]) {
			j++
		}
		d := &m.Deciles[min(9, 5*(i+j)/len(sorted))] // the middle rank is (i + j)/2
		if d.Entered == 0 {
			d.From = float64(value(sorted[i]))
		}
		d.To = float64(value(sorted[i]))
		for _, e := range sorted[i:j] {
			d.Entered++
			if e.dropped {
				d.Dropped++
			}
		}
		i = j
	}
	return m
}

// Share is how much of a decile was dropped.
func (d Decile) Share() float64 {
	if d.Entered == 0 {
		return 0
	}
	return float64(d.Dropped) / float64(d.Entered)
}

// notable is how many standard deviations of the hypergeometric law the drops of a decile must lie from what a stage that
// looks at nothing would drop, to be told: 3, since a ledger has many deciles.
const notable = 3

// Lines say in words what the stages took away: of each the whole, then the ends of a measure of which it took much more or
// less than of the rest; and how many records were left over.
func (l *Ledger) Lines() (lines []string) {
	for _, s := range l.Stages {
		whole := float64(s.Dropped) / float64(s.Entered)
		line := fmt.Sprintf("%s dropped %d of %d (%.0f %%)", s.Stage, s.Dropped, s.Entered, 100*whole)
		if s.Unanswered > 0 {
			line += fmt.Sprintf("; %d of them got no answer, and are in no decile", s.Unanswered)
		}
		lines = append(lines, line)
		for _, m := range s.Measures {
			for i, end := range []string{"bottom", "top"} {
				if d := m.Deciles[9*i]; unlikely(d, m) {
					lines = append(lines, fmt.Sprintf("  it removed %.0f %% of the rows in the %s %s decile", 100*d.Share(), end, m.Name))
				}
			}
		}
	}
	if l.Beyond > 0 {
		lines = append(lines, fmt.Sprintf("%d more than asked for: past all stages, and not in the data set", l.Beyond))
	}
	return lines
}

// unlikely says whether a stage that drops without looking would hardly have dropped so much, or so little, of a decile.
func unlikely(d Decile, of Measure) bool {
	n, k, m := 0.0, 0.0, float64(d.Entered)
	for _, d := range of.Deciles {
		n, k = n+float64(d.Entered), k+float64(d.Dropped)
	}
	if n < 20 || m == 0 || m == n {
		return false
	}
	mean := m * k / n
	variance := mean * (1 - k/n) * (n - m) / (n - 1)
	return variance > 0 && math.Abs(float64(d.Dropped)-mean) > notable*math.Sqrt(variance)
}
