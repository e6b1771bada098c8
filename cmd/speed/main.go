// Command speed times configs beside peers that do the same work in numpy, scipy and scikit-learn, in turn, and writes the
// table of ratios. It wants python3-numpy, python3-scipy and python3-sklearn.
//
//	go run ./cmd/speed                       # all rows, to results/reference/speed.md
//	go run ./cmd/speed -turns 3 kernel zipf  # the rows whose name contains one of these words, to the terminal
package main

import (
	"context"
	"embed"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

//go:embed configs/*.yaml peers/*.py
var files embed.FS

// A timing is what one program says of one run.
type timing struct {
	CPU       float64  `json:"cpu"`  // processor seconds, without what is loaded before work begins
	Wall      float64  `json:"wall"` // seconds
	Mean      float64  `json:"mean"` // of the checked number over chains
	SE        *float64 `json:"se"`   // nil: one chain
	Chains    int      `json:"chains"`
	Execution string   `json:"execution,omitempty"` // of ours
}

func main() {
	turns := flag.Int("turns", 5, "how often each row is timed, ours and the peer in turn")
	python := flag.String("python", "python3", "a Python that has numpy, scipy and sklearn")
	out := flag.String("out", "", "where the table goes (default results/reference/speed.md of all rows, else nowhere)")
	ours := flag.String("ours", "", "time this config alone, with the overrides that follow, and say so as JSON")
	check := flag.String("check", "", "the series to check, with -ours")
	flag.Parse()
	var err error
	if *ours != "" {
		err = say(*ours, *check, flag.Args())
	} else {
		err = compare(*turns, *python, *out, flag.Args())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "speed:", err)
		os.Exit(1)
	}
}

// say times one config and prints it, as a peer does.
func say(config, check string, overrides []string) error {
	t, err := run(context.Background(), config, check, overrides)
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(t)
}

// compare times every row that a word is in, in turn, and writes the table.
func compare(turns int, python, out string, words []string) error {
	rows, err := chosen(words)
	if err != nil {
		return err
	}
	if out == "" && len(words) == 0 {
		out = filepath.Join("results", "reference", "speed.md")
	}
	dir, err := os.MkdirTemp("", "speed")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	p, err := newPrograms(dir, python)
	if err != nil {
		return err
	}
	var table []result
	for _, r := range rows {
		res, err := p.row(r, turns)
		if err != nil {
			return fmt.Errorf("%s: %w", r.name, err)
		}
		table = append(table, res)
		fmt.Println(res)
	}
	if out == "" {
		return nil
	}
	return os.WriteFile(out, page(table, turns, p.versions), 0o666)
}
