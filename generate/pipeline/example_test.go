package pipeline_test

import (
	"context"
	"fmt"
	"os"

	"modelcollapse/generate/llm"
	"modelcollapse/generate/pipeline"
	"modelcollapse/internal/store"
)

// A parrot repeats what it is told.
type parrot struct{}

func (parrot) Each(_ context.Context, n int, call func(i int) llm.Call, got func(i int, r llm.Reply) error) error {
	for i := range n {
		if err := got(i, llm.Reply{Text: call(i).Messages[0].Content, Finish: "stop"}); err != nil {
			return err
		}
	}
	return nil
}

// Two seeds, one of them twice: what is made of the copy is dropped.
func Example() {
	dir, err := os.MkdirTemp("", "pipeline")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	folder, err := store.Open(dir)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer folder.Close()
	p, err := pipeline.Open(pipeline.Plan{Name: "example", Seed: 1, Window: 8, Stages: []pipeline.Step{
		{Kind: "seeds", Stage: pipeline.Seeds{Rows: []any{"rain", "snow", "rain"}, Real: true}},
		{Kind: "generate", Stage: pipeline.Generate{Prompt: "A poem about {{text}}", Into: "poem", Answers: 1}},
		{Kind: "duplicate", Stage: pipeline.Duplicate{}},
	}}, pipeline.Parts{Servers: map[string]pipeline.Server{"": {Caller: parrot{}}}, Folder: folder})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer p.Close()
	report, err := p.Run(context.Background(), func(pipeline.Progress) {})
	if err != nil {
		fmt.Println(err)
		return
	}
	ledger, err := p.Write(report, pipeline.Facts{})
	fmt.Println(report.Outcome, report.Kept, ledger.Lines(), err)
	row, err := pipeline.Trace(dir, "2")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(row.Fields["poem"], "<-", row.Seeds()[0].Fields["text"])
	// Output:
	// complete 2 [duplicate dropped 1 of 3 (33 %)] <nil>
	// A poem about snow <- snow
}
