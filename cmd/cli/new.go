package cli

import (
	_ "embed"
	"io"

	"github.com/spf13/cobra"
)

// The drivers that new prints: whole programs that run.
var (
	//go:embed drivers/model.py
	pythonDriver string
	//go:embed drivers/model.go.txt
	goDriver string
	//go:embed drivers/model.sh
	shellDriver string
)

// newVerb prints the beginning of something of the user's own.
func (a *app) newVerb() *cobra.Command {
	lang := "python"
	model := &cobra.Command{
		Use:   "model",
		Short: "Print a program that is a model: a driver that runs, to be changed",
		Long: "Prints a whole program for model: {kind: command, run: [PROGRAM]}: it is called with describe, fit, sample and score, and\n" +
			"reads and writes lines of JSON in files that the environment names (package generate/command says all of it).",
		Example: "  collapse new model > model.py\n  collapse run my.yaml model.kind=command 'model.run=[python3, model.py]'",
		Args:    exactly(0, "nothing"),
		RunE: func(*cobra.Command, []string) error {
			text, ok := map[string]string{"python": pythonDriver, "go": goDriver, "shell": shellDriver}[lang]
			if !ok {
				return errf("--lang %s: python, go or shell", lang)
			}
			_, err := io.WriteString(a.out, text)
			return err
		},
	}
	model.Flags().StringVar(&lang, "lang", lang, "python, go or shell")
	cmd := &cobra.Command{Use: "new", Short: "Print the beginning of a model of your own", RunE: func(cmd *cobra.Command, args []string) error {
		if len(args) > 0 {
			return errf("unknown command %q for %s%s", args[0], cmd.CommandPath(), hint(args[0], verbs(cmd)))
		}
		return cmd.Help()
	}}
	cmd.AddCommand(model)
	return cmd
}
