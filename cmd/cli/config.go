package cli

import (
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"modelcollapse/configs"
	"modelcollapse/experiments/pipelines"
	"modelcollapse/internal/show"
)

// configVerb checks and explains configs without running them.
func (a *app) configVerb() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "config",
		Short: "Check a config, show it resolved, or print the schema",
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return errf("unknown command %q for %s%s", args[0], cmd.CommandPath(), hint(args[0], verbs(cmd)))
			}
			return cmd.Help()
		},
	}
	cmd.AddCommand(a.configCheck(), a.configShow(), a.configSchema())
	return cmd
}

func (a *app) configCheck() *cobra.Command {
	return &cobra.Command{
		Use:   "check CONFIG [key=value …]",
		Short: "Report every mistake of a config, or its arms",
		Args:  atLeast(1, "a config or a run"),
		Long:  "Reads the data too and works the plan out, so that everything is found that a run would refuse before its first cell.",
		RunE: func(cmd *cobra.Command, args []string) error {
			if a.isPipeline(args[0]) {
				return a.checkPipeline(args[0], args[1:])
			}
			p, err := a.prepare(cmd.Context(), args[0], args[1:], "")
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(a.out, "%s: ok, %s, %s\n", p.loaded.Config.Name, plural(len(p.study.Arms), "arm"), plural(len(p.study.Cells), "cell"))
			return err
		},
	}
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func (a *app) configShow() *cobra.Command {
	origin := false
	cmd := &cobra.Command{
		Use:   "show CONFIG [key=value …]",
		Short: "Print a config with every default written out",
		Args:  atLeast(1, "a config or a run"),
		RunE: func(_ *cobra.Command, args []string) error {
			l, err := a.resolved(args[0], args[1:])
			if err != nil {
				return err
			}
			if !origin {
				_, err = a.out.Write(l.YAML())
				return err
			}
			t := tabwriter.NewWriter(a.out, 0, 4, 2, ' ', 0)
			for _, s := range l.Settings() {
				fmt.Fprintf(t, "%s\t%s\t%s\n", s.Path, show.Line(s.Value, 120), l.Origin(s.Path))
			}
			return t.Flush()
		},
	}
	cmd.Flags().BoolVar(&origin, "origin", false, "say of every value who set it")
	return cmd
}

// A resolved config is one of an experiment or of a pipeline.
type resolved interface {
	YAML() []byte
	Settings() []configs.Setting
	Origin(path string) string
}

func (a *app) resolved(name string, overrides []string) (resolved, error) {
	if a.isPipeline(name) {
		l, err := pipelines.Load(name, overrides)
		return l, usage(err)
	}
	return a.load(name, overrides)
}

func (a *app) checkPipeline(name string, overrides []string) error {
	l, err := pipelines.Load(name, overrides)
	if err != nil {
		return usage(err)
	}
	if _, err := pipelines.Estimate(l); err != nil {
		return usage(placed(l, l.Name(), err))
	}
	_, err = fmt.Fprintf(a.out, "%s: ok, %s\n", l.Name(), plural(len(l.Config.Stages), "stage"))
	return err
}

func (a *app) configSchema() *cobra.Command {
	ofPipelines := false
	cmd := &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON schema of a config",
		Args:  exactly(0, "no arguments"),
		RunE: func(*cobra.Command, []string) error {
			text := configs.Schema(a.table.Kinds())
			if ofPipelines {
				var err error
				if text, err = pipelines.Schema(); err != nil {
					return err
				}
			}
			_, err := a.out.Write(text)
			return err
		},
	}
	cmd.Flags().BoolVar(&ofPipelines, "pipelines", false, "of pipelines, which collapse generate takes")
	return cmd
}
