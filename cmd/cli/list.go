package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"modelcollapse/configs"
	"modelcollapse/experiments/pipelines"
)

// listVerb prints the configs in the program with their titles.
func (a *app) listVerb() *cobra.Command {
	format := "text"
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the configs in this program",
		Args:  exactly(0, "no arguments"),
		RunE: func(*cobra.Command, []string) error {
			infos := configs.List(configs.Shipped, a.table.Kinds())
			made := pipelines.List(configs.Pipelines())
			switch format {
			case "json":
				for i := range made {
					made[i].Group = "pipelines"
				}
				return asJSON(a.out, append(infos, made...))
			case "text":
				return printInfos(a.out, infos, made)
			}
			return usage(fmt.Errorf("--format %s: text or json", format))
		},
	}
	cmd.Flags().StringVar(&format, "format", format, "text or json")
	return cmd
}

func printInfos(w io.Writer, infos, made []configs.Info) error {
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	for _, i := range infos {
		fmt.Fprintf(t, "%s\t%s\n", i.Name, i.Title)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	fmt.Fprintln(w, "\npipelines, which make data sets:")
	for _, i := range made {
		fmt.Fprintf(t, "%s\t%s\n", i.Name, i.Title)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintln(w, "\ncollapse run NAME runs one; collapse show NAME prints its claim and what it will do; collapse generate NAME makes the data set of a pipeline.")
	return err
}

func asJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}
