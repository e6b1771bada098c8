package cli

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"modelcollapse/results"
)

// statusVerb counts the cells of a run; it reads files and disturbs nobody.
func (a *app) statusVerb() *cobra.Command {
	format := "text"
	cmd := &cobra.Command{
		Use:   "status RUN",
		Short: "Count the cells of a run: done, failed, missing",
		Args:  exactly(1, "a run: its folder, or its name in results"),
		RunE: func(_ *cobra.Command, args []string) error {
			dir, err := a.runDir(args[0])
			if err != nil {
				return err
			}
			r, err := results.OpenRun(dir)
			if err != nil {
				return err
			}
			defer r.Close()
			s, err := r.Status()
			if err != nil {
				return err
			}
			if format == "json" {
				return asJSON(a.out, s)
			}
			return printStatus(a.out, dir, s)
		},
	}
	cmd.Flags().StringVar(&format, "format", format, "text or json")
	return cmd
}

func printStatus(w io.Writer, dir string, s results.Status) error {
	_, err := fmt.Fprintf(w, "%s: %d done, %d failed, %d missing\n", dir, s.Done, s.Failed, s.Missing)
	if s.Running != nil {
		fmt.Fprintf(w, "being written by process %d on %s\n", s.Running.PID, s.Running.Host)
	}
	for _, e := range s.Ended {
		fmt.Fprintf(w, "%s: %s\n", plural(e.Cells, "cell"), e.Outcome)
	}
	for _, f := range s.Failures {
		fmt.Fprintf(w, "failed: cell %s: %s\n", f.Cell, firstLine(f.Error))
	}
	for _, d := range s.Damage {
		fmt.Fprintf(w, "damaged: %v\n", d)
	}
	return err
}
