// Package cli is the command line: one file a verb.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"modelcollapse/configs"
	"modelcollapse/experiments"
)

// The exit codes, for scripts.
const (
	exitOK          = 0
	exitInternal    = 1
	exitUsage       = 2
	exitFailedCells = 3
	exitRejected    = 4
	exitInterrupted = 130
)

// An app is one call of the program: its streams, and the names that a config may use.
type app struct {
	in       io.Reader
	out, err io.Writer
	table    experiments.Table
	root     string // the folder that holds run folders
	args     []string
}

// A coded error says with which code the program ends; its message is printed unless it is silent.
type coded struct {
	error
	code int
}

func (c coded) Unwrap() error { return c.error }

// usage marks an error as the caller's.
func usage(err error) error {
	if err == nil {
		return nil
	}
	return coded{err, exitUsage}
}

// Main is the command line of a table of names: it reads the arguments and ends the process. A program with families,
// metrics or interventions of its own takes experiments.Names, adds a line for each, and calls Main.
func Main(t experiments.Table) { os.Exit(process(t)) }

// process is the program as a process of its own. net/http prints what servers send beyond an answer, which may hold a key.
func process(t experiments.Table) int {
	log.SetOutput(io.Discard)
	return Run(context.Background(), t, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
}

// Run is the whole program: it writes answers to stdout, messages and progress to stderr, and returns the exit code.
func Run(ctx context.Context, t experiments.Table, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	a := &app{in: stdin, out: stdout, err: stderr, table: t, root: "results", args: args}
	return a.run(ctx)
}

func (a *app) run(ctx context.Context) (code int) {
	defer func() {
		if p := recover(); p != nil {
			fmt.Fprintf(a.err, "collapse: internal error: %v: this is a mistake of the program; please report it with the config and this:\n%s", p, debug.Stack())
			code = exitInternal
		}
	}()
	cmd := a.command()
	cmd.SetArgs(a.args)
	cmd.SetIn(a.in)
	cmd.SetOut(a.out)
	cmd.SetErr(a.err)
	err := cmd.ExecuteContext(ctx)
	if err == nil {
		return exitOK
	}
	if text := strings.TrimSpace(err.Error()); text != "" {
		fmt.Fprintf(a.err, "collapse: %s\n", text)
	}
	var c coded
	if errors.As(err, &c) {
		return c.code
	}
	return exitInternal
}

// command is the tree of verbs; each stands in a file of its own.
func (a *app) command() *cobra.Command {
	root := &cobra.Command{
		Use:           "collapse",
		Short:         "Measure what training on synthetic data does to a distribution",
		Long:          "collapse runs configured experiments on synthetic data and model collapse:\none YAML file, generations of models, what each lost, and the exact theory laid over it.",
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return cmd.Help()
			}
			return usage(fmt.Errorf("unknown command %q%s", args[0], hint(args[0], verbs(cmd))))
		},
	}
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usage(fmt.Errorf("%w; see %s --help", err, cmd.CommandPath()))
	})
	root.AddCommand(a.runVerb(), a.listVerb(), a.showVerb(), a.statusVerb(), a.plotVerb(), a.compareVerb(), a.verifyVerb(), a.measureVerb(), a.generateVerb(), a.traceVerb(), a.auditVerb(), a.probeVerb(), a.serveModelVerb(), a.configVerb(), a.newVerb(), a.costVerb(), a.versionVerb())
	return root
}

func verbs(cmd *cobra.Command) (names []string) {
	for _, c := range cmd.Commands() {
		names = append(names, c.Name())
	}
	return names
}

// hint is a suggestion after an unknown name, or nothing.
func hint(name string, known []string) string {
	if near := configs.Nearest(name, known); near != "" {
		return fmt.Sprintf("; did you mean %q?", near)
	}
	return ""
}

// atLeast is cobra.MinimumNArgs with an error of ours.
func atLeast(n int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) < n {
			return usage(fmt.Errorf("%s takes %s; see %s --help", cmd.CommandPath(), what, cmd.CommandPath()))
		}
		return nil
	}
}

// exactly is cobra.ExactArgs with an error of ours.
func exactly(n int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) != n {
			return usage(fmt.Errorf("%s takes %s; see %s --help", cmd.CommandPath(), what, cmd.CommandPath()))
		}
		return nil
	}
}
