package pipelines

import (
	"net/http/httptest"
	"testing"

	"modelcollapse/generate/pipeline/scripted"
)

// What is asked now is what the server is asked: answers that the journal has and this run does not need are none of it, nor are
// those that it needs.
func TestAnswersOfNow(t *testing.T) {
	server := &scripted.Server{Manner: scripted.Exact}
	s := httptest.NewServer(server)
	defer s.Close()
	dir := folder(t)
	made := func(n int, overrides ...string) {
		t.Helper()
		l, err := Load("paraphrase", append([]string{"endpoint.base_url=" + s.URL + "/v1", "endpoint.model=m"}, overrides...))
		must(t, err)
		p, err := Prepare(l, dir)
		must(t, err)
		defer p.Close()
		before := server.Calls.Load()
		if n > 0 {
			_, err = p.Pipeline.Preview(t.Context(), n, func(Record) error { return nil })
		} else {
			_, _, err = p.Run(t.Context(), func(Progress) {})
		}
		must(t, err)
		if asked := server.Calls.Load() - before; p.Now() != asked {
			t.Errorf("%d calls made now, the server saw %d; %+v", p.Now(), asked, p.Spent())
		}
	}
	made(2, "seed=7") // another pipeline's calls in the same journal: the next needs none of them
	made(0)
	made(0)
}
