package cli

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"modelcollapse/experiments"
	"modelcollapse/internal/rng"
)

// versionVerb prints what must be known to reproduce a run.
func (a *app) versionVerb() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the versions that a result depends on",
		Args:  exactly(0, "no arguments"),
		RunE: func(*cobra.Command, []string) error {
			v := versions()
			_, err := fmt.Fprintf(a.out, "collapse %s (%s, %s/%s, streams %s)\n", v["collapse"], v["go"], v["os"], v["arch"], v["streams"])
			return err
		},
	}
}

func versions() map[string]string {
	v := map[string]string{"collapse": "devel", "go": runtime.Version(), "os": runtime.GOOS, "arch": runtime.GOARCH, "streams": rng.Version}
	if b, ok := debug.ReadBuildInfo(); ok {
		if b.Main.Version != "" && b.Main.Version != "(devel)" {
			v["collapse"] = b.Main.Version
		}
		for _, s := range b.Settings {
			switch s.Key {
			case "vcs.revision":
				v["revision"] = s.Value
			case "vcs.modified":
				v["modified"] = s.Value
			case "GOAMD64":
				v["goamd64"] = s.Value
			}
		}
	}
	return v
}

// environment is what a run folder says of where its numbers were made; none of it is a result.
func environment(s *experiments.Study) map[string]string {
	env := versions()
	env["cpus"] = fmt.Sprint(runtime.NumCPU())
	for _, a := range s.Arms {
		if a.Digest != "" {
			env["data"], env["data.sha256"] = a.Source, a.Digest
		}
	}
	return env
}
