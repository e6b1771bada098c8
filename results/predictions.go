package results

import (
	"errors"
	"fmt"
	"io/fs"

	"modelcollapse/internal/num"

	"modelcollapse/internal/journal"
)

// A Theory is what theory predicts of one arm.
type Theory struct {
	Arm         string
	Predictions []Prediction
}

// predicted is a line of predictions.jsonl.
type predicted struct {
	Arm        string    `json:"arm"`
	Generation int       `json:"g"`
	Node       int       `json:"node,omitempty"`
	Series     string    `json:"series"`
	Functional string    `json:"functional"`
	Law        string    `json:"law"`
	Source     string    `json:"source"`
	X          num.Float `json:"x"`
	Lo         num.Float `json:"lo"`
	Hi         num.Float `json:"hi"`
}

// WritePredictions replaces predictions.jsonl.
func (r *Run) WritePredictions(all []Theory) error {
	var b []byte
	for _, t := range all {
		for _, p := range t.Predictions {
			b = journal.AppendObject(b, predicted{t.Arm, p.Generation, p.Node, p.Series, p.Functional, p.Law, p.Source,
				num.Float(p.X), num.Float(p.Lo), num.Float(p.Hi)})
		}
	}
	return r.folder.PutBytes(predictionsFile, b)
}

// Predictions reads predictions.jsonl: one Theory an arm that has any, in the order of the file.
func (r *Reader) Predictions() (all []Theory, err error) {
	b, err := r.folder.ReadFile(predictionsFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	n := 0
	err = journal.Lines(b, func(line []byte) error {
		n++
		var p predicted
		if err := journal.ParseObject(line, &p); err != nil {
			return fmt.Errorf("%s:%d: %w: run the same command again to write it anew", r.folder.Path(predictionsFile), n, err)
		}
		if len(all) == 0 || all[len(all)-1].Arm != p.Arm {
			all = append(all, Theory{Arm: p.Arm})
		}
		last := &all[len(all)-1]
		last.Predictions = append(last.Predictions, Prediction{Node: p.Node, Generation: p.Generation, Series: p.Series,
			Functional: p.Functional, Law: p.Law, Source: p.Source, X: float64(p.X), Lo: float64(p.Lo), Hi: float64(p.Hi)})
		return nil
	})
	return all, err
}
