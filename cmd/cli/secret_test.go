package cli

import (
	"bytes"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// canary is a key that must appear nowhere.
const canary = "sk-canary-0123456789abcdefXYZ"

// leaks are servers that give away what they were sent.
var leaks = map[string]http.HandlerFunc{
	"401": func(w http.ResponseWriter, r *http.Request) {
		http.Error(w, fmt.Sprintf(`{"error":{"message":"Incorrect API key provided: %s","type":"invalid_request_error"}}`, bearer(r)), http.StatusUnauthorized)
	},
	"400": func(w http.ResponseWriter, r *http.Request) {
		http.Error(w, fmt.Sprintf(`{"error":{"message":"bad request with headers Authorization: Bearer %s"}}`, bearer(r)), http.StatusBadRequest)
	},
	"500": func(w http.ResponseWriter, r *http.Request) {
		http.Error(w, "<html>trace: Authorization: Bearer "+bearer(r)+"</html>", http.StatusInternalServerError)
	},
	"200 with an error": func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, `{"error":{"message":"no key %s","code":"x"}}`, bearer(r))
	},
	"answer": func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, `{"model":"m %[1]s","choices":[{"text":"my key is %[1]s and more words","message":{"role":"assistant","content":"my key is %[1]s and more words"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":8}}`, bearer(r))
	},
	"redirect": func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://127.0.0.1:1/?key="+bearer(r), http.StatusTemporaryRedirect)
	},
	"surplus": func(w http.ResponseWriter, r *http.Request) {
		conn, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			return
		}
		defer conn.Close()
		body := `{"choices":[{"text":"a","message":{"content":"a"},"finish_reason":"stop"}]}`
		fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s surplus %s", len(body), body, bearer(r))
		conn.(*net.TCPConn).CloseWrite()
	},
}

func bearer(r *http.Request) string {
	return strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
}

// After every fault the key stands neither on the screen nor in a file: of a pipeline, of a loop, of an audit of what came out.
func TestKeyIsNowhere(t *testing.T) {
	for name, serve := range leaks {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := httptest.NewServer(serve)
			defer s.Close()
			settings := fmt.Sprintf("{base_url: %s/v1, model: m, key_env: CANARY_KEY, attempts: 2, timeout: 5s", s.URL)
			dir := write(t, map[string]string{
				"p.yaml": "records: 40\nendpoint: " + settings + "}\nstages:\n  - {kind: seeds, rows: [{text: one word}, {text: two words}]}\n" +
					"  - {kind: generate, prompt: \"say {{text}}\", into: text, answers: 20}\n",
				"r.yaml": "data: {kind: text, path: verses.txt, heldout: 0.1}\nmodel: {kind: incontext, " + strings.TrimPrefix(settings, "{") +
					", examples: 2}\nworkflow: {kind: replace}\nrows: 20\nprobe: 50\ngenerations: 1\nreplicates: 1\nmetrics: [tail_loss]\n",
				"verses.txt": verses(200),
			})
			heard := secretly(t, dir, "generate", "p.yaml", "--out", "made")
			heard += secretly(t, dir, "generate", "p.yaml", "--out", "made")
			heard += secretly(t, dir, "run", "r.yaml")
			if files, _ := filepath.Glob(filepath.Join(dir, "made/data/*.jsonl")); len(files) > 0 {
				heard += secretly(t, dir, "audit", files[0], "--real", "verses.txt", "--text", "text", "--splits", "20", "--out", "audited")
			}
			if strings.Contains(heard, canary) {
				t.Errorf("on the screen:\n%s", heard)
			}
			nowhere(t, dir)
		})
	}
}

// secretly runs the program with the key and returns what it said.
func secretly(t *testing.T, dir string, args ...string) string {
	cmd := collapse(dir, args...)
	cmd.Env = append(os.Environ(), "CANARY_KEY="+canary)
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		t.Fatal(err)
	}
	if code := cmd.ProcessState.ExitCode(); code < 0 || code == exitInternal {
		t.Errorf("%v ends with %d:\n%s", args, code, &said)
	}
	return said.String()
}

// nowhere looks for the key in all files of a folder, archives included as they are.
func nowhere(t *testing.T, dir string) {
	t.Helper()
	files := 0
	must(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files++
		b, err := os.ReadFile(path)
		if bytes.Contains(b, []byte(canary)) || strings.Contains(path, canary) {
			t.Errorf("%s holds the key", path)
		}
		return err
	}))
	if files < 4 {
		t.Errorf("%d files", files)
	}
}
