package pipelines

import (
	"bytes"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"modelcollapse/configs"
	"modelcollapse/configs/papers"
	"modelcollapse/generate/pipeline"
	"modelcollapse/generate/pipeline/scripted"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// generate runs a shipped pipeline into a folder.
func generate(t testing.TB, name, dir string, overrides ...string) (Report, *Ledger) {
	t.Helper()
	l, err := Load(name, overrides)
	must(t, err)
	p, err := Prepare(l, dir)
	must(t, err)
	report, ledger, err := p.Run(t.Context(), func(Progress) {})
	must(t, err)
	must(t, p.Close())
	return report, ledger
}

func folder(t testing.TB) string {
	if _, err := os.Stat("/dev/shm"); err != nil {
		return t.TempDir()
	}
	dir, err := os.MkdirTemp("/dev/shm", "pipelines")
	must(t, err)
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// Every pipeline in the program loads, cites papers that are known, and can be estimated.
func TestShippedAreSound(t *testing.T) {
	known, err := papers.All()
	must(t, err)
	for _, info := range List(configs.Pipelines()) {
		must(t, info.Err)
		if info.Title == "" {
			t.Errorf("%s has no title", info.Name)
		}
		l, err := Load(info.Name, nil)
		must(t, err)
		for _, key := range l.Config.Cite {
			if _, ok := known.Papers[key]; !ok {
				t.Errorf("%s cites %s, which is not in papers.yaml", info.Name, key)
			}
		}
		e, err := Estimate(l)
		must(t, err)
		if e.Total().Expected.Calls == 0 || e.Total().Most.Calls < e.Total().Expected.Calls {
			t.Errorf("%s: %+v", info.Name, e.Total())
		}
	}
}

// Every pipeline runs to its end with the server in this program, with one that follows each schema exactly, and with one
// that follows it with any content and wrappings; with one that never does, it says so.
func TestShippedEndToEnd(t *testing.T) {
	for _, info := range List(configs.Pipelines()) {
		t.Run(info.Name, func(t *testing.T) {
			t.Parallel()
			for _, manner := range []scripted.Manner{"embedded", scripted.Exact, scripted.Fuzzy, scripted.Mute} {
				overrides := []string{"endpoint.prices.input=1", "endpoint.prices.output=2"}
				if info.Name == "audit-demo" { // 3,000 sentences, for an audit that decides
					overrides = append(overrides, "tries=256")
				}
				if manner != "embedded" {
					s := httptest.NewServer(&scripted.Server{Manner: manner})
					defer s.Close()
					overrides = append(overrides, "endpoint.base_url="+s.URL+"/v1", "endpoint.model=m")
				}
				dir := filepath.Join(folder(t), "out")
				report, ledger := generate(t, info.Name, dir, overrides...)
				if manner == scripted.Mute {
					if !strings.Contains(report.Outcome, "answers was in form") && !strings.Contains(report.Outcome, "no record was kept") && info.Name != "evol-instruct" {
						t.Errorf("%s: %s", manner, report.Outcome)
					}
					continue
				}
				if report.Outcome != Complete || report.Kept < 10 {
					t.Errorf("%s: %s, %d kept", manner, report.Outcome, report.Kept)
				}
				checkFiles(t, dir, ledger, report)
			}
		})
	}
}

// checkFiles looks at what a data set must have.
func checkFiles(t *testing.T, dir string, l *Ledger, r Report) {
	t.Helper()
	card, err := os.ReadFile(filepath.Join(dir, "README.md"))
	must(t, err)
	for _, want := range []string{"---\nconfigs:", "path: data/train-00000.parquet", "Outcome: complete", "a kept record", "## Config"} {
		if !bytes.Contains(card, []byte(want)) {
			t.Errorf("the card lacks %q", want)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "ledger.svg")); (err == nil) != (len(l.Stages) > 0) {
		t.Errorf("%d stages in the ledger, picture: %v", len(l.Stages), err)
	}
	if l.Kept != r.Kept {
		t.Errorf("ledger %d, report %d", l.Kept, r.Kept)
	}
	if _, err := pipeline.Trace(dir, "1"); err != nil {
		t.Error(err)
	}
	config, err := Load(filepath.Join(dir, "pipeline.yaml"), nil)
	must(t, err)
	if !bytes.Equal(config.YAML(), card[bytes.Index(card, []byte("```yaml\n"))+8:bytes.LastIndex(card, []byte("```"))]) {
		t.Error("the resolved config does not read back as itself")
	}
}

// The order in which a server answers, and how many calls are under way, change nothing.
func TestOrderOfAnswersChangesNothing(t *testing.T) {
	s := httptest.NewServer(&scripted.Server{Manner: scripted.Fuzzy})
	defer s.Close()
	at := []string{"endpoint.base_url=" + s.URL + "/v1", "endpoint.model=m"}
	var first []byte
	for _, n := range []string{"1", "3", "32"} {
		dir := filepath.Join(folder(t), "out")
		generate(t, "agent-flow", dir, append(at, "endpoint.limits.concurrency="+n)...)
		b, err := os.ReadFile(filepath.Join(dir, "records.jsonl"))
		must(t, err)
		if first == nil {
			first = b
		} else if !bytes.Equal(b, first) {
			t.Errorf("with %s calls at once the trail differs", n)
		}
	}
}

// Embeddings come from the endpoint, are journalled, and drop what is the same.
func TestEmbeddingDuplicates(t *testing.T) {
	s := &scripted.Server{Manner: scripted.Exact}
	h := httptest.NewServer(s)
	defer h.Close()
	file := filepath.Join(t.TempDir(), "e.yaml")
	must(t, os.WriteFile(file, []byte(`
endpoint: {base_url: "`+h.URL+`/v1", model: m}
stages:
  - {kind: seeds, rows: [a b c d, c d a b, x y z, a b c d e]}
  - {kind: embedding_duplicate, limit: 0.999}
`), 0o644))
	dir := filepath.Join(folder(t), "out")
	for range 2 {
		if report, _ := generate(t, file, dir); report.Kept != 3 {
			t.Errorf("%d kept, want 3", report.Kept)
		}
	}
	if n := s.Calls.Load(); n != 1 {
		t.Errorf("%d requests, want 1", n)
	}
}
