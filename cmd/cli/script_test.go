package cli

import (
	"context"
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

// servers gives each script the addresses of servers of completions: EXACT follows every schema, NEVER none.
func servers(e *testscript.Env) error {
	for name, manner := range map[string]scripted.Manner{"EXACT": scripted.Exact, "NEVER": scripted.Never} {
		s := httptest.NewServer(&scripted.Server{Manner: manner})
		e.Defer(s.Close)
		e.Setenv(name, s.URL+"/v1")
	}
	return nil
}
