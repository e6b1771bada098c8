package cli

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

// grace is how long the second Ctrl-C waits for a fit that does not look whether it should end.
const grace = 500 * time.Millisecond

// A running is what an interrupt finds under way, and what is not lost of it.
type running struct{ what, saved string }

var (
	underGenerations = running{"generations", "finished cells are saved"}
	underCalls       = running{"calls", "every answer that came is kept"}
)

// interrupts turns the first Ctrl-C into "finish what is running and save", the second into "stop now".
func (a *app) interrupts(ctx context.Context, under running) (<-chan struct{}, context.Context, func()) {
	signals, stop, end := make(chan os.Signal, 3), make(chan struct{}), make(chan struct{})
	ctx, cancel := context.WithCancel(ctx)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		select {
		case <-signals:
		case <-end:
			return
		}
		close(stop)
		fmt.Fprintln(a.err, "\nfinishing the running "+under.what+", then saving; Ctrl-C again stops now")
		select {
		case <-signals:
			cancel()
		case <-end:
			return
		}
		select {
		case <-signals:
		case <-time.After(grace):
		case <-end:
			return
		}
		a.abandon(under.saved)
	}()
	return stop, ctx, func() { signal.Stop(signals); close(end); cancel() }
}

// abandon ends the program while something is running, which loses no more than kill -9 does: nothing that is sealed.
func (a *app) abandon(saved string) {
	fmt.Fprintf(a.err, "collapse: interrupted: %s; the same command goes on: %s\n", saved, a.again())
	os.Exit(exitInterrupted)
}

func closed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// again is the command line of this call.
func (a *app) again() string {
	words := []string{"collapse"}
	for _, arg := range a.args {
		words = append(words, word(arg))
	}
	return strings.Join(words, " ")
}

// word is an argument as a shell reads it.
func word(s string) string {
	plain := func(c rune) bool {
		return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.ContainsRune("-_./=,:@+%", c)
	}
	if s != "" && strings.TrimFunc(s, plain) == "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// when calls do as soon as stop is closed, unless end was called before.
func when(stop <-chan struct{}, do func()) (end func()) {
	ended := make(chan struct{})
	go func() {
		select {
		case <-stop:
			do()
		case <-ended:
		}
	}()
	return func() { close(ended) }
}
