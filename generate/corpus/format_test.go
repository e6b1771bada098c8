package corpus_test

import (
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"modelcollapse/generate"
	"modelcollapse/generate/corpus"
)

// file writes a file of a fresh folder and returns its path.
func file(t testing.TB, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	write(t, path, content)
	return path
}

func write(t testing.TB, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

// lines are the rows of a single file, printed, in its order: one group, and nothing is held out.
func lines(t testing.TB, text *corpus.Text) []string {
	t.Helper()
	text.Group, text.Tokens = "file", "whitespace"
	c := open(t, text, 1)
	out := []string{}
	for _, row := range c.Rows() {
		out = append(out, c.Text(row))
	}
	return out
}

func compressed(t testing.TB, ending, content string) string {
	var b bytes.Buffer
	switch ending {
	case ".gz":
		w := gzip.NewWriter(&b)
		w.Write([]byte(content))
		w.Close()
	case ".zst":
		w, err := zstd.NewWriter(&b)
		if err != nil {
			t.Fatal(err)
		}
		w.Write([]byte(content))
		w.Close()
	default:
		return content
	}
	return b.String()
}

// The same three rows, in every format: whatever the file, the corpus is the same.
func TestFormats(t *testing.T) {
	want := []string{"a first line", "b second", "a third <unk>"}
	for name, content := range map[string]string{
		"plain.txt":      "a first line\nb second\n\na third <unk>\n",
		"windows.txt":    "\xef\xbb\xbfa first line\r\nb second\r\n  \r\na third <unk>",
		"other.corpus":   "a first line\nb second\na third <unk>",
		"notes.md":       "---\ntitle: x\n---\n# a *first* line\n```go\ncode\n```\n> - b [second](http://x.y)\n\n---\na **third** `<unk>`\n",
		"rows.jsonl":     "{\"text\":\"a first line\\nb second\"}\n\n{\"id\":1,\"text\":\"a third <unk>\"}\n",
		"rows.ndjson":    "\xef\xbb\xbf{\"text\":\"a first line\"}\n{\"text\":\"b second\"}\n{\"text\":\"a third <unk>\"}",
		"array.json":     " [{\"text\":\"a first line\"},\n{\"text\":\"b second\"} , {\"text\":\"a third <unk>\"}]\n",
		"marked.json":    "\xef\xbb\xbf[{\"text\":\"a first line\\r\\nb second\\n\\na third <unk>\"}]",
		"sequence.json":  "{\"text\":\"a first line\"}{\"text\":\"b second\"}\n{\"text\":\"a third <unk>\"}",
		"strings.json":   `["a first line", "b second", "a third <unk>"]`,
		"UPPER.TXT":      "a first line\nb second\na third <unk>\n\n\n",
		"paragraphs.txt": "\n\na first line\nb second\n\n\n\na third <unk>",
	} {
		for _, ending := range []string{"", ".gz", ".zst"} {
			path := file(t, name+ending, compressed(t, ending, content))
			if got := lines(t, &corpus.Text{Path: corpus.Paths{path}}); !slices.Equal(got, want) {
				t.Errorf("%s%s: %q", name, ending, got)
			}
		}
	}
}

func TestGzipMembers(t *testing.T) {
	path := file(t, "two.txt.gz", compressed(t, ".gz", "a b\n")+compressed(t, ".gz", "c d\n"))
	if got := lines(t, &corpus.Text{Path: corpus.Paths{path}}); !slices.Equal(got, []string{"a b", "c d"}) {
		t.Errorf("%q", got)
	}
}

func TestMarkdown(t *testing.T) {
	for text, want := range map[string]string{
		"## A heading": "A heading",
		"1. one\n2) two\n- three\n* four\n+ five": "one|two|three|four|five",
		"Title\n=====\nbody":                      "Title|body",
		"| a | b |\n|---|---|":                    "| a | b |",
		"![alt text](x.png) and [a][ref] end":     "alt text and a end",
		"[ref]: http://x.y\nkeep":                 "keep",
		"snake_case_name and 2 * 3 * 4":           "snake_case_name and 2 * 3 * 4",
		"*a* **b** ***c*** _d_ __e__":             "a b c d e",
		"<!-- out -->in":                          "in",
		"~~~\n```\n~~~\nout":                      "out",
		"````\n```\nx\n```\n````\nout":            "out",
		"#hash tag":                               "#hash tag",
	} {
		got := lines(t, &corpus.Text{Path: corpus.Paths{file(t, "x.md", text+"\nlast line here")}})
		if joined := strings.Join(got, "|"); joined != want+"|last line here" {
			t.Errorf("%q: %q, want %q", text, joined, want)
		}
	}
}

func TestFieldRules(t *testing.T) {
	for record, want := range map[string]string{
		`{"text":"t","content":"c"}`:                                                      "t",
		`{"content":"c","prompt":"p"}`:                                                    "c",
		`{"prompt":"p","completion":" q"}`:                                                "p| q",
		`{"instruction":"i","input":"n","output":"o"}`:                                    "i|n|o",
		`{"instruction":"i","input":"","output":"o"}`:                                     "i|o",
		`{"instruction":"i","output":"o"}`:                                                "i|o",
		`{"messages":[{"role":"user","content":"u"},{"role":"assistant","content":"a"}]}`: "a",
		`{"messages":[{"role":"assistant","content":[{"type":"text","text":"a"},{"type":"image_url","image_url":{}}]}]}`: "a",
		`{"conversations":[{"from":"human","value":"h"},{"from":"gpt","value":"g"}]}`:                                    "h|g",
		`{"chosen":"c","rejected":"r"}`: "c",
		`{"chosen":[{"role":"user","content":"u"},{"role":"assistant","content":"a"}]}`: "a",
		`{"text":["a","b"],"id":3}`:         "a|b",
		`{"text":"caf\u00e9 \ud83d\ude00"}`: "café 😀",
	} {
		path := file(t, "x.jsonl", record+"\n\"zz top\"\n")
		got := lines(t, &corpus.Text{Path: corpus.Paths{path}})
		want := strings.ReplaceAll(want, "| ", "|") + "|zz top"
		if joined := strings.Join(got, "|"); joined != want {
			t.Errorf("%s: %q, want %q", record, joined, want)
		}
	}
	path := file(t, "x.jsonl", `{"messages":[{"role":"user","content":"u v"},{"role":"assistant","content":"a"}]}`)
	if got := lines(t, &corpus.Text{Path: corpus.Paths{path}, Field: "messages"}); !slices.Equal(got, []string{"u v", "a"}) {
		t.Errorf("every turn, when told: %q", got)
	}
}

// Records, paragraphs and files are groups: a random split never tears one apart.
func TestGroups(t *testing.T) {
	var plain, records strings.Builder
	for i := range 30 {
		id := string(rune('А' + i)) // Cyrillic
		plain.WriteString(id + " 1\n" + id + " 2\n\n\n")
		records.WriteString(`{"text":"` + id + ` 1\n\n` + id + ` 2"}` + "\n")
	}
	for name, content := range map[string]string{"x.txt": plain.String(), "x.jsonl": records.String()} {
		c := open(t, &corpus.Text{Path: corpus.Paths{file(t, name, content)}, Cut: generate.Cut{HeldOut: 0.25, Tune: 0.25}}, 3)
		if len(c.HeldOut()) != 16 || len(c.Tune()) != 16 || len(c.Rows()) != 28 {
			t.Errorf("%s: %d + %d + %d rows", name, len(c.Rows()), len(c.HeldOut()), len(c.Tune()))
		}
		for i, row := range c.Rows() {
			if text := c.Text(row); i%2 == 1 && (text[:2] != c.Text(c.Rows()[i-1])[:2] || text[len(text)-1] != '2') {
				t.Errorf("%s: %q follows %q", name, text, c.Text(c.Rows()[i-1]))
			}
		}
	}
}
