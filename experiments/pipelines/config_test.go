package pipelines

import (
	"bytes"
	"flag"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"modelcollapse/generate/pipeline/scripted"
)

var update = flag.Bool("update", false, "write the files that are compared")

func TestTableOfStages(t *testing.T) {
	if err := Kinds().Check(); err != nil {
		t.Fatal(err)
	}
}

// The schema that editors read beside the pipelines is that of the table.
func TestSchemaFile(t *testing.T) {
	want, err := Schema()
	must(t, err)
	file := filepath.Join("..", "..", "configs", "pipelines", "schema.json")
	if *update {
		must(t, os.WriteFile(file, want, 0o666))
	}
	got, err := os.ReadFile(file)
	must(t, err)
	if !bytes.Equal(got, want) {
		t.Errorf("%s is not of this table; go test ./experiments/pipelines -update writes it", file)
	}
}

// A judge of its own is called at its own address, journalled in a file of its own and bounded by a budget of its own.
func TestFurtherEndpoint(t *testing.T) {
	writer, judge := &scripted.Server{Manner: scripted.Exact}, &scripted.Server{Manner: scripted.Exact}
	w, j := httptest.NewServer(writer), httptest.NewServer(judge)
	defer w.Close()
	defer j.Close()
	file := filepath.Join(t.TempDir(), "two.yaml")
	text := `
endpoint: {base_url: "%s/v1", model: small, body: {top_k: 0}}
endpoints:
  judge: {base_url: "%s/v1", model: large, prices: {input: 1, output: 1}, budget: {money: 1}}
stages:
  - {kind: seeds, rows: [one, two, three]}
  - {kind: generate, prompt: "{{text}}"}
  - {kind: judge, endpoint: %s, rubric: "{{text}}"}
`
	must(t, os.WriteFile(file, fmt.Appendf(nil, text, w.URL, j.URL, "judge"), 0o666))
	dir := filepath.Join(folder(t), "out")
	report, _ := generate(t, file, dir)
	if report.Kept != 3 || writer.Calls.Load() != 3 || judge.Calls.Load() != 3 {
		t.Errorf("%+v, %s, %s", report, writer, judge)
	}
	for _, name := range []string{"calls.jsonl", "calls-judge.jsonl"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Error(err)
		}
	}
	traced, err := Trace(dir, "1")
	must(t, err)
	if traced.Drawn.Model != "small" || fmt.Sprint(traced.Drawn.Sampler.Body) != "map[top_k:0]" || traced.Cost == 0 {
		t.Errorf("%+v", traced.Drawn)
	}
	must(t, os.WriteFile(file, fmt.Appendf(nil, text, w.URL, j.URL, "jude"), 0o666))
	l, err := Load(file, nil)
	must(t, err)
	if _, err := Check(l); err == nil || !strings.Contains(err.Error(), `stages[2]: judge: endpoint: unknown "jude": there are judge`) {
		t.Error(err)
	}
}
