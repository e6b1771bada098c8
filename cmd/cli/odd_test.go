package cli

import (
	"context"
	"errors"
	"os"
	"time"

	"modelcollapse/experiments"
	"modelcollapse/generate"
)

// odd is a Gaussian whose fits go wrong, or take long, from one generation on, unless a file exists.
type odd struct {
	How  string `json:"how" default:"error" enum:"error,panic,nil,stuck,slow"`
	From int    `json:"from" default:"2" min:"0"`
	Well string `json:"well" default:"well"`
}

func (m odd) Fit(ctx context.Context, t generate.Task[float64]) (generate.Fitted[float64], error) {
	if _, err := os.Stat(m.Well); err != nil && t.Generation >= m.From {
		switch m.How {
		case "error":
			return nil, errors.New("the fit went wrong")
		case "panic":
			var nowhere []int
			return nil, errors.New(string(rune(nowhere[t.Generation])))
		case "stuck":
			select {} // does not look whether ctx ended
		case "nil":
			return nil, nil
		}
		time.Sleep(5 * time.Millisecond)
	}
	return generate.Gaussian{}.Fit(ctx, t)
}

func (odd) Fits() generate.Fitted[float64] { return generate.Normal{} }

// oddNames is the program's table with one model more.
func oddNames() experiments.Table {
	t := experiments.Names()
	t.Scalars.Models = append(t.Scalars.Models, experiments.Named[generate.Model[float64]]{Name: "odd", Doc: "goes wrong", Prototype: odd{}})
	return t
}
