package loop

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
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
	how       Server
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
		if !reflect.DeepEqual(old.how, s.how()) {
			return nil, errors.New("arms that call the same model of a server share its account: they cannot differ in key_env, timeout, attempts, limits, prices, energy, profile or budget")
		}
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
	a.Client, a.how, a.users = c, s.how(), 1
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

// how is a server less what each call says by itself.
func (s Server) how() Server {
	s.Sampling = llm.Sampling{}
	return s
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

// stillThere is nil where the journal of a stored fit is where it was. A run that was moved takes its journal along, so that its chains
// are made again from their beginning, of answers that are paid for: an fs.ErrNotExist says so to the engine.
func stillThere(folder string) error {
	if folder == "" {
		return nil
	}
	if _, err := os.Stat(folder); err != nil {
		return fmt.Errorf("the answers of a stored fit: %w", err)
	}
	return nil
}

// paused marks what no cell has failed at as what it is to the engine: a budget that is reached, a server that is away or refuses
// everybody, a key that is not there.
func paused(err error) error {
	for _, pause := range []error{llm.ErrBudget, llm.ErrAway, llm.ErrRefused, llm.ErrKey} {
		if errors.Is(err, pause) {
			return fmt.Errorf("%w: %w", generate.ErrPaused, err)
		}
	}
	return err
}
