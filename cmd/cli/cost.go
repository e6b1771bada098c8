package cli

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"modelcollapse/experiments/costs"
)

// costVerb compares what ways of making the same data cost.
func (a *app) costVerb() *cobra.Command {
	format, asjson := "text", false
	cmd := &cobra.Command{
		Use:   "cost CONFIG [key=value …]",
		Short: "Compare what ways of making the same data cost: money, hours, energy, carbon",
		Long: "Reads a comparison (a path, or hf-cost-and-carbon) and prints a row an option. What a config does not state stays blank.\n" +
			"What a pipeline would cost is said by collapse generate CONFIG --dry-run, and what it did cost in its report.",
		Example: "  collapse cost hf-cost-and-carbon\n  collapse cost my.yaml items=50000 --format md",
		Args:    atLeast(1, "a comparison: a path, or hf-cost-and-carbon"),
		RunE: func(_ *cobra.Command, args []string) error {
			l, err := costs.Load(args[0], args[1:])
			if err != nil {
				return usage(err)
			}
			rows := costs.Table(l.Config)
			switch {
			case asjson || format == "json":
				return asJSON(a.out, rows)
			case format == "md":
				return markdownCosts(a.out, l.Config, rows)
			case format == "text":
				return textCosts(a.out, l.Config, rows)
			}
			return errf("cost: --format %s: text, md or json", format)
		},
	}
	cmd.Flags().StringVar(&format, "format", format, "text, md or json")
	cmd.Flags().BoolVar(&asjson, "json", false, "print JSON, as --format json")
	return cmd
}

var costColumns = []string{"option", "money", "hours", "kWh", "kg CO2", "money ×", "CO2 ×"}

// costCells are the columns of a row; what is unknown is blank.
func costCells(r costs.Row) []string {
	return []string{r.Option, single(r.Money), single(r.Hours), span(r.Energy), span(r.Carbon), single(r.Dearer), span(r.Dirty)}
}

func textCosts(w io.Writer, c costs.Config, rows []costs.Row) error {
	fmt.Fprintf(w, "%s\n%s %s\n\n", c.Title, digits(c.Items, 7), c.Unit)
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	fmt.Fprintln(t, strings.Join(costColumns, "\t"))
	for _, r := range rows {
		fmt.Fprintln(t, strings.Join(append(costCells(r), r.Note), "\t"))
	}
	return t.Flush()
}

func markdownCosts(w io.Writer, c costs.Config, rows []costs.Row) error {
	fmt.Fprintf(w, "%s (%s %s)\n\n| %s |\n|%s\n", c.Title, digits(c.Items, 7), c.Unit, strings.Join(costColumns, " | "), strings.Repeat("---|", len(costColumns)))
	for _, r := range rows {
		cells := costCells(r)
		for i := range cells {
			cells[i] = strings.ReplaceAll(cells[i], "|", `\|`)
		}
		if _, err := fmt.Fprintf(w, "| %s |\n", strings.Join(cells, " | ")); err != nil {
			return err
		}
	}
	return nil
}

func single(x *float64) string {
	if x == nil {
		return ""
	}
	return digits(*x, 4)
}

func span(r *costs.Range) string {
	if r == nil {
		return ""
	}
	if r.Least == r.Most {
		return digits(r.Least, 4)
	}
	return digits(r.Least, 4) + "–" + digits(r.Most, 4)
}

// digits are n significant ones, without an exponent.
func digits(x float64, n int) string {
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', n, 64), 64)
	if err != nil {
		return fmt.Sprint(x)
	}
	return strconv.FormatFloat(rounded, 'f', -1, 64)
}
