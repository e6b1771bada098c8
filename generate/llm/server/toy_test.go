package server_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"modelcollapse/generate"
	"modelcollapse/generate/llm/server"
	"modelcollapse/generate/ngram"
	"modelcollapse/internal/rng"
)

// toyWords are the words of the toy language, by id.
var toyWords = strings.Fields("a b c d e f , don't")

// toyFit is a fit of 400 rows of toy words.
func toyFit(t testing.TB, how ngram.Model) (*ngram.Fitted, *generate.Vocabulary) {
	t.Helper()
	r := rng.Root(5).Stream()
	var rows []generate.Tokens
	for range 400 {
		var row generate.Tokens
		for w := r.IntN(4); w < len(toyWords); w = next(w, r) {
			row = append(row, generate.Words+uint32(w))
		}
		rows = append(rows, append(row, generate.End))
	}
	v := generate.NewVocabulary(toyWords)
	how.Vocabulary = v.Len()
	f, err := how.Fit(t.Context(), generate.Task[generate.Tokens]{Train: generate.Sample[generate.Tokens]{{Rows: rows, Weight: 1}}})
	if err != nil {
		t.Fatal(err)
	}
	return f.(*ngram.Fitted), v
}

func next(w int, r *rand.Rand) int {
	if r.IntN(7) == 0 {
		return len(toyWords)
	}
	return (w + r.IntN(3) + 1) % len(toyWords)
}

// toy is a server of a smoothed toy model.
func toy(t testing.TB, o server.Options) (http.Handler, *ngram.Fitted, *generate.Vocabulary) {
	t.Helper()
	f, v := toyFit(t, ngram.Model{Order: 3, Smoothing: ngram.KneserNey})
	how := f.Model()
	h, err := server.New([]server.Model{{ID: "toy", Fit: f, Text: server.Text{Vocabulary: v, Separator: " "}, How: &how}}, o)
	if err != nil {
		t.Fatal(err)
	}
	return h, f, v
}

// ask sends a body and returns the status and the raw answer.
func ask(h http.Handler, method, path, body string, headers ...string) (int, string) {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

// A completion is what tests read of an answer.
type completion struct {
	ID      string
	Choices []struct {
		Index    int
		Text     string
		Finish   string `json:"finish_reason"`
		Logprobs *struct {
			Tokens  []string
			Nats    []*float64           `json:"token_logprobs"`
			Top     []map[string]float64 `json:"top_logprobs"`
			Offsets []int                `json:"text_offset"`
		}
	}
	Usage struct {
		Prompt int `json:"prompt_tokens"`
		Answer int `json:"completion_tokens"`
		Total  int `json:"total_tokens"`
	}
}

// complete asks for a completion that must succeed. Fields are those of the body.
func complete(t testing.TB, h http.Handler, fields map[string]any) (c completion) {
	t.Helper()
	if fields["model"] == nil {
		fields["model"] = "toy"
	}
	body, err := json.Marshal(fields)
	if err != nil {
		t.Fatal(err)
	}
	status, answer := ask(h, "POST", "/v1/completions", string(body))
	if status != http.StatusOK {
		t.Fatalf("%s: %d %s", body, status, answer)
	}
	if err := json.Unmarshal([]byte(answer), &c); err != nil {
		t.Fatalf("%s: %v", answer, err)
	}
	return c
}

type fields = map[string]any

// call sends a body as JSON, wants a status, and reads the answer into a value, which may be nil.
func call(t testing.TB, h http.Handler, method, path string, body any, want int, into any, headers ...string) string {
	t.Helper()
	b, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	status, answer := ask(h, method, path, string(b), headers...)
	if status != want {
		t.Fatalf("%s %s %s: %d %s", method, path, b, status, answer)
	}
	if into != nil {
		if err := json.Unmarshal([]byte(answer), into); err != nil {
			t.Fatalf("%s: %v", answer, err)
		}
	}
	return answer
}

// textOf is a row as the server prints it.
func textOf(v *generate.Vocabulary, row generate.Tokens) string {
	var words []string
	for _, id := range row {
		words = append(words, v.Word[id])
	}
	return strings.Join(words, " ")
}

func Example() {
	v := generate.NewVocabulary([]string{"the", "sea"})
	rows := []generate.Tokens{{3, 4, generate.End}, {3, 4, generate.End}, {4, generate.End}, {3, generate.End}}
	m := ngram.Model{Order: 2, Vocabulary: v.Len()}
	c := ngram.NewCounts(2, v.Len())
	c.Add(generate.Span[generate.Tokens]{Rows: rows, Weight: 1})
	f, _ := m.FitStats(context.Background(), generate.Task[generate.Tokens]{}, c)
	h, err := server.New([]server.Model{{ID: "poem", Fit: f.(*ngram.Fitted), Text: server.Text{Vocabulary: v, Separator: " "}}}, server.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	_, answer := ask(h, "POST", "/v1/completions", `{"model": "poem", "prompt": "\nthe sea\n", "echo": true, "max_tokens": 0, "logprobs": 0}`)
	var out completion
	_ = json.Unmarshal([]byte(answer), &out)
	sum := 0.0
	for _, x := range out.Choices[0].Logprobs.Nats[1:] {
		sum += *x
	}
	fmt.Printf("ln p(the sea) = %.4f = ln 1/2\n", sum)
	// Output: ln p(the sea) = -0.6931 = ln 1/2
}
