package corpus

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"regexp"

	"modelcollapse/generate"
	"modelcollapse/generate/read"
)

// Paths are files, globs, folders, or "-" for standard input.
type Paths = read.Paths

// Text is a corpus of the user's own files. It is its own config.
//
// Files are .txt, .md, .jsonl, .ndjson, .json, .csv, .tsv and .parquet, each also compressed by gzip or zstd; a file that is
// named (not found in a folder) and ends otherwise is read as plain text, and standard input by what it looks like. Of a
// folder of the Hugging Face hub one split is read (package read says how it is known).
//
// The files are read once, at the first Open, and kept: arms and replicates that differ in their split share one *Text.
// It is safe for concurrent use, and must not be changed after the first Open.
type Text struct {
	Path        Paths  `json:"path" required:"true" doc:"a file, a glob, a folder, - for standard input, or a list of them"`
	SHA256      string `json:"sha256" default:"" doc:"of the files as they lie on disk, one behind the other; empty: not checked"`
	Field       string `json:"text" default:"" doc:"the field of a JSON record, or the column, that holds the text; empty: the first of text, content, prompt + completion, instruction + input + output, messages (assistant), conversations, chosen"`
	HubSplit    string `json:"hub_split" default:"" doc:"the split of a Hugging Face folder; empty: train, or the only one"`
	HubConfig   string `json:"hub_config" default:"" doc:"the config of a Hugging Face folder; empty: its default"`
	Tokens      string `json:"tokens" default:"word" enum:"word,whitespace,byte,character" doc:"word: words and punctuation apart; whitespace: as KenLM prepares text"`
	Lower       bool   `json:"lower" default:"false" doc:"put everything in lower case"`
	Split       string `json:"split" default:"random" enum:"random,tail" doc:"random: whole groups at random; tail: the last rows are held out"`
	Group       string `json:"group" default:"auto" enum:"auto,file,record,paragraph,line" doc:"what is dealt whole; auto: the first of file, record, paragraph of which there are 20, else the line"`
	HeldOutPath Paths  `json:"heldout_path" doc:"the corpus' own held-out text, taken as it is, instead of a cut"`
	HubHeldOut  string `json:"hub_heldout" default:"" doc:"the split of the same Hugging Face folder that is held out, taken as it is, instead of a cut"`
	MaxRows     int    `json:"max_rows" default:"0" min:"0" doc:"read only the first rows; 0: all"`
	generate.Cut

	memo  memo
	stdin io.Reader // for tests; nil: os.Stdin
}

var digest = regexp.MustCompile(`^[0-9a-fA-F]{64}$`)

// Validate reports settings that contradict each other.
func (t *Text) Validate() error {
	_, _, known := tokenizerOf(t.Tokens)
	switch {
	case len(t.Path) == 0:
		return errors.New("path: name a file, a glob or a folder")
	case t.SHA256 != "" && !digest.MatchString(t.SHA256):
		return fmt.Errorf("sha256: %q is not 64 hexadecimal digits", t.SHA256)
	case !known:
		return fmt.Errorf("tokens: unknown %q", t.Tokens)
	case t.Split != "" && t.Split != "random" && t.Split != "tail":
		return fmt.Errorf("split: unknown %q", t.Split)
	case t.HubHeldOut != "" && len(t.HeldOutPath) > 0:
		return errors.New("hub_heldout and heldout_path both name held-out text: leave one of them out")
	case t.MaxRows < 0:
		return fmt.Errorf("max_rows: %d", t.MaxRows)
	}
	if _, err := t.groupLevel(nil); err != nil {
		return err
	}
	return t.Cut.Check()
}

// Open reads the files, unless that was done before, and splits their rows.
func (t *Text) Open(ctx context.Context, r *rand.Rand) (generate.Source[generate.Tokens], error) {
	if err := t.Validate(); err != nil {
		return nil, fmt.Errorf("text: %w", err)
	}
	p, err := t.memo.get(func() (*parsed, error) { return t.read(ctx) })
	if err != nil {
		return nil, fmt.Errorf("text: %w", err)
	}
	level, _ := t.groupLevel(p)
	cut := t.Cut
	cut.Tail = t.Split == "tail"
	c, err := p.deal(split{cut: cut, level: level}, r)
	if err != nil {
		return nil, fmt.Errorf("text: %s: %w", p.what, err)
	}
	return c, nil
}

// groupLevel is what the split deals whole; p may be nil when only the name is asked after.
func (t *Text) groupLevel(p *parsed) (int, error) {
	switch {
	case t.Group == "" || t.Group == "auto":
		if p == nil {
			return byLine, nil
		}
		return p.coarsest(), nil
	default:
		for level, name := range groupNames {
			if name == t.Group {
				return level, nil
			}
		}
	}
	return 0, fmt.Errorf("group: unknown %q", t.Group)
}
