package pipeline

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"

	"modelcollapse/internal/store"
)

// The files of a data set.
const (
	trailFile    = "records.jsonl"          // every record, kept or dropped
	trainLines   = "data/train-00000.jsonl" // the data set
	trainParquet = "data/train-00000.parquet"
	ledgerFile   = "ledger.json"
	cardFile     = "README.md"
)

// The columns that a data set has beside its fields.
const (
	columnID         = "_id"
	columnGeneration = "_generation"
	columnShare      = "_real_share"
)

func writeLine(w io.Writer, v any) error {
	_, err := w.Write(append(asJSON(v), '\n'))
	return err
}

// EachRecord reads a trail, a record at a time.
func EachRecord(folder *store.Folder, use func(Record) error) error {
	file, err := folder.Open(trailFile)
	if err != nil {
		return err
	}
	defer file.Close()
	r := bufio.NewReaderSize(file, 1<<18)
	for n := 1; ; n++ {
		line, err := r.ReadBytes('\n')
		if err == io.EOF && len(line) == 0 {
			return nil
		} else if err != nil {
			return fmt.Errorf("%s:%d: %w (is it cut short?)", folder.Path(trailFile), n, err)
		}
		var rec Record
		if err := decodeJSON(line, &rec); err != nil {
			return fmt.Errorf("%s:%d: %w", folder.Path(trailFile), n, err)
		}
		if err := use(rec); err != nil {
			return err
		}
	}
}

// indented writes a value for people to read.
func indented(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
