package scripted_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"

	"modelcollapse/generate/pipeline/scripted"
)

// Equal requests get equal answers, and an answer to a schema follows it.
func Example() {
	s := &scripted.Server{Manner: scripted.Exact}
	h := httptest.NewServer(s)
	defer h.Close()
	body := `{"model":"m","seed":1,"messages":[{"role":"user","content":"x"}],"response_format":{"json_schema":{"schema":{"type":"object","properties":{"ok":{"const":true}}}}}}`
	var answers []string
	for range 2 {
		r, err := http.Post(h.URL+"/v1/chat/completions", "application/json", strings.NewReader(body))
		if err != nil {
			fmt.Println(err)
			return
		}
		b, _ := io.ReadAll(r.Body)
		r.Body.Close()
		answers = append(answers, string(b))
	}
	fmt.Println(answers[0] == answers[1], strings.Contains(answers[0], `{\"ok\":true}`), s)
	// Output: true true exact: 2 calls
}
