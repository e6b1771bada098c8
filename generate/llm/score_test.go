package llm

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"modelcollapse/generate"
	"modelcollapse/generate/llm/server"
	"modelcollapse/generate/ngram"
	"modelcollapse/internal/rng"
)

// The score of a row by a server of a fitted model is that of the fit, whichever way it is asked for.
func TestEchoScore(t *testing.T) {
	v := generate.NewVocabulary(strings.Fields("a b c d"))
	var rows []generate.Tokens
	r := rng.Root(1).Stream()
	for range 200 {
		row := generate.Tokens{}
		for range r.IntN(5) {
			row = append(row, generate.Words+uint32(r.IntN(4)))
		}
		rows = append(rows, append(row, generate.End))
	}
	how := ngram.Model{Order: 2, Smoothing: ngram.KneserNey, Vocabulary: v.Len()}
	fit, err := how.Fit(t.Context(), generate.Task[generate.Tokens]{Train: generate.Sample[generate.Tokens]{{Rows: rows, Weight: 1}}})
	must(t, err)
	h, err := server.New([]server.Model{{ID: "m", Fit: fit.(generate.Continuer), Text: server.Text{Vocabulary: v, Separator: " "}}}, server.Options{})
	must(t, err)
	s := httptest.NewServer(h)
	defer s.Close()
	e := Endpoint{BaseURL: s.URL + "/v1", Model: "m", API: "completions", Profile: Profile{Before: "\n", After: "\n"}}
	c := open(t, e, Options{})
	defer c.Close()
	texts := make([]string, len(rows))
	for i, row := range rows {
		words := make([]string, len(row)-1)
		for k := range words {
			words[k] = v.Word[row[k]]
		}
		texts[i] = strings.Join(words, " ")
	}
	want, got, tokens := make([]float64, len(rows)), make([]float64, len(rows)), make([]int, len(rows))
	must(t, fit.(*ngram.Fitted).Score(t.Context(), rows, want))
	must(t, c.Score(t.Context(), texts, got, tokens))
	for i := range rows {
		if math.Abs(got[i]-want[i]) > 1e-9 || tokens[i] != len(rows[i]) {
			t.Fatalf("%q: %.12g over %d tokens, want %.12g over %d", texts[i], got[i], tokens[i], want[i], len(rows[i]))
		}
	}
	if c.known().Scoring != "echo" {
		t.Error(c.known())
	}
}

// forced are the tokens of a model whose every token has the same probability wherever it stands; é is two of them.
var forced = map[string]float64{"a": .2, "b": .1, "ab": .3, " ": .15, "\n": .1, `"`: .03, `\`: .02, "\xc3": .04, "\xa9": .01,
	"o": .001, "n": .001, "e": .001, "t": .001, "w": .001, "h": .001, "r": .001}

var literal = regexp.MustCompile(`^root ::= "((?:[^"\\]|\\.)*)"$`)

// llama is what llama-server does with a grammar: it cuts the text that the grammar allows into the likeliest tokens and says
// what they would have had without it. It knows no echo.
func llama(_ int, w http.ResponseWriter, _ *http.Request, body map[string]any) bool {
	g, _ := body["grammar"].(string)
	m := literal.FindStringSubmatch(g)
	if m == nil {
		io.WriteString(w, `{"choices":[{"text":"b","finish_reason":"length","logprobs":{"content":[{"token":"b","logprob":-1}]}}]}`)
		return true
	}
	text := regexp.MustCompile(`\\(x..|.)`).ReplaceAllStringFunc(m[1], func(s string) string {
		if n, err := strconv.ParseUint(s[2:], 16, 8); s[1] == 'x' && err == nil {
			return string(rune(n))
		}
		return s[1:]
	})
	type one struct {
		Token   string  `json:"token"`
		Bytes   []int   `json:"bytes"`
		Logprob float64 `json:"logprob"`
	}
	all := []one{}
	for rest := text; rest != ""; {
		best := ""
		for piece, p := range forced {
			if strings.HasPrefix(rest, piece) && p > forced[best] {
				best = piece
			}
		}
		if best == "" {
			return false
		}
		o := one{Token: strings.ToValidUTF8(best, "\uFFFD"), Logprob: math.Log(forced[best])}
		for _, b := range []byte(best) {
			o.Bytes = append(o.Bytes, int(b))
		}
		all, rest = append(all, o), rest[len(best):]
	}
	all = append(all, one{"", nil, math.Log(.05)}) // the end
	json.NewEncoder(w).Encode(map[string]any{"choices": []any{map[string]any{"text": text, "finish_reason": "stop", "logprobs": map[string]any{"content": all}}}})
	return true
}

func TestGrammarScore(t *testing.T) {
	s := serve(t, llama)
	e := s.endpoint("completions")
	e.Profile.Scoring = "grammar"
	c := open(t, e, Options{})
	defer c.Close()
	texts := []string{"ab a", "", "b\nb", `"\é"`, "abab"}
	want := []float64{.3 * .15 * .2, 1, .1 * .1 * .1, .03 * .02 * .04 * .01 * .03, .3 * .3}
	count := []int{3, 0, 3, 5, 2}
	nats, tokens := make([]float64, len(texts)), make([]int, len(texts))
	must(t, c.Score(t.Context(), texts, nats, tokens))
	for i := range texts {
		if math.Abs(nats[i]-math.Log(want[i])) > 1e-6 || tokens[i] != count[i] {
			t.Errorf("%q: %.9g over %d tokens, want %.9g over %d", texts[i], nats[i], tokens[i], math.Log(want[i]), count[i])
		}
	}
}

