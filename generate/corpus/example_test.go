package corpus_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"modelcollapse/generate"
	"modelcollapse/generate/corpus"
	"modelcollapse/internal/rng"
)

// A poem of four lines, the last of them held out.
func ExampleText() {
	dir, err := os.MkdirTemp("", "corpus")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "poem.txt")
	poem := "the sea, the sea\nand the wind\n\nthe wind and the rain\nthe fog\n"
	if err := os.WriteFile(path, []byte(poem), 0o600); err != nil {
		fmt.Println(err)
		return
	}
	text := &corpus.Text{Path: corpus.Paths{path}, Split: "tail", Cut: generate.Cut{HeldOut: 0.25}}
	source, err := text.Open(context.Background(), rng.Root(1).Child("data", 0).Stream())
	if err != nil {
		fmt.Println(err)
		return
	}
	c := source.(*corpus.Corpus)
	fmt.Println(len(c.Rows()), "rows;", c.Vocabulary().Word[generate.Words:])
	fmt.Println(c.HeldOut()[0], c.Text(c.HeldOut()[0]))
	// Output:
	// 3 rows; [the and sea wind , rain]
	// [3 0 2] the <unk>
}
