package loop

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"modelcollapse/generate"
	"modelcollapse/generate/llm"
)

// accounts are the servers that this process calls, by their journal: limits and budgets are those of an account, so all arms and
// cells of the process share them.
var accounts ledger

type ledger struct {
	mutex sync.Mutex
	open  map[string]*account
}

// An account is a client and how many fits use it.
type account struct {
	*llm.Client
	journal   string
	temporary string // a folder that goes with it; empty: the journal belongs to a run
	users     int
}

// of is the account of a server in a folder that cells share; empty: one of its own, of which nothing survives.
func (l *ledger) of(s Server, folder string) (*account, error) {
	a := account{}
	if folder == "" {
		dir, err := os.MkdirTemp("", "collapse-")
		if err != nil {
			return nil, err
		}
		a.temporary, folder = dir, dir
	}
	a.journal = filepath.Join(folder, s.name()+".calls.jsonl")
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if old := l.open[a.journal]; old != nil {
		old.users++
		return old, nil
	}
	c, err := llm.Open(s.Endpoint, llm.Options{Budget: s.Budget, Journal: a.journal})
	if err != nil {
		return nil, paused(err)
	}
	if l.open == nil {
		l.open = map[string]*account{}
	}
	a.Client, a.users = c, 1
	l.open[a.journal] = &a
	return &a, nil
}

// close ends the account when nobody uses it any more.
func (l *ledger) close(a *account) error {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if a.users--; a.users > 0 {
		return nil
	}
	delete(l.open, a.journal)
	err := a.Client.Close()
	if a.temporary != "" {
		err = errors.Join(err, os.RemoveAll(a.temporary))
	}
	return err
}

// name tells servers apart in file names: what is called, not how fast or at what price.
func (s Server) name() string {
	b, err := json.Marshal([]any{s.BaseURL, s.Model, s.API, s.Body})
	if err != nil { // of values that came from a config there is none
		b = []byte(s.BaseURL + s.Model)
	}
	return fmt.Sprintf("%.6x", sha256.Sum256(b))
}

// sharedOf is the folder that the cells of a task's run share; empty where there is no run.
func sharedOf(t generate.Task[generate.Tokens]) (string, error) {
	if t.Shared == nil {
		return "", nil
	}
	return t.Shared()
}

// paused marks a budget that is reached, a server that is away, or a key that is not there, as what it is to the engine.
func paused(err error) error {
	if errors.Is(err, llm.ErrBudget) || errors.Is(err, llm.ErrAway) || errors.Is(err, llm.ErrKey) {
		return fmt.Errorf("%w: %w", generate.ErrPaused, err)
	}
	return err
}
