package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"modelcollapse/configs"
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
			switch format {
			case "json":
				return asJSON(a.out, infos)
			case "text":
				return printInfos(a.out, infos)
			}
			return usage(fmt.Errorf("--format %s: text or json", format))
		},
	}
	cmd.Flags().StringVar(&format, "format", format, "text or json")
	return cmd
}

func printInfos(w io.Writer, infos []configs.Info) error {
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	for _, i := range infos {
		fmt.Fprintf(t, "%s\t%s\n", i.Name, i.Title)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintln(w, "\ncollapse run NAME runs one; collapse show NAME prints its claim and what it will do.")
	return err
}

func asJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}
