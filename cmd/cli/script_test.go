package cli

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"modelcollapse/experiments"
	"modelcollapse/generate/pipeline/scripted"
)

// The scripts under testdata/script are the specification of the command line.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"collapse": func() { os.Exit(process(experiments.Names())) },
		"collapse-odd": func() {
			a := &app{in: os.Stdin, out: os.Stdout, err: os.Stderr, table: oddNames(), root: "results", args: os.Args[1:]}
			os.Exit(a.run(context.Background()))
		},
	})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: "testdata/script", UpdateScripts: os.Getenv("UPDATE_SCRIPTS") != "", Setup: servers})
}

// servers gives each script the addresses of servers of completions: EXACT follows every schema, NEVER none, SULKY has an error for every call.
func servers(e *testscript.Env) error {
	for name, manner := range map[string]scripted.Manner{"EXACT": scripted.Exact, "NEVER": scripted.Never} {
		s := httptest.NewServer(&scripted.Server{Manner: manner})
		e.Defer(s.Close)
		e.Setenv(name, s.URL+"/v1")
	}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, `{"error":{"message":"logprobs are not for you \u001b[2J"}}`, http.StatusBadRequest)
	}))
	e.Defer(s.Close)
	e.Setenv("SULKY", s.URL+"/v1")
	return nil
}
