package cli

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"modelcollapse/experiments"
)

// served runs serve-model until the test ends, and returns its base URL, its models and what it wrote to stderr once it is ended.
func served(t *testing.T, args ...string) (base string, models []string, end func() call) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	r, w := io.Pipe()
	var stderr bytes.Buffer
	code := make(chan int, 1)
	go func() {
		code <- Run(ctx, experiments.Names(), append([]string{"serve-model", "--addr", "127.0.0.1:0"}, args...), strings.NewReader(""), w, &stderr)
		w.Close()
	}()
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		switch line := lines.Text(); {
		case base == "":
			base = line
		case strings.HasPrefix(line, "  "):
			models = append(models, line[2:])
		default:
			return base, models, func() call { cancel(); return call{code: <-code, err: stderr.String()} }
		}
	}
	cancel()
	t.Fatalf("exit code %d: %s", <-code, stderr.String())
	return
}

func asked(t *testing.T, base, model string, header ...string) (int, string) {
	t.Helper()
	body := fmt.Sprintf(`{"model":%q,"prompt":"the","max_tokens":12,"seed":3,"logprobs":1}`, model)
	r, err := http.NewRequest("POST", base+"/completions", strings.NewReader(body))
	must(t, err)
	if len(header) > 0 {
		r.Header.Set("Authorization", header[0])
	}
	answer, err := http.DefaultClient.Do(r)
	must(t, err)
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	must(t, err)
	return answer.StatusCode, string(text)
}

const served3 = `
data: {kind: text, path: poem.txt}
model: {kind: ngram, order: 2}
workflow: {kind: replace}
generations: 3
replicates: 2
metrics: [living_types_train]
figures: []
`

// Fits that were kept and fits that are computed again are the same models; a config alone has generation 0.
func TestServeModel(t *testing.T) {
	poem := strings.Repeat("the sea and the wind\nthe wind and the rain\na fog on the sea\nthe rain on a ship\n", 12)
	dir := write(t, map[string]string{"poem.yaml": served3, "poem.txt": poem})
	t.Chdir(dir)
	here("run", "poem.yaml", "--progress", "none", "--out", "kept/poem", "keep.models=all").want(t, exitOK)
	here("run", "poem.yaml", "--progress", "none", "--out", "again/poem").want(t, exitOK)
	var answers []string
	for _, run := range []string{"kept", "again"} {
		base, models, end := served(t, filepath.Join(run, "poem"), "--generation", "1,3", "--replicate", "1")
		if strings.Join(models, " ") != "poem:replace:g1 poem:replace:g3" {
			t.Errorf("%v", models)
		}
		for _, m := range models {
			status, answer := asked(t, base, m)
			if status != http.StatusOK {
				t.Fatal(answer)
			}
			answers = append(answers, answer)
		}
		end().want(t, exitOK, "stopped")
	}
	if answers[0] != answers[2] || answers[1] != answers[3] || answers[0] == answers[1] {
		t.Errorf("kept and replayed fits differ, or generations do not: %q", answers)
	}
	t.Setenv("POEM_KEY", "secret")
	base, models, end := served(t, "poem.yaml", "--key-env", "POEM_KEY", "--top-k", "1")
	if status, _ := asked(t, base, models[0]); status != http.StatusUnauthorized || models[0] != "poem:replace:g0" {
		t.Errorf("%v: %d without the key", models, status)
	}
	if status, answer := asked(t, base, models[0], "Bearer secret"); status != http.StatusOK || strings.Contains(answer, "secret") {
		t.Errorf("%d %s", status, answer)
	}
	end().want(t, exitOK)
}

// What cannot be served is said before anything listens.
func TestServeModelRefuses(t *testing.T) {
	dir := write(t, map[string]string{"poem.yaml": served3, "poem.txt": strings.Repeat("a b\nb a\n", 30)})
	t.Chdir(dir)
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"gaussian-replace"}, "only models of texts"},
		{[]string{"poem.yaml", "--arm", "replaec"}, `no arm "replaec"; there are replace`},
		{[]string{"poem.yaml", "--generation", "9"}, "they go from 0 to 3"},
		{[]string{"poem.yaml", "--generation", "x"}, "must be numbers"},
		{[]string{"poem.yaml", "--replicate", "7"}, "no replicate 7"},
		{[]string{"poem.yaml", "--top-k", "x"}, "top_k"},
		{[]string{"poem.yaml", "--key-env", "NO_SUCH_KEY"}, "NO_SUCH_KEY"},
		{[]string{"poem.yaml", "model=markov_chain"}, "takes a run"},
		{[]string{"nope"}, "nope"},
	} {
		here(append([]string{"serve-model"}, c.args...)...).want(t, exitUsage, c.says)
	}
}