// Grammars say any text.
func TestGrammar(t *testing.T) {
	for text, want := range map[string]string{"a\"\\b": `root ::= "a\"\\b"`, "\x00\t\n\r\x7f": `root ::= "\x00\x09\x0A\x0D\x7F"`, "é世[]*": `root ::= "é世[]*"`} {
		if got := grammar(text); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

// says answers with a text, on either endpoint.
func says(w http.ResponseWriter, text string) bool {
	b, _ := jsonText(text)
	io.WriteString(w, `{"choices":[{"text":`+b+`,"message":{"content":`+b+`},"finish_reason":"stop"}]}`)
	return true
}

func likeVLLM(_ int, w http.ResponseWriter, _ *http.Request, body map[string]any) bool {
	if body["response_format"] != nil {
		return says(w, `{"n": 3}`)
	}
	if body["echo"] == true {
		io.WriteString(w, `{"choices":[{"text":"one two three x","finish_reason":"length","logprobs":{"tokens":["one"," two"," three"," x"],"token_logprobs":[null,-1,-2,-3]}}],"usage":{"prompt_tokens":3,"completion_tokens":1}}`)
		return true
	}
	return false
}

func likeLlama(n int, w http.ResponseWriter, r *http.Request, body map[string]any) bool {
	if f, _ := body["response_format"].(map[string]any); f["type"] == "json_object" {
		return says(w, `{"n":3}`)
	}
	return strings.HasSuffix(r.URL.Path, "/v1/completions") && llama(n, w, r, body)
}

// strict knows chats alone, and refuses fields that others pass over.
func strict(_ int, w http.ResponseWriter, r *http.Request, body map[string]any) bool {
	stops, _ := body["stop"].([]any)
	switch {
	case !strings.HasSuffix(r.URL.Path, "/chat/completions"):
		w.WriteHeader(404)
	case body["seed"] != nil || body["response_format"] != nil || len(stops) > 1:
		w.WriteHeader(400)
	default:
		return false
	}
	return true
}

// A probe finds what a server can do, with few calls, and finds those in the journal the next time.
func TestProbe(t *testing.T) {
	for name, k := range map[string]struct {
		script func(int, http.ResponseWriter, *http.Request, map[string]any) bool
		want   Profile
	}{
		"vllm":                   {likeVLLM, Profile{Scoring: "echo", Seed: "yes", Schema: "json_schema", Several: "yes"}},
		"llama-server":           {likeLlama, Profile{Scoring: "grammar", Seed: "yes", Schema: "json_object", Several: "yes"}},
		"chats alone, strict":    {strict, Profile{Scoring: "none", Seed: "no", Schema: "none", Several: "no"}},
		"passes everything over": {nil, Profile{Scoring: "none", Seed: "yes", Schema: "none", Several: "yes"}},
	} {
		s := serve(t, k.script)
		file := memory(t) + "/j"
		var first int64
		for run := range 2 {
			c := open(t, s.endpoint("chat"), Options{Journal: file})
			got, err := c.Probe(t.Context())
			must(t, err)
			if got != k.want {
				t.Errorf("%s: %+v, want %+v", name, got, k.want)
			}
			must(t, c.Close())
			if run == 0 {
				first = s.requests.Load()
			} else if again := s.requests.Load() - first; first > 6 || again > 2 { // what is not there is no answer to journal
				t.Errorf("%s: %d requests, then %d", name, first, again)
			}
		}
	}
}

func jsonText(s string) (string, error) { b, err := json.Marshal(s); return string(b), err }

// A server that is down is no server that cannot.
func TestProbeOfNothing(t *testing.T) {
	s := serve(t, func(_ int, w http.ResponseWriter, _ *http.Request, _ map[string]any) bool {
		w.WriteHeader(503)
		return true
	})
	c := open(t, s.endpoint("chat"), Options{})
	defer c.Close()
	if p, err := c.Probe(t.Context()); err == nil {
		t.Errorf("%+v", p)
	}
	e := s.endpoint("chat")
	e.Profile.Scoring = "none"
	d := open(t, e, Options{})
	defer d.Close()
	err := d.Score(t.Context(), []string{"a"}, make([]float64, 1), make([]int, 1))
	if !errors.Is(err, errNoScore) || !strings.Contains(err.Error(), "grammar") {
		t.Error(err)
	}
}

// What a profile says decides the body.
func TestProfileInBodies(t *testing.T) {
	schema := json.RawMessage(`{"type":"object","minProperties":1}`)
	for way, want := range map[string]string{
		"auto":        `{"json_schema":{"name":"answer","schema":` + string(schema) + `,"strict":true},"type":"json_schema"}`,
		"json_object": `{"schema":` + string(schema) + `,"type":"json_object"}`,
		"none":        "null",
	} {
		s := serve(t, nil)
		e := s.endpoint("chat")
		e.Profile = Profile{Schema: way, Seed: "no", Several: "no"}
		call := ask(4)
		call.Schema, call.Sampling.Stop = schema, []string{"x"}
		c := open(t, e, Options{})
		_, err := c.Do(t.Context(), call)
		must(t, err)
		body := s.bodies[0]
		format, _ := json.Marshal(body["response_format"])
		var got, wanted any
		json.Unmarshal(format, &got)
		json.Unmarshal([]byte(want), &wanted)
		if fmt.Sprint(got) != fmt.Sprint(wanted) || body["seed"] != nil || body["stop"] != "x" {
			t.Errorf("%s: %v", way, body)
		}
		if strings.Contains(fmt.Sprint(body["messages"]), "minProperties") != (way == "none") {
			t.Errorf("%s: messages %v", way, body["messages"])
		}
		call.Sampling.Stop = []string{"x", "y"}
		if _, err := c.Do(t.Context(), call); err == nil {
			t.Error("two stops were taken")
		}
		must(t, c.Close())
	}
	if slices.Contains(ours, "response_format") {
		t.Error("a config may bind answers")
	}
}
