package cli

import (
	"context"
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"modelcollapse/experiments"
)

// The scripts under testdata/script are the specification of the command line.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"collapse": func() {
			os.Exit(Run(context.Background(), experiments.Names(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
		},
		"collapse-odd": func() {
			a := &app{in: os.Stdin, out: os.Stdout, err: os.Stderr, table: oddNames(), root: "results", args: os.Args[1:]}
			os.Exit(a.run(context.Background()))
		},
	})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: "testdata/script", UpdateScripts: os.Getenv("UPDATE_SCRIPTS") != ""})
}
